/* Explains an error text alone, honestly: what today's pullers print. Pure. */
#pragma once
#include "model/finding.h"

struct explanation {
	struct finding finding; /* without rule and steps */
	bool has_stage;		/* the text tells where it happened */
	struct text next;	/* the `pullprobe check` line to run; empty where it is no pull */
};

struct explanation error_text_explain(struct arena *arena, struct text error_text);
