/* What an error text says about a pull, and what it leaves open.
 *
 * text -> plain and bare forms -> signs, names, addresses -> a row -> its advice */
#include "diagnose/error_text_parts.h"
#include <string.h>

/* whose call failed: the first sign that was found */
struct caller {
	enum pattern pattern;
	enum endpoint_kind endpoint;
};

static const struct caller callers[] = {
	{PATTERN_ENV_FILE, ENDPOINT_S3},
	{PATTERN_LOGGER, ENDPOINT_LOGS},
	{PATTERN_STARPORT, ENDPOINT_S3},
	{PATTERN_MANIFEST_URL, ENDPOINT_DKR},
	{PATTERN_LAYER_FETCH, ENDPOINT_S3},
	{PATTERN_BLOB, ENDPOINT_S3},
	{PATTERN_API, ENDPOINT_API},
	{PATTERN_AUTHORIZING, ENDPOINT_API},
	{PATTERN_NO_SOURCE, ENDPOINT_CALLER},
	{PATTERN_HELPER_FAILED, ENDPOINT_CALLER},
};

/* a cause of secrets is about the service that keeps them */
static enum endpoint_kind secret_endpoint(const struct reading *reading)
{
	bool ssm = text_holds(reading->bare, T("ssm")) ||
		text_holds(reading->bare, T("parameterstore"));
	return ssm ? ENDPOINT_SSM : ENDPOINT_SECRETSMANAGER;
}

/* "secrets" of "secrets.denied" */
static bool of_family(enum cause cause, struct text family)
{
	struct text name = cause_name(cause);
	return text_equal(text_cut(&name, T(".")), family);
}

static enum endpoint_kind endpoint_of(const struct reading *reading, enum cause cause)
{
	if (of_family(cause, T("secrets")))
		return secret_endpoint(reading);
	if (of_family(cause, T("s3")) || of_family(cause, T("envfile")))
		return ENDPOINT_S3;
	if (of_family(cause, T("logs")))
		return ENDPOINT_LOGS;
	if (error_text_advice(cause)->stage == STAGE_CREDENTIALS)
		return ENDPOINT_CALLER;
	for (size_t i = 0; i < sizeof callers / sizeof *callers; i++)
		if (reading->has[callers[i].pattern] && callers[i].endpoint != ENDPOINT_LOGS)
			return callers[i].endpoint;
	return ENDPOINT_DKR;
}

/* a refusal stands where the refused call stands */
static enum stage stage_of(const struct error_text_advice *advice, enum endpoint_kind kind)
{
	if (advice->stage != STAGE_TOKEN)
		return advice->stage;
	if (kind == ENDPOINT_CALLER)
		return STAGE_CREDENTIALS;
	if (kind == ENDPOINT_DKR)
		return STAGE_MANIFEST;
	return kind == ENDPOINT_S3 ? STAGE_LAYERS : STAGE_TOKEN;
}

static void add_once(struct arena *arena, struct texts *list, struct text line)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->at[i], line))
			return;
	texts_add(arena, list, line);
}

/* lines of an advice are separated by newlines */
static void add_lines(
	struct arena *arena, const struct reading *reading, const char *lines, struct texts *list)
{
	struct text rest = text_of(lines);
	while (rest.len) {
		struct text line = text_cut(&rest, T("\n"));
		add_once(arena, list, error_text_fill(arena, reading, text_string(arena, line)));
	}
}

static void advise(struct arena *arena, const struct reading *reading, enum cause cause,
	struct explanation *explanation)
{
	const struct error_text_advice *advice = error_text_advice(cause);
	add_lines(arena, reading, advice->fix, &explanation->fix);
	add_lines(arena, reading, advice->confirm, &explanation->confirm);
	if (explanation->certainty != CERTAINTY_PROVEN && !explanation->verify.len)
		explanation->verify = error_text_fill(arena, reading, advice->verify);
}

static void add_alternatives(
	struct arena *arena, const struct error_text_row *row, struct explanation *explanation)
{
	explanation->alternatives = arena_new(arena, enum cause, SET_MOST);
	for (size_t i = 1; i < SET_MOST && row->set[i] != CAUSE_NONE; i++)
		explanation->alternatives[explanation->alternative_count++] = row->set[i];
}

/* what --also must name, so that the check asks the same service */
static struct text also(enum endpoint_kind kind)
{
	switch (kind) {
	case ENDPOINT_LOGS:
		return T(" --also logs");
	case ENDPOINT_SECRETSMANAGER:
		return T(" --also secretsmanager");
	case ENDPOINT_SSM:
		return T(" --also ssm");
	default:
		return T("");
	}
}

static struct text next_line(struct arena *arena, const struct reading *reading, enum cause cause)
{
	struct text options = error_text_fill(arena, reading, error_text_advice(cause)->options);
	struct text image = error_text_fill(arena, reading, "{image}");
	return text_format(arena, "pullprobe check%.*s%.*s %.*s", TEXT(also(reading->endpoint)),
		TEXT(options), TEXT(image));
}

struct explanation error_text_explain(struct arena *arena, struct text error_text)
{
	struct reading *reading = arena_new(arena, struct reading, 1);
	reading->plain = error_text_plain(arena, error_text);
	reading->bare = error_text_bare(arena, reading->plain);

	/* what stands in the text */
	error_text_patterns(reading);
	error_text_details(arena, reading);

	/* what it means */
	const struct error_text_row *row = error_text_row(reading);
	struct explanation explanation = {.cause = row->set[0], .certainty = row->certainty};
	add_alternatives(arena, row, &explanation);
	reading->endpoint = endpoint_of(reading, explanation.cause);
	explanation.endpoint = reading->endpoint;
	explanation.stage = stage_of(error_text_advice(explanation.cause), explanation.endpoint);
	explanation.has_stage = explanation.cause != CAUSE_CLIENT_CONFIG &&
		row->when[0] != PATTERN_NONE;
	explanation.says = error_text_fill(arena, reading, row->says);

	/* what to do */
	advise(arena, reading, explanation.cause, &explanation);
	for (size_t i = 0; i < explanation.alternative_count; i++)
		advise(arena, reading, explanation.alternatives[i], &explanation);
	explanation.next = next_line(arena, reading, explanation.cause);
	return explanation;
}
