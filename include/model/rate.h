/* Docker Hub's rate limit headers: https://docs.docker.com/docker-hub/usage/pulls/ */
#pragma once
#include "model/evidence.h"

struct rate {
	int64_t limit;
	int64_t left;
	int64_t window; /* seconds; 0: not told */
};

/* "ratelimit-limit: 100;w=21600" and "ratelimit-remaining: 96;w=21600". False: they are not there,
 * or not such. */
bool rate_parse(struct text limit, struct text left, struct rate *out);

/* "4 of 100 pulls used in 6 h, 96 left", of a step that saw them; else empty */
struct text rate_words(struct arena *arena, const struct step *step);
