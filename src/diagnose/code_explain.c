/* From an exit code back to the causes that have it: the rules' rows, their alternatives, and the
 * advice of each cause. */
#include "diagnose/code_explain.h"
#include "base/die.h"
#include "diagnose/fill.h"
#include "diagnose/rule.h"

/* the evidence of a task that left nothing but its code: what fills the advice */
static struct context context_of(
	struct arena *arena, struct evidence *evidence, enum stage stage, enum endpoint_kind kind)
{
	*evidence = (struct evidence){
		.target = {.kind = REGISTRY_ECR}, .vantage = {.launch_type = T("FARGATE")}};
	evidence_add(arena, evidence,
		(struct step){.stage = stage, .endpoint = kind, .outcome = OUTCOME_FAILED});
	return context_make(arena, evidence);
}

/* "s3" of "s3.no_route" */
static bool is_of(enum cause cause, const char *family)
{
	struct text name = cause_name(cause);
	return text_equal(text_cut(&name, T(".")), text_of(family));
}

/* the family of causes that an endpoint has for itself, or "" */
static const char *own_family(enum endpoint_kind kind)
{
	switch (kind) {
	case ENDPOINT_S3:
		return "s3";
	case ENDPOINT_LOGS:
		return "logs";
	case ENDPOINT_SECRETSMANAGER:
	case ENDPOINT_SSM:
		return "secrets";
	case ENDPOINT_ENVFILE:
		return "envfile";
	default:
		return "";
	}
}

/* A row may stand for many stages and endpoints: what is met later on the path, or belongs to
 * another endpoint, is not the cause here. */
static bool is_possible(const struct finding *finding, enum cause cause)
{
	static const char *const pull[] = {"registry", "ptc", "s3", "image", "ref"};
	static const char *const services[] = {"logs", "secrets", "envfile"};
	bool of_pull = endpoint_use(finding->endpoint) == USED_BY_PULL;
	const char *own = own_family(finding->endpoint);
	if (cause == CAUSE_NONE || cause == CAUSE_UNSETTLED || cause == CAUSE_PROBE_UNABLE)
		return false;
	for (size_t i = 0; i < sizeof pull / sizeof *pull && !of_pull; i++)
		if (is_of(cause, pull[i]))
			return false;
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (is_of(cause, services[i]) && !is_of(cause, own))
			return false;
	if (is_of(cause, "s3") && finding->endpoint != ENDPOINT_S3)
		return false;
	enum stage first = is_of(cause, "auth") ? STAGE_CREDENTIALS : advice_of(cause)->stage;
	return !of_pull || first <= finding->stage;
}

/* how often users meet it; before that, what has the code for itself */
static unsigned order_of(const struct finding *finding, enum cause cause, int code)
{
	struct finding own = *finding;
	const char *family = own_family(finding->endpoint);
	unsigned rank = advice_of(cause)->rank ? advice_of(cause)->rank : UINT8_MAX;
	own.cause = cause;
	bool has_code = exit_code_of(&own, false) == code || exit_code_of(&own, true) == code;
	return rank + (has_code ? 0 : CODE_COMMON) +
		(*family && !is_of(cause, family) ? CODE_COMMON : 0);
}

static void add_cause(struct arena *arena, struct code_explanation *out,
	const struct finding *finding, enum cause cause)
{
	static const size_t about[] = {0};
	const struct advice *advice = advice_of(cause);
	unsigned order = order_of(finding, cause, out->row->code);
	if (!is_possible(finding, cause))
		return;
	for (size_t i = 0; i < out->count; i++)
		if (out->causes[i].cause == cause) {
			if (order < out->causes[i].order)
				out->causes[i].order = order;
			return;
		}
	struct evidence evidence;
	struct context context = context_of(arena, &evidence, finding->stage, finding->endpoint);
	out->causes[out->count++] = (struct code_cause){
		.cause = cause,
		.order = order,
		.verify = fill(arena, &context, advice->verify ? advice->verify : "", about, 1),
		.fix = advice_fill(&context, advice->fix, about, 1),
		.confirm = advice_fill(&context, advice->confirm, about, 1),
	};
}

/* the bit is set, or none is, which means any */
static bool has(uint64_t bits, unsigned bit)
{
	return !bits || bits & (UINT64_C(1) << bit);
}

/* the codes of a row: one for each stage, endpoint and, of credentials, symptom that it meets */
static bool leads_to(const struct rule *rule, struct finding *finding, int code)
{
	for (enum symptom symptom = 0; symptom < SYMPTOM_COUNT; symptom++) {
		finding->symptom = symptom;
		if (has(rule->symptoms, symptom) &&
			(exit_code_of(finding, false) == code ||
				exit_code_of(finding, true) == code))
			return true;
	}
	return false;
}

