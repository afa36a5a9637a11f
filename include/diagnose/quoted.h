/* Explains an error text alone, honestly: what today's pullers print. Pure. */
#pragma once
#include "model/finding.h"

struct quoted {
	enum class class; /* the likeliest */
	enum certainty certainty;
	enum class *alternatives;
	size_t alternative_count;
	bool has_stage;
	enum stage stage;
	enum role role;
	struct text says;
	struct text decide;
	struct texts fix;
	struct texts confirm;
	struct text next; /* the `pullprobe check` line to run */
};

struct quoted quoted_explain(struct arena *arena, struct text error_text);
