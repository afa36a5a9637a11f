/* What a step saw, in a few words: each fact that is shown is a row, in the order of the words. */
#include "base/arena.h"
#include "model/registry.h"
#include "report/report.h"

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
