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
