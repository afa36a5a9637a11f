/* Explains an error text alone, honestly: what today's pullers print. Pure. */
#pragma once
#include "model/finding.h"

struct explanation {
	enum cause cause; /* the likeliest */
	enum certainty certainty;
	enum cause *alternatives;
	size_t alternative_count;
	bool has_stage;
	enum stage stage;
	enum endpoint_kind endpoint;
	struct text says;
	struct text verify;
	struct texts fix;
	struct texts confirm;
	struct text next; /* the `pullprobe check` line to run */
};

struct explanation error_text_explain(struct arena *arena, struct text error_text);
