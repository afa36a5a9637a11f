/* From evidence to findings. Pure: the same evidence gives the same findings, anywhere. */
#pragma once
#include "model/finding.h"

/* Every failed step of the path has exactly one finding; steps that fail alike at one host share
 * it, and so do those of several endpoints that one cause breaks (enum rule_shared). First what
 * breaks the pull in walking order (the first of these is the verdict), then what breaks beside it
 * (--also), then warnings and notes. */
struct diagnosis diagnose(struct arena *arena, const struct evidence *evidence);

/* verdict.c: sets the verdict and the exit code, by the findings in their order. */
void verdict_set(struct diagnosis *diagnosis, const struct evidence *evidence);
/* a step of the path itself that failed on its own account */
bool step_failed(const struct step *step);

/* A row of docs/causes.md for each rule. Walks all tables; false after the last. */
struct rule_entry {
	struct text id;
	enum stage stage;
	enum severity severity;
	enum cause cause;
	enum certainty certainty;
	struct text says;
	struct text verify;
	struct text fix;
};
bool rule_at(size_t index, struct rule_entry *out);
