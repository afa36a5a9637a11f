/* A report for a person or for a program. */
#pragma once
#include "model/finding.h"
#include <jansson.h>

struct report_style {
	bool colour;
	bool markdown; /* for a ticket or a pull request: neither width nor colour */
	int columns;   /* width to keep to */
};

/* text for a person in a hurry: verdict, what to do, the connectivity, other findings */
struct text report_text(struct arena *arena, const struct evidence *evidence,
	const struct diagnosis *diagnosis, const struct report_style *style);

/* Its beginning, the verdict and what to do, in at most SUMMARY_BYTES: as much as Kubernetes keeps
 * of a termination message. */
enum { SUMMARY_BYTES = 4096 };
struct text report_summary(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis);

/* one line of JSON, schema pullprobe.report.v1, ended by a newline */
struct text report_json(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis);

/* the report as a JSON value, which the caller owns */
json_t *report_value(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis);

/* What was judged, as JSON: the same in a report and in a comparison. The caller owns the result.
 */
json_t *causes_json(struct arena *arena, const enum cause *list, size_t count);
json_t *indices_json(const size_t *list, size_t count);
json_t *findings_json(struct arena *arena, const struct diagnosis *diagnosis);
json_t *verdict_json(struct arena *arena, const struct diagnosis *diagnosis);

/* Adds a value as compact ASCII, and uses it up; json_line: as one line, ended by a newline. */
void json_add(struct buffer *out, json_t *value);
struct text json_line(struct arena *arena, json_t *value);

/* What the reports say alike: quantities, what a step saw, and the verdict in one line. */

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
 * host is left out unless `with_host`, since the report shows it above. */
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

/* Made safe for a terminal: control characters, escapes and invalid UTF-8 become visible. */
struct text printable(struct arena *arena, struct text t);

/* what replaces the characters of `marks`, in their order */
struct escapes {
	const char *marks;
	const char *instead[5];
};

extern const struct escapes xml_escapes; /* of text and quoted attributes, in HTML too */

void add_escaped(struct buffer *out, const struct escapes *escapes, struct text t);

/* Adds markup in which each '$' is the next of the values, printable and escaped. */
#define fill(out, escapes, markup, ...) \
	fill_values((out), (escapes), (markup), (const struct text[]){__VA_ARGS__})
void fill_values(struct buffer *out, const struct escapes *escapes, const char *markup,
	const struct text *values);
