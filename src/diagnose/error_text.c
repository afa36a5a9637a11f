/* What an error text says about a pull, and what it leaves open.
 *
 * text -> plain and bare forms -> patterns, hosts, addresses -> a row -> a finding
 *
 * The rows run from the most specific to the plainest; the first that fits is taken. First what is
 * no pull at all and the calls around a pull, then what an answer says, then how a connection
 * failed, then what is left. A set holds every cause that would leave the same words. */
#include "diagnose/error_text_parts.h"
#include "diagnose/fill.h"
#include "model/aws.h"

static bool fits(const struct error_text_row *row, const struct reading *reading)
{
	for (size_t i = 0; i < WHEN_MOST; i++) {
		if (row->when[i] && !reading->has[row->when[i]])
			return false;
		if (row->unless[i] && reading->has[row->unless[i]])
			return false;
	}
	return true;
}

const struct error_text_row *error_text_row(const struct reading *reading)
{
	static const struct error_text_rows *const tables[] = {
		&error_text_calls, &error_text_answers, &error_text_transport, &error_text_remains};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (size_t row = 0; row < tables[i]->count; row++)
			if (fits(&tables[i]->at[row], reading))
				return &tables[i]->at[row];
	return &error_text_remains.at[error_text_remains.count - 1];
}

/* "secrets" of "secrets.denied" */
static bool is_of(enum cause cause, const char *family)
{
	struct text name = cause_name(cause);
	return text_equal(text_cut(&name, T(".")), text_of(family));
}

/* whose call failed: the first pattern that was found */
static enum endpoint_kind endpoint_of(const struct reading *reading, enum cause cause)
{
	static const struct {
		enum pattern pattern;
		enum endpoint_kind endpoint;
	} callers[] = {
		{PATTERN_STARPORT, ENDPOINT_S3},
		{PATTERN_S3, ENDPOINT_S3},
		{PATTERN_MANIFEST_URL, ENDPOINT_DKR},
		{PATTERN_LAYER_FETCH, ENDPOINT_S3},
		{PATTERN_BLOB, ENDPOINT_S3},
		{PATTERN_API, ENDPOINT_API},
		{PATTERN_AUTHORIZING, ENDPOINT_API},
		{PATTERN_NO_SOURCE, ENDPOINT_CALLER},
		{PATTERN_HELPER_FAILED, ENDPOINT_CALLER},
	};
	bool ssm = error_text_holds(reading->bare, T("ssm|parameter store"));
	if (is_of(cause, "secrets"))
		return ssm ? ENDPOINT_SSM : ENDPOINT_SECRETSMANAGER;
	if (is_of(cause, "s3") || is_of(cause, "envfile"))
		return ENDPOINT_S3;
	if (is_of(cause, "logs"))
		return ENDPOINT_LOGS;
	if (advice_of(cause)->stage == STAGE_CREDENTIALS)
		return ENDPOINT_CALLER;
	for (size_t i = 0; i < sizeof callers / sizeof *callers; i++)
		if (reading->has[callers[i].pattern])
			return callers[i].endpoint;
	return ENDPOINT_DKR;
}

/* a refusal stands where the refused call stands */
static enum stage stage_of(enum cause cause, enum endpoint_kind kind)
{
	enum stage stage = advice_of(cause)->stage;
	if (stage != STAGE_TOKEN || !is_of(cause, "auth"))
		return stage;
	if (kind == ENDPOINT_CALLER)
		return STAGE_CREDENTIALS;
	if (kind == ENDPOINT_DKR)
		return STAGE_MANIFEST;
	return kind == ENDPOINT_S3 ? STAGE_LAYERS : STAGE_TOKEN;
}

/* who was denied what, where IAM says so */
static void see_denial(struct arena *arena, const struct reading *reading, struct step *step)
{
	static const char *const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789.-_:/@+=*";
	struct denial denial;
	struct text rest = reading->plain;
	rest = text_skip(rest, text_find_same(rest, T("User: ")));
	if (!denial_parse(rest, &denial))
		return;
	const struct {
		enum fact fact;
		struct text value;
	} seen[] = {{FACT_PRINCIPAL, denial.principal}, {FACT_ACTION, denial.action},
		{FACT_RESOURCE, denial.resource}};
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
		if (text_only(seen[i].value, text_of(safe)))
			step_saw(arena, step, seen[i].fact, seen[i].value);
}

/* "arn:aws:ecr:us-west-2:123456789012:repository/app" names what no image did */
static void see_repository(struct target *target, struct text resource)
{
	struct arn arn;
	if (!arn_parse(resource, &arn) || !text_equal(arn.service, T("ecr")) ||
		!region_exists(arn.region) || !text_starts(arn.resource, T("repository/")) ||
		target->account.len)
		return;
	target->region = arn.region;
	target->partition = partition_of_region(arn.region);
	target->account = arn.account;
	target->repository = text_skip(arn.resource, sizeof "repository/" - 1);
}

/* The text as the evidence of one failed step, so that the same templates are filled from it as
 * from a walk's. */
