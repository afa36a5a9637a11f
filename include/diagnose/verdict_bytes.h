/* A verdict as exit codes, for a task whose log and report cannot leave its subnet: ECS tells one
 * byte of each container. The first is the exit code of check, nine further ones are a number:
 *
 *     rule, stage, endpoint and symptom   an index in the list of those that have the exit code; of
 *                                         other services than the pull's without the symptom,
 *                                         where the rule has several
 *     HTTP status                         or, before there is one, which of the pull's endpoints
 *                                         share the finding
 *     address of the peer                 IPv4, also one that a NAT64 wraps, whole; of another IPv6
 *                                         address the last four bytes: "*:34d8:a"
 *     "the same"                          who knows the image and the task says the report's fix
 *
 * Two check bytes follow, a Reed-Solomon code: up to two containers that say something else, as one
 * that was killed does (137, 143), are found for certain, more of them but for one in 65,536. The
 * code begins with a hash of the rules, so codes of other rules are refused, but for one in 65,536
 * too. */
#pragma once
#include "model/finding.h"

enum { VERDICT_CODES = 10 };

/* False: `complaint` says why this report has no such codes: --stage was asked, or its verdict is
 * of a configuration. */
bool verdict_bytes_make(struct arena *arena, const struct evidence *evidence,
	const struct diagnosis *diagnosis, uint8_t codes[VERDICT_CODES], struct text *complaint);

/* Adds failed steps to the evidence, of which `diagnose` makes the same verdict. The evidence has
 * the target and of the vantage the principal (or the role's ARN) and the address, as far as the
 * reader knows them: for what is missing the advice has general words, "ROLE". `is_same`: a reader
 * who knows all that says the report's fix, word for word. False: `complaint`, and nothing was
 * added. */
bool verdict_bytes_read(struct arena *arena, const uint8_t codes[VERDICT_CODES],
	struct evidence *evidence, bool *is_same, struct text *complaint);
