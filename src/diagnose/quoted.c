/* What an error text says about a pull, and what it leaves open.
 *
 * text -> plain and bare forms -> signs, names, addresses -> a row -> its advice */
#include "diagnose/quoted_parts.h"
#include <string.h>

/* whose call failed: the first sign that was found */
struct caller {
	enum sign sign;
	enum role role;
};

static const struct caller callers[] = {
	{SIGN_ENV_FILE, ROLE_S3},
	{SIGN_LOGGER, ROLE_LOGS},
	{SIGN_STARPORT, ROLE_S3},
	{SIGN_MANIFEST_URL, ROLE_DKR},
	{SIGN_LAYER_FETCH, ROLE_S3},
	{SIGN_BLOB, ROLE_S3},
	{SIGN_API, ROLE_API},
	{SIGN_AUTHORIZING, ROLE_API},
	{SIGN_NO_SOURCE, ROLE_CALLER},
	{SIGN_HELPER_FAILED, ROLE_CALLER},
};

/* a class of secrets is about the service that keeps them */
static enum role secret_role(const struct reading *reading)
{
	bool ssm = text_holds(reading->bare, T("ssm")) ||
		text_holds(reading->bare, T("parameterstore"));
	return ssm ? ROLE_SSM : ROLE_SECRETSMANAGER;
}

/* "secrets" of "secrets.denied" */
static bool of_family(enum class class, struct text family)
{
	struct text name = class_name(class);
	return text_equal(text_cut(&name, T(".")), family);
}

static enum role role_of(const struct reading *reading, enum class class)
{
	if (of_family(class, T("secrets")))
		return secret_role(reading);
	if (of_family(class, T("s3")) || of_family(class, T("envfile")))
		return ROLE_S3;
	if (of_family(class, T("logs")))
		return ROLE_LOGS;
	if (quoted_advice(class)->stage == STAGE_CREDENTIALS)
		return ROLE_CALLER;
	for (size_t i = 0; i < sizeof callers / sizeof *callers; i++)
		if (reading->has[callers[i].sign] && callers[i].role != ROLE_LOGS)
			return callers[i].role;
	return ROLE_DKR;
}

/* a refusal stands where the refused call stands */
static enum stage stage_of(const struct quoted_advice *advice, enum role role)
{
	if (advice->stage != STAGE_TOKEN)
		return advice->stage;
	if (role == ROLE_CALLER)
		return STAGE_CREDENTIALS;
	if (role == ROLE_DKR)
		return STAGE_MANIFEST;
	return role == ROLE_S3 ? STAGE_LAYERS : STAGE_TOKEN;
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
		add_once(arena, list, quoted_fill(arena, reading, text_string(arena, line)));
	}
}

static void advise(
	struct arena *arena, const struct reading *reading, enum class class, struct quoted *quoted)
{
	const struct quoted_advice *advice = quoted_advice(class);
	add_lines(arena, reading, advice->fix, &quoted->fix);
	add_lines(arena, reading, advice->confirm, &quoted->confirm);
	if (quoted->certainty != CERTAINTY_PROVEN && !quoted->decide.len)
		quoted->decide = quoted_fill(arena, reading, advice->decide);
}

static void add_alternatives(
	struct arena *arena, const struct quoted_row *row, struct quoted *quoted)
{
	quoted->alternatives = arena_new(arena, enum class, SET_MOST);
	for (size_t i = 1; i < SET_MOST && row->set[i] != CLASS_NONE; i++)
		quoted->alternatives[quoted->alternative_count++] = row->set[i];
}

/* what --also must name, so that the check asks the same service */
static struct text also(enum role role)
{
	switch (role) {
	case ROLE_LOGS:
		return T(" --also logs");
	case ROLE_SECRETSMANAGER:
		return T(" --also secretsmanager");
	case ROLE_SSM:
		return T(" --also ssm");
	default:
		return T("");
	}
}

static struct text next_line(struct arena *arena, const struct reading *reading, enum class class)
{
	struct text options = quoted_fill(arena, reading, quoted_advice(class)->options);
	struct text image = quoted_fill(arena, reading, "{image}");
	return text_format(arena, "pullprobe check%.*s%.*s %.*s", TEXT(also(reading->role)),
		TEXT(options), TEXT(image));
}

struct quoted quoted_explain(struct arena *arena, struct text error_text)
{
	struct reading *reading = arena_new(arena, struct reading, 1);
	reading->plain = quoted_plain(arena, error_text);
	reading->bare = quoted_bare(arena, reading->plain);

	/* what stands in the text */
	quoted_signs(reading);
	quoted_places(arena, reading);

	/* what it means */
	const struct quoted_row *row = quoted_row(reading);
	struct quoted quoted = {.class = row->set[0], .certainty = row->certainty};
	add_alternatives(arena, row, &quoted);
	reading->role = role_of(reading, quoted.class);
	quoted.role = reading->role;
	quoted.stage = stage_of(quoted_advice(quoted.class), quoted.role);
	quoted.has_stage = quoted.class != CLASS_CLIENT_CONFIG && row->when[0] != SIGN_NONE;
	quoted.says = quoted_fill(arena, reading, row->says);

	/* what to do */
	advise(arena, reading, quoted.class, &quoted);
	for (size_t i = 0; i < quoted.alternative_count; i++)
		advise(arena, reading, quoted.alternatives[i], &quoted);
	quoted.next = next_line(arena, reading, quoted.class);
	return quoted;
}
