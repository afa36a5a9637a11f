/* What the reports say alike: quantities as a person reads them, the verdict in one line, and what
 * a step saw in a few words. */
#include "model/registry.h"
#include "report/report.h"

struct text units_time(struct arena *arena, int64_t us)
{
	double ms = (double)us / 1000;
	if (ms < 9.95)
		return text_format(arena, "%.1f ms", ms);
	if (ms < 999.5)
		return text_format(arena, "%.0f ms", ms);
	return text_format(arena, "%.1f s", ms / 1000);
}

struct text units_bytes(struct arena *arena, int64_t bytes)
{
	static const char *const names[] = {"kB", "MB", "GB", "TB"};
	double value = (double)bytes / 1000;
	size_t name = 0;
	if (bytes < 1000)
		return text_format(arena, "%lld B", (long long)bytes);
	while (value >= 999.95 && name < 3) {
		value /= 1000;
		name++;
	}
	return text_format(arena, "%.1f %s", value, names[name]);
}

struct text units_digest(struct text digest)
{
	return text_starts(digest, T("sha256:")) ? text_head(digest, 7 + 12) : digest;
}

struct text units_count(struct arena *arena, size_t count, const char *noun)
{
	return text_format(arena, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

struct text units_list(struct arena *arena, struct texts list, size_t few)
{
	struct buffer out = {.arena = arena};
	/* one more takes no more room than saying so */
	size_t shown = list.count <= few || list.count - 1 == few ? list.count : few;
	for (size_t i = 0; i < shown; i++) {
		bool last = i + 1 == list.count;
		buffer_addf(&out, "%s%.*s", i == 0 ? "" : last ? " and " : ", ", TEXT(list.at[i]));
	}
	if (shown < list.count)
		buffer_addf(&out, " and %zu more", list.count - shown);
	return buffer_text(&out);
}

const struct finding *verdict_finding(const struct diagnosis *diagnosis)
{
	bool breaks = diagnosis->pull == PULL_BREAKS && diagnosis->verdict < diagnosis->count;
	return breaks ? &diagnosis->findings[diagnosis->verdict] : NULL;
}

struct text alternatives_heading(enum certainty certainty)
{
	return certainty == CERTAINTY_OPEN ? T("Equally possible:") : T("Could also be:");
}

static struct text works_line(struct arena *arena, const struct diagnosis *diagnosis)
{
	size_t warnings = 0;
	for (size_t i = 0; i < diagnosis->count; i++)
		warnings += diagnosis->findings[i].severity == SEVERITY_WARNING;
	return warnings ? text_format(arena, "The pull works, with %.*s",
				  TEXT(units_count(arena, warnings, "warning")))
			: T("The pull works");
}

struct text verdict_line(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	const struct finding *finding = verdict_finding(diagnosis);
	bool beside = finding && endpoint_use(finding->endpoint) != USED_BY_PULL;
	bool starts = finding && endpoint_order(finding->endpoint) != ENDPOINT_ORDER_NONE;
	if (finding)
		return text_format(arena, "%s at %.*s of %.*s: %.*s (%.*s)",
			!beside		 ? "The pull breaks"
				: starts ? "The task's start breaks"
					 : "A service beside the pull breaks",
			TEXT(stage_name(finding->stage)),
			TEXT(endpoint_kind_name(finding->endpoint)),
			TEXT(cause_name(finding->cause)), TEXT(certainty_name(finding->certainty)));
	if (diagnosis->pull == PULL_WORKS)
		return works_line(arena, diagnosis);
	if (diagnosis->pull == PULL_BREAKS)
		return T("The pull breaks");
	if (evidence->stage_asked && diagnosis->exit_code == EXIT_WORKS)
		return text_format(arena, "The pull works up to %.*s; what follows was not checked",
			TEXT(stage_name(evidence->stage)));
	if (evidence->interrupted)
		return T("Unknown whether the pull works: the run ended before the check was "
			 "complete");
	return T("Unknown whether the pull works: part of the path was not checked");
}

/* a step: each fact that is shown is a row, in the order of the words -----------------------------
 */

/* which outcome a fact is shown of */
enum when { PASSED = 1, FAILED = 2, EITHER = 3 };

enum { FEW = 3, ANY = STAGE_COUNT };

static const struct shown_fact {
	enum fact fact;
	int stage; /* or ANY */
	enum when when;
	const char *before, *after;
} shown_facts[] = {
	{FACT_ADDRESSES, ANY, PASSED, "", ""},
	{FACT_SERVER, STAGE_DNS, PASSED, "from ", ""},
	{FACT_SILENT_SERVERS, STAGE_DNS, EITHER, "silent: ", ""},
	{FACT_ERRNO, STAGE_TCP, FAILED, "", ""},
	{FACT_HOP, STAGE_TCP, FAILED, "reported by ", ""},
	{FACT_TRIES, STAGE_TCP, EITHER, "", " tries"},
	{FACT_PASSED_TRIES, STAGE_TCP, EITHER, "", " passed"},
	{FACT_PASSED_PORTS, STAGE_TCP, EITHER, "source ports that passed: ", ""},
	{FACT_FAILED_PORTS, STAGE_TCP, EITHER, "that failed: ", ""},
	{FACT_VERSION, STAGE_TLS, PASSED, "", ""},
	{FACT_ANCHOR, STAGE_TLS, PASSED, "CA: ", ""},
	{FACT_PEER_BYTES, STAGE_TLS, FAILED, "", " bytes came back"},
	{FACT_ALERT, STAGE_TLS, FAILED, "alert ", ""},
	{FACT_ISSUER, STAGE_TLS, FAILED, "issued by ", ""},
	{FACT_NAMES, STAGE_TLS, FAILED, "for ", ""},
	{FACT_NOT_AFTER, STAGE_TLS, FAILED, "valid until ", ""},
	{FACT_MSS, ANY, EITHER, "MSS ", ""},
	{FACT_LARGEST_PASSED, ANY, EITHER, "largest that passed: ", ""},
	{FACT_SOURCE, STAGE_CREDENTIALS, EITHER, "", ""},
	{FACT_PASSED_OVER, STAGE_CREDENTIALS, FAILED, "", ""},
	{FACT_URI, STAGE_CREDENTIALS, FAILED, "asked ", ""},
	{FACT_PRINCIPAL, STAGE_CREDENTIALS, PASSED, "", ""},
	{FACT_SCHEME, STAGE_TOKEN, PASSED, "sign-in: ", ""},
	{FACT_EXPIRES, STAGE_TOKEN, PASSED, "until ", ""},
	{FACT_FOUND_DIGEST, ANY, FAILED, "got ", ""},
	{FACT_PLATFORMS, STAGE_MANIFEST, EITHER, "for ", ""},
	{FACT_LAYER_COUNT, STAGE_MANIFEST, PASSED, "", ""},
	{FACT_LAYER_BYTES, STAGE_MANIFEST, PASSED, "", ""},
	{FACT_RATE_LIMIT, ANY, EITHER, "", ""},
	{FACT_SERVED_BY, STAGE_LAYERS, PASSED, "served by ", ""},
	{FACT_STATUS, STAGE_HTTP, PASSED, "HTTP ", ""},
	{FACT_STATUS, ANY, FAILED, "HTTP ", ""},
	{FACT_SIZE, STAGE_LAYERS, EITHER, "", ""},
	{FACT_BYTES, STAGE_LAYERS, FAILED, "got ", ""},
	{FACT_SERVER, STAGE_HTTP, FAILED, "server ", ""},
	{FACT_SERVER, STAGE_LAYERS, FAILED, "server ", ""},
	{FACT_VIA, ANY, FAILED, "via ", ""},
	{FACT_LOCATION, ANY, FAILED, "redirected to ", ""},
	{FACT_ERROR_CODE, ANY, FAILED, "", ""},
	{FACT_ERROR_TEXT, ANY, FAILED, "", ""},
	{FACT_POLICY, ANY, FAILED, "by ", " policy"},
	{FACT_CLOCK_OFFSET, ANY, FAILED, "the server's clock minus ours: ", " s"},
	{FACT_CALL, ANY, EITHER, "", ""},
	{FACT_WANTED, ANY, EITHER, "of ", ""},
	{FACT_NEEDS, ANY, EITHER, "needs in order: ", ""},
	{FACT_OTHER_IMAGES, ANY, EITHER, "not walked: ", ""},
	{FACT_UNCHECKED, ANY, EITHER, "not checked: ", ""},
	{FACT_NEAREST, ANY, EITHER, "nearest: ", ""},
	{FACT_FOUND, ANY, EITHER, "available: ", ""},
};

static struct text value(struct arena *arena, const struct step *step, enum fact fact)
{
	struct text text = seen_text(step, fact);
	int64_t number = seen_number(step, fact);
	if (fact == FACT_SIZE || fact == FACT_BYTES || fact == FACT_LAYER_BYTES)
		return units_bytes(arena, number);
	if (fact == FACT_RATE_LIMIT)
		return rate_words(arena, step);
	if (fact == FACT_LAYER_COUNT)
		return units_count(arena, (size_t)number, "layer");
	if (fact == FACT_FOUND_DIGEST)
		return units_digest(text);
	if (fact == FACT_NEEDS)
		return units_list(arena, seen_list(step, fact), SIZE_MAX);
	if (fact_kind(fact) == FACT_KIND_LIST)
		return units_list(arena, seen_list(step, fact), FEW);
	if (fact_kind(fact) == FACT_KIND_TEXT)
		return text;
	return text_format(arena, "%lld", (long long)number);
}

static bool is_shown(const struct shown_fact *row, const struct step *step)
{
	/* that there are no credentials is no failure where anonymous callers are served */
	bool anonymous = text_equal(seen_text(step, FACT_SOURCE), T("anonymous"));
	enum when now = step->outcome == OUTCOME_PASSED && !anonymous ? PASSED : FAILED;
	struct text text = seen_text(step, row->fact);
	return step->outcome != OUTCOME_SKIPPED && (row->when & now) &&
		(row->stage == ANY || row->stage == (int)step->stage) &&
		seen_at_all(step, row->fact) && (!text.len || !text_holds(step->detail, text));
}

static void add(struct buffer *out, const char *before, struct text t, const char *after)
{
	if (t.len)
		buffer_addf(out, "%s%s%.*s%s", out->len ? ", " : "", before, TEXT(t), after);
}

/* "layer sha256:0123456789ab, 52.216.0.10:443" */
static void add_subject(struct buffer *out, const struct step *step, bool with_host)
{
	struct text document = seen_text(step, FACT_DOCUMENT);
	struct text digest = units_digest(seen_text(step, FACT_DIGEST));
	/* of a stage that passed, the tcp stage shows the peer; of dns, the facts show the server
	 */
	bool known = step->outcome == OUTCOME_PASSED && step->stage != STAGE_TCP && !with_host;
	struct text peer = known ? T("") : step->peer;
	buffer_addf(out, "%.*s%s%.*s", TEXT(document), document.len && digest.len ? " " : "",
		TEXT(digest));
	if (with_host && step->host.len && peer.len)
		add(out, "", text_format(out->arena, "%.*s at %.*s", TEXT(step->host), TEXT(peer)),
			"");
	else
		add(out, "", with_host && step->host.len ? step->host : peer, "");
}

/* the symptom's name and the error text; of a skipped step the reason, without the host, which the
 * report shows above: "tcp failed: timeout" */
static void add_symptom(struct buffer *out, const struct step *step, bool with_host)
{
	struct text detail = step->detail;
	struct text host = text_format(out->arena, " to %.*s ", TEXT(step->host));
	size_t at = text_find(detail, host);
	if (step->outcome == OUTCOME_PASSED)
		return;
	if (step->outcome == OUTCOME_FAILED)
		detail = text_format(out->arena, "%.*s%s%.*s", TEXT(symptom_name(step->symptom)),
			detail.len ? ": " : "", TEXT(detail));
	else if (!detail.len)
		detail = list_meaning(LIST_SYMPTOM, step->symptom);
	else if (!with_host && step->host.len && at < detail.len)
		detail = text_format(out->arena, "%.*s %.*s", TEXT(text_head(detail, at)),
			TEXT(text_skip(detail, at + host.len)));
	add(out, "", detail, "");
}

static void add_facts(struct buffer *out, const struct step *step, bool with_size)
{
	for (size_t i = 0; i < sizeof shown_facts / sizeof *shown_facts; i++) {
		const struct shown_fact *row = &shown_facts[i];
		if (is_shown(row, step) && (with_size || row->fact != FACT_SIZE))
			add(out, row->before, value(out->arena, step, row->fact), row->after);
	}
}

struct text step_words(struct arena *arena, const struct step *step, bool with_host)
{
	struct buffer out = {.arena = arena};
	add_subject(&out, step, with_host);
	add_symptom(&out, step, with_host);
	add_facts(&out, step, true);
	return buffer_text(&out);
}

struct text step_words_in_common(struct arena *arena, const struct step *step)
{
	struct buffer out = {.arena = arena};
	add_symptom(&out, step, false);
	add_facts(&out, step, false);
	/* the key of a layer's object: arn:aws:s3:::BUCKET/KEY */
	struct text words = buffer_text(&out);
	struct text rest = text_skip(words, text_find(words, T(":s3:::")));
	rest = text_skip(rest, text_find(rest, T("/")));
	if (rest.len == 0)
		return words;
	struct text before = text_head(words, words.len - rest.len);
	return text_format(arena, "%.*s/...%.*s", TEXT(before),
		TEXT(text_skip(rest, text_find(rest, T(" ")))));
}
