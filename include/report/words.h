/* What the reports say alike: quantities, what a step saw, and the verdict in one line. */
#pragma once
#include "model/finding.h"

/* "0.4 ms", "412 ms", "5.0 s" */
struct text units_time(struct arena *arena, int64_t us);

/* "512 B", "12.3 MB"; decimal, as registries count */
struct text units_bytes(struct arena *arena, int64_t bytes);

/* "sha256:" and twelve digits, which is how container tools abbreviate; others as they are */
struct text units_digest(struct text digest);

/* "1 layer", "30 layers" */
struct text units_count(struct arena *arena, size_t count, const char *noun);

/* the first few of a list, and how many more: "a, b and c", "a, b and 7 more" */
struct text units_list(struct arena *arena, struct texts list, size_t few);

/* "52.216.0.10:443, timeout: no answer for 5 s": peer, symptom and the facts that matter. The
 * host is left out unless `with_host`, since it stands above. */
struct text step_words(struct arena *arena, const struct step *step, bool with_host);

/* The same without what differs between the addresses or blobs of one stage: peer, digest, size and
 * the key of a blob's object. */
struct text step_words_in_common(struct arena *arena, const struct step *step);

/* "The pull breaks at tcp of s3: s3.no_route (likely)" */
struct text verdict_line(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis);

/* "Could also be:", or of an open finding "Equally possible:" */
struct text alternatives_heading(enum certainty certainty);

/* headings of a finding's parts, in text and on the page */
#define VERIFY_HEADING "What would decide"
#define CONFIRM_HEADING "To confirm it from outside"

/* the finding that the verdict rests on, or NULL */
const struct finding *verdict_finding(const struct diagnosis *diagnosis);