static void add_row(struct arena *arena, struct code_explanation *out, const struct rule_part *part,
	const struct rule *rule)
{
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++)
		for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++) {
			bool meets = part->common.stages & (1U << stage) &&
				has(rule->stages, stage) && has(rule->endpoints, kind) &&
				has(part->common.endpoints, kind);
			struct finding finding = {
				.stage = stage, .endpoint = kind, .cause = rule->causes[0]};
			if (!meets || !leads_to(rule, &finding, out->row->code))
				continue;
			for (size_t i = 0; i < RULE_CAUSES; i++)
				add_cause(arena, out, &finding, rule->causes[i]);
		}
}

static void sort(struct code_explanation *explanation)
{
	for (size_t i = 1; i < explanation->count; i++) {
		struct code_cause cause = explanation->causes[i];
		size_t at = i;
		for (; at && cause.order < explanation->causes[at - 1].order; at--)
			explanation->causes[at] = explanation->causes[at - 1];
		explanation->causes[at] = cause;
	}
}

/* A way in tells more as it sees more: the whole report instead of one byte. */
static struct texts ways(struct arena *arena, const struct exit_code *row)
{
	struct texts list = {0};
	if (row->code == EXIT_WORKS)
		return list;
	texts_add(arena, &list,
		T("taskdefs/fargate-stages.json: one code for each stage; give all eight to "
		  "explain."));
	texts_add(arena, &list,
		T("taskdefs/lambda.md: a function in that subnet gives the whole report, and needs "
		  "no "
		  "pull."));
	texts_add(arena, &list,
		T("A running task with ECS Exec, or an instance in that subnet: run pullprobe "
		  "check IMAGE "
		  "there."));
	return list;
}

struct code_explanation code_explain(struct arena *arena, int code)
{
	struct code_explanation out = {.row = exit_code_row(code)};
	const struct rule_part *part;
	out.causes = arena_new(arena, struct code_cause, CAUSE_COUNT);
	out.ways = ways(arena, out.row);
	for (size_t at = 0; code != EXIT_UNSETTLED && (part = rule_part_at(at)); at++)
		for (size_t i = 0; i < part->count; i++)
			if (part->rows[i].severity == SEVERITY_BROKEN)
				add_row(arena, &out, part, &part->rows[i]);
	sort(&out);
	return out;
}

bool stages_explain(struct arena *arena, const int codes[CODE_STAGES],
	struct stages_explanation *out, struct text *complaint)
{
	/* what a stage that passed excludes */
	static const char *const excludes[CODE_STAGES] = {
		[STAGE_DNS] = "all names resolve",
		[STAGE_TCP] = "the API, the registry and the layer host accept connections",
		[STAGE_TLS] = "TLS works with all of them, and nothing intercepts it",
		[STAGE_HTTP] = "the services themselves answer",
		[STAGE_CREDENTIALS] = "the role has credentials",
		[STAGE_TOKEN] =
			"ECR gives the role a token: the API is reached, and the role's and "
			"the endpoint's policies allow it",
		[STAGE_MANIFEST] = "the registry serves the manifest: the image exists, for this "
				   "platform, and the role may read it",
		[STAGE_LAYERS] = "the layers can be read",
	};
	*out = (struct stages_explanation){0};
	for (int stage = 0; stage < CODE_STAGES; stage++) {
		const struct exit_code *row = exit_code_row(codes[stage]);
		bool of_stage = row &&
			(!row->stage.len || text_equal(row->stage, stage_name(stage)));
		if (!of_stage)
			return complain(complaint,
				text_format(arena,
					"%d is no code of %.*s: give the eight codes of "
					"fargate-stages.json in the order 1-dns to 8-layers",
					codes[stage], TEXT(stage_name(stage))));
		out->codes[stage] = codes[stage];
		if (codes[stage] == EXIT_WORKS)
			texts_add(arena, &out->excluded,
				text_format(arena, "%.*s: %s", TEXT(stage_name(stage)),
					excludes[stage]));
		else if (codes[stage] == EXIT_NOT_REACHED)
			texts_add(arena, &out->not_reached, stage_name(stage));
		else if (!out->broken.row)
			out->broken = code_explain(arena, codes[stage]);
		else
			texts_add(arena, &out->failed,
				text_format(arena, "%.*s: %.*s (%d)", TEXT(stage_name(stage)),
					TEXT(row->says), codes[stage]));
	}
	return true;
}
