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
static bool is_of_family(enum cause cause, const char *family)
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

/* A row may be for many stages and endpoints: what is met later on the path, or belongs to
 * another endpoint, is not the cause here. */
static bool is_possible(const struct finding *finding, enum cause cause)
{
	static const char *const pull[] = {"registry", "ptc", "image", "ref"};
	static const char *const owned[] = {"s3", "logs", "secrets", "envfile"};
	bool of_pull = endpoint_use(finding->endpoint) == USED_BY_PULL;
	const char *own = own_family(finding->endpoint);
	if (cause == CAUSE_NONE || cause == CAUSE_UNSETTLED || cause == CAUSE_PROBE_UNABLE)
		return false;
	for (size_t i = 0; i < 4; i++)
		if ((!of_pull && is_of_family(cause, pull[i])) ||
			(is_of_family(cause, owned[i]) && !is_of_family(cause, own)))
			return false;
	enum stage first = is_of_family(cause, "auth") ? STAGE_CREDENTIALS
						       : advice_of(cause)->stage;
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
		(*family && !is_of_family(cause, family) ? CODE_COMMON : 0);
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

/* a part, a row and what is met by both: the stage and the endpoint, or the symptom */
static bool place_meets(const struct rule_part *part, const struct rule *rule, unsigned place)
{
	unsigned stage = place / ENDPOINT_COUNT;
	unsigned kind = place % ENDPOINT_COUNT;
	return rule->severity == SEVERITY_BROKEN && part->common.stages & (1U << stage) &&
		has(rule->stages, stage) && has(rule->endpoints, kind) &&
		has(part->common.endpoints, kind);
}

static bool leads_to(const struct finding *finding, int code)
{
	return code == ANY_CODE || exit_code_of(finding, false) == code ||
		exit_code_of(finding, true) == code;
}

/* Beside the pull's endpoints, of which there are many, a row's symptoms are one place: the symptom
 * where it has one, or NONE. */
static void take_symptoms(struct code_place *at, const struct rule_part *part)
{
	uint64_t own = at->rule->symptoms ? at->rule->symptoms : UINT64_MAX;
	uint64_t all = part->common.symptoms ? own & part->common.symptoms : own;
	at->next += SYMPTOM_COUNT - 1 - at->finding.symptom;
	if (all & (all - 1))
		at->finding.symptom = SYMPTOM_NONE;
}

/* The next of a row's places, which are counted by stage, endpoint and symptom. */
static bool row_place_next(struct code_place *at, const struct rule_part *part, int code)
{
	const struct rule *rule = at->rule = &part->rows[at->row];
	for (; at->next < STAGE_COUNT * ENDPOINT_COUNT * SYMPTOM_COUNT; at->next++) {
		unsigned place = at->next / SYMPTOM_COUNT;
		unsigned symptom = at->next % SYMPTOM_COUNT;
		if (!place_meets(part, rule, place)) {
			at->next += SYMPTOM_COUNT - 1;
			continue;
		}
		if (symptom == SYMPTOM_NONE || !has(rule->symptoms, symptom) ||
			!has(part->common.symptoms, symptom))
			continue;
		at->finding = (struct finding){.cause = rule->causes[0],
			.stage = place / ENDPOINT_COUNT,
			.endpoint = place % ENDPOINT_COUNT,
			.symptom = symptom};
		if (!leads_to(&at->finding, code))
			continue;
		at->next++;
		if (endpoint_use(at->finding.endpoint) != USED_BY_PULL)
			take_symptoms(at, part);
		return true;
	}
	return false;
}

bool code_place_next(struct code_place *at, int code)
{
	const struct rule_part *part;
	for (; (part = rule_part_at(at->part)); at->part++, at->row = 0)
		for (; at->row < part->count; at->row++, at->next = 0)
			if (row_place_next(at, part, code))
				return true;
	return false;
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
	static const char *const lines[] = {
		"taskdefs/fargate-verdict.json: ten codes that tell the whole verdict; give all to "
		"explain.",
		"taskdefs/lambda.md: a function in that subnet gives the whole report, and needs "
		"no pull.",
		"A running task with ECS Exec, or an instance in that subnet: run pullprobe check "
		"IMAGE there.",
	};
	struct texts list = {0};
	for (size_t i = 0; i < sizeof lines / sizeof *lines && row->code != EXIT_WORKS; i++)
		texts_add(arena, &list, text_of(lines[i]));
	return list;
}

struct code_explanation code_explain(struct arena *arena, int code)
{
	struct code_explanation out = {.row = exit_code_row(code)};
	struct code_place at = {0};
	out.causes = arena_new(arena, struct code_cause, CAUSE_COUNT);
	out.ways = ways(arena, out.row);
	while (code != EXIT_UNSETTLED && code_place_next(&at, code))
		for (size_t i = 0; i < RULE_CAUSES; i++)
			add_cause(arena, &out, &at.finding, at.rule->causes[i]);
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
					"%d is no code of %.*s: give the codes of "
					"--stage dns to --stage layers in their order",
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
