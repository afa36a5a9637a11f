/* The verdict in one line, the same in every report. */
#pragma once
#include "model/finding.h"

/* "The pull breaks at tcp of s3: s3.no_route (likely)" */
struct text verdict_line(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis);

/* the finding that the verdict rests on, or NULL */
const struct finding *verdict_finding(const struct diagnosis *diagnosis);