static struct evidence evidence_of(
	struct arena *arena, const struct reading *reading, const struct finding *finding)
{
	struct evidence evidence = {.target = reading->target};
	struct step step = {
		.stage = finding->stage,
		.endpoint = finding->endpoint,
		.host = reading->host,
		.outcome = OUTCOME_FAILED,
	};
	if (reading->address.family)
		step.peer = text_format(
			arena, "%.*s", TEXT(address_text(arena, &reading->address)));
	see_denial(arena, reading, &step);
	see_repository(&evidence.target, seen_text(&step, FACT_RESOURCE));
	evidence_add(arena, &evidence, step);
	if (!reading->image.len) {
		evidence.target.image = T("");
		evidence.target.kind = reading->has[PATTERN_FOREIGN] ? REGISTRY_OCI : REGISTRY_ECR;
	}
	platform_parse(reading->platform, &evidence.target.platform);
	return evidence;
}

/* The likeliest cause's advice; of several, one line each, so that all stands on one screen. */
static void advise(struct arena *arena, const struct error_text_row *row,
	const struct context *context, struct finding *finding)
{
	static const size_t about[] = {0};
	bool overridden = row->own.fix[0] != NULL;
	size_t count = overridden ? 1 : 1 + finding->alternative_count;
	size_t lines = count > 1 ? 1 : ADVICE_LINES;
	for (size_t i = 0; i < count; i++) {
		enum cause cause = i ? finding->alternatives[i - 1] : finding->cause;
		struct advice advice = advice_with(cause, i ? NULL : &row->own);
		struct texts fix = advice_fill(context, advice.fix, about, 1);
		struct texts confirm = advice_fill(context, advice.confirm, about, 1);
		for (size_t k = 0; k < fix.count && k < lines; k++)
			texts_add_once(arena, &finding->fix, fix.at[k]);
		for (size_t k = 0; k < confirm.count && k < lines; k++)
			texts_add_once(arena, &finding->confirm, confirm.at[k]);
		if (!i && finding->certainty != CERTAINTY_PROVEN && advice.verify)
			finding->verify = fill(arena, context, advice.verify, about, 1);
	}
	/* none of them was for such a registry */
	if (finding->confirm.count == 0)
		texts_add(arena, &finding->confirm,
			fill(arena, context, "curl -si https://{registry}/v2/", about, 1));
}

/* the `check` that looks closer; --also so that it asks the same service */
static struct text next_line(
	struct arena *arena, const struct context *context, const struct finding *finding)
{
	static const size_t about[] = {0};
	const char *options = advice_of(finding->cause)->options;
	struct text image = context->evidence->target.image;
	struct text region = context->evidence->target.region;
	struct text also = T("");
	if (is_of(finding->cause, "ecs"))
		return T("");
	if (is_of(finding->cause, "secrets") || is_of(finding->cause, "logs"))
		also = text_format(
			arena, " --also %.*s", TEXT(endpoint_kind_name(finding->endpoint)));
	if (!image.len)
		image = text_format(arena, "ACCOUNT.dkr.ecr.%.*s.amazonaws.com%s/REPOSITORY:TAG",
			TEXT(region.len ? region : T("REGION")),
			text_starts(region, T("cn-")) ? ".cn" : "");
	return text_format(arena, "pullprobe check%.*s%.*s %.*s", TEXT(also),
		TEXT(fill(arena, context, options ? options : "", about, 1)), TEXT(image));
}

struct explanation error_text_explain(struct arena *arena, struct text error_text)
{
	static const size_t about[] = {0};
	struct reading *reading = arena_new(arena, struct reading, 1);
	reading->plain = error_text_plain(arena, error_text);
	reading->bare = error_text_bare(arena, reading->plain);

	/* what stands in the text */
	error_text_patterns(reading);
	error_text_details(arena, reading);

	/* what it means */
	const struct error_text_row *row = error_text_row(reading);
	struct explanation explanation = {.has_stage = row->when[0] != PATTERN_NONE};
	struct finding *finding = &explanation.finding;
	*finding = (struct finding){
		.cause = row->set[0],
		.severity = SEVERITY_BROKEN,
		.certainty = row->certainty,
		.host = reading->host,
		.alternatives = arena_new(arena, enum cause, SET_MOST),
	};
	while (finding->alternative_count + 1 < SET_MOST &&
		row->set[finding->alternative_count + 1]) {
		finding->alternatives[finding->alternative_count] =
			row->set[finding->alternative_count + 1];
		finding->alternative_count++;
	}
	finding->endpoint = endpoint_of(reading, finding->cause);
	finding->stage = stage_of(finding->cause, finding->endpoint);
	explanation.has_stage &= finding->cause != CAUSE_CLIENT_CONFIG &&
		!is_of(finding->cause, "ecs");

	/* what to do */
	struct evidence evidence = evidence_of(arena, reading, finding);
	struct context context = context_make(arena, &evidence);
	finding->says = fill(arena, &context, row->says, about, 1);
	advise(arena, row, &context, finding);
	explanation.next = next_line(arena, &context, finding);
	return explanation;
}
