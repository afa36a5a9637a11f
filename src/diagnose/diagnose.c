/* From evidence to findings: each failed step meets its row, steps alike share a finding, notes
 * follow, and the first broken finding is the verdict. */
#include "diagnose/diagnose.h"
#include "base/die.h"
#include "diagnose/fill.h"
#include "diagnose/rule.h"
#include "model/exitcode.h"
#include <string.h>

/* a finding in the making */
struct draft {
	const struct rule *rule;
	enum severity severity;
	size_t *steps; /* what it is about */
	size_t count;
	const struct step *step; /* the first of them; NULL when it is about the run */
};

struct drafts {
	struct arena *arena;
	const struct context *context;
	struct draft *at;
	size_t count;
};

static void add_index(struct draft *draft, size_t index)
{
	draft->steps[draft->count++] = index;
}

/* a draft of the same rule; of failures, for the same host */
static struct draft *find(struct drafts *drafts, const struct rule *rule, const struct step *step)
{
	for (size_t i = 0; i < drafts->count; i++) {
		struct draft *draft = &drafts->at[i];
		bool alike = !step || !draft->step ||
			(draft->step->stage == step->stage &&
				draft->step->endpoint == step->endpoint &&
				text_same(draft->step->host, step->host));
		if (draft->rule == rule && alike)
			return draft;
	}
	return NULL;
}

static struct draft *add(struct drafts *drafts, const struct rule *rule, const struct step *step)
{
	struct draft *draft = &drafts->at[drafts->count++];
	*draft = (struct draft){.rule = rule, .severity = rule->severity, .step = step};
	draft->steps = arena_new(drafts->arena, size_t, drafts->context->evidence->count + 1);
	return draft;
}

static bool has_failed(const struct step *step)
{
	return step->experiment == EXPERIMENT_NONE && step->outcome == OUTCOME_FAILED;
}

/* Which blob host another registry redirects to is foreseen by guess. As long as no redirect has
 * confirmed it, what broke elsewhere comes first. */
static bool is_guess(const struct context *context, const struct step *step)
{
	return step->endpoint == ENDPOINT_S3 && is_not_ecr(context) &&
		!context->evidence->stage_asked && redirect_is_unknown(context);
}

static void judge_failures(struct drafts *drafts)
{
	const struct evidence *evidence = drafts->context->evidence;
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		if (!has_failed(step))
			continue;
		const struct rule *rule = rule_for(drafts->context, step);
		struct draft *draft = find(drafts, rule, step);
		if (!draft)
			draft = add(drafts, rule, step);
		add_index(draft, i);
		/* a pull goes on with the next address, and stalls at the dead one now and then */
		if (draft->severity == SEVERITY_BROKEN &&
			(another_address_accepts(drafts->context, step) ||
				is_guess(drafts->context, step)))
			draft->severity = SEVERITY_WARNING;
	}
}

static void judge_notes(struct drafts *drafts)
{
	const struct evidence *evidence = drafts->context->evidence;
	for (size_t r = 0; r < rules_notes.count; r++) {
		const struct rule *rule = &rules_notes.rows[r];
		struct draft *draft = NULL;
		for (size_t i = 0; i < evidence->count; i++) {
			const struct step *step = &evidence->steps[i];
			if (!rule_meets(rule, drafts->context, step))
				continue;
			if (!draft)
				draft = add(drafts, rule, step);
			add_index(draft, i);
		}
	}
}

/* the place in the order of a task's start; 0 where no task definition was given */
static int64_t order_of(const struct draft *draft)
{
	return draft->step ? seen_number(draft->step, FACT_ORDER) : 0;
}

/* the place of a finding in the list: what breaks the pull, what breaks beside it, the rest; what
 * breaks a known task's start is one */
static int rank(const struct draft *draft)
{
	if (draft->severity != SEVERITY_BROKEN)
		return 1 + (int)draft->severity;
	if (order_of(draft))
		return 0;
	return draft->step && !endpoint_is_of_pull(draft->step->endpoint);
}

/* Within a rank by the order of the start, then walking order: by stage, then as the walk wrote
 * them. */
static bool comes_before(const struct draft *a, const struct draft *b)
{
	if (rank(a) != rank(b))
		return rank(a) < rank(b);
	if (!rank(a) && order_of(a) != order_of(b))
		return order_of(a) < order_of(b);
	enum stage stage_a = a->step ? a->step->stage : STAGE_LAYERS;
	enum stage stage_b = b->step ? b->step->stage : STAGE_LAYERS;
	if (stage_a != stage_b)
		return stage_a < stage_b;
	return (a->count ? a->steps[0] : 0) < (b->count ? b->steps[0] : 0);
}

static void sort(struct drafts *drafts)
{
	for (size_t i = 1; i < drafts->count; i++) {
		struct draft draft = drafts->at[i];
		size_t at = i;
		for (; at > 0 && comes_before(&draft, &drafts->at[at - 1]); at--)
			drafts->at[at] = drafts->at[at - 1];
		drafts->at[at] = draft;
	}
}

/* What is said of VPC endpoints and of ECR's API is for hosts that have such. */
static bool applies(const struct context *context, const struct step *step, const char *line)
{
	struct text t = text_of(line);
	if (!step || !endpoint_is_of_pull(step->endpoint) || is_ecr(context))
		return true;
	bool of_endpoint = text_holds(t, T("com.amazonaws.")) ||
		text_holds(t, T("describe-vpc-endpoints"));
	bool of_api = text_starts(t, T("aws ecr ")) && text_holds(t, T("{region_option}"));
	return !of_api && !(of_endpoint && host_has_no_endpoint(context, step));
}

static struct texts fill_all(
	struct drafts *drafts, const struct draft *draft, const char *const lines[ADVICE_LINES])
{
	struct texts out = {0};
	for (size_t i = 0; i < ADVICE_LINES && lines[i]; i++)
		if (applies(drafts->context, draft->step, lines[i]))
			texts_add(drafts->arena, &out,
				fill(drafts->arena, drafts->context, lines[i], draft->steps,
					draft->count));
	return out;
}

/* The steps a finding rests on: what failed, then the experiments that were made for it. */
static void rest_on(struct drafts *drafts, const struct draft *draft, struct finding *finding)
{
	const struct evidence *evidence = drafts->context->evidence;
	finding->steps = arena_new(drafts->arena, size_t, draft->count + evidence->count);
	if (draft->count)
		memcpy(finding->steps, draft->steps, draft->count * sizeof *draft->steps);
	finding->step_count = draft->count;
	for (size_t i = 0; i < evidence->count && draft->step; i++) {
		const struct step *made = &evidence->steps[i];
		if (made->experiment != EXPERIMENT_NONE && has_failed(draft->step) &&
			context_experiment(drafts->context, draft->step, made->experiment) == made)
			finding->steps[finding->step_count++] = i;
	}
}

static struct finding finding_of(struct drafts *drafts, const struct draft *draft)
{
	const struct rule *rule = draft->rule;
	struct advice advice = rule_advice(rule);
	struct finding finding = {
		.rule = text_of(rule->id),
		.cause = rule->cause,
		.severity = draft->severity,
		.certainty = rule->certainty,
		.fix = fill_all(drafts, draft, advice.fix),
		.confirm = fill_all(drafts, draft, advice.confirm),
	};
	if (draft->step) {
		finding.stage = draft->step->stage;
		finding.endpoint = draft->step->endpoint;
		finding.host = draft->step->host;
		finding.symptom = draft->step->symptom;
	}
	/* none of them was for such a registry */
	if (advice.confirm[0] && finding.confirm.count == 0)
		texts_add(drafts->arena, &finding.confirm,
			fill(drafts->arena, drafts->context, "curl -si https://{registry}/v2/",
				draft->steps, draft->count));
	finding.alternatives = arena_new(drafts->arena, enum cause, RULE_ALTERNATIVES);
	while (finding.alternative_count < RULE_ALTERNATIVES &&
		rule->alternatives[finding.alternative_count] != CAUSE_NONE) {
		finding.alternatives[finding.alternative_count] =
			rule->alternatives[finding.alternative_count];
		finding.alternative_count++;
	}
	finding.says = fill(drafts->arena, drafts->context, rule->says, draft->steps, draft->count);
	if (advice.verify)
		finding.verify = fill(
			drafts->arena, drafts->context, advice.verify, draft->steps, draft->count);
	rest_on(drafts, draft, &finding);
	return finding;
}

/* every blob was served, and none was left out */
static bool layers_passed(const struct evidence *evidence)
{
	bool any = false;
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		if (step->experiment != EXPERIMENT_NONE || step->stage != STAGE_LAYERS)
			continue;
		if (step->outcome == OUTCOME_SKIPPED)
			return false;
		any |= step->outcome == OUTCOME_PASSED;
	}
	return any;
}

/* the stages are the pull's, but the last, which is of the services beside it */
static bool is_of_stage(const struct step *step)
{
	return step->experiment == EXPERIMENT_NONE &&
		(endpoint_is_of_pull(step->endpoint) || step->stage == STAGE_START);
}

/* the stage of --stage was walked to its end for all endpoints of the pull; what a proxy does for
 * us is not ours to walk */
static bool stage_passed(const struct evidence *evidence)
{
	bool any = false;
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		bool left = step->symptom == SYMPTOM_NOT_ASKED &&
			(seen_at_all(step, FACT_PROXY) || step->stage == STAGE_START);
		if (!is_of_stage(step) || step->stage != evidence->stage || left)
			continue;
		if (step->outcome == OUTCOME_SKIPPED)
			return false;
		any |= step->outcome == OUTCOME_PASSED;
	}
	return any;
}

static bool is_broken(const struct finding *finding)
{
	return finding->severity == SEVERITY_BROKEN;
}

/* more than one endpoint of the pull broke in the finding's stage */
static bool are_several(const struct diagnosis *diagnosis, const struct finding *finding)
{
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *other = &diagnosis->findings[i];
		if (is_broken(other) && other->stage == finding->stage &&
			other->endpoint != finding->endpoint &&
			endpoint_is_of_pull(other->endpoint))
			return true;
	}
	return false;
}

/* The finding whose code is the exit code; NULL for none: all is well, or not settled. */
static const struct finding *decisive(
	const struct diagnosis *diagnosis, const struct evidence *evidence)
{
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *finding = &diagnosis->findings[i];
		bool asked = !evidence->stage_asked ||
			(finding->stage == evidence->stage &&
				(endpoint_is_of_pull(finding->endpoint) ||
					finding->stage == STAGE_START));
		if (is_broken(finding) && asked)
			return finding;
	}
	return NULL;
}

static bool found(const struct diagnosis *diagnosis, enum cause cause)
{
	for (size_t i = 0; i < diagnosis->count; i++)
		if (diagnosis->findings[i].cause == cause)
			return true;
	return false;
}

static int exit_code(const struct diagnosis *diagnosis, const struct evidence *evidence)
{
	const struct finding *finding = decisive(diagnosis, evidence);
	if (finding)
		return exit_code_of(finding, are_several(diagnosis, finding));
	bool well = evidence->stage_asked ? stage_passed(evidence) : diagnosis->pull == PULL_WORKS;
	if (well)
		return EXIT_WORKS;
	if (evidence->stage_asked && diagnosis->pull == PULL_BREAKS)
		return EXIT_NOT_REACHED;
	return found(diagnosis, CAUSE_PROBE_UNABLE) ? EXIT_UNABLE : EXIT_UNSETTLED;
}

static void judge(struct diagnosis *diagnosis, const struct evidence *evidence)
{
	diagnosis->pull = layers_passed(evidence) ? PULL_WORKS : PULL_UNKNOWN;
	if (diagnosis->count && is_broken(&diagnosis->findings[0])) {
		diagnosis->pull = PULL_BREAKS;
		diagnosis->verdict = 0;
	}
	diagnosis->exit_code = exit_code(diagnosis, evidence);
}

/* Says that the first finding comes first, and which services would fail after it. */
static void tell_order(struct drafts *drafts, struct finding *findings)
{
	struct text after = {0};
	uint32_t told = UINT32_C(1) << findings[0].endpoint;
	for (size_t i = 1; i < drafts->count; i++) {
		uint32_t bit = UINT32_C(1) << findings[i].endpoint;
		if (rank(&drafts->at[i]) == 0 && !(told & bit))
			after = text_format(drafts->arena, "%.*s%s%.*s", TEXT(after),
				after.len ? ", " : "; after it ",
				TEXT(endpoint_kind_name(findings[i].endpoint)));
		told |= bit;
	}
	if (rank(&drafts->at[0]) == 0)
		findings[0].says = text_format(drafts->arena,
			"%.*s Of what the start of this task needs, in Fargate's order, this fails "
			"first%.*s.",
			TEXT(findings[0].says), TEXT(after));
}

struct diagnosis diagnose(struct arena *arena, const struct evidence *evidence)
{
	struct diagnosis diagnosis = {0};

	/* look at the context, then at each failure, then at the rest */
	struct context context = context_make(arena, evidence);
	struct drafts drafts = {.arena = arena, .context = &context};
	drafts.at = arena_new(arena, struct draft, evidence->count + rules_notes.count);
	judge_failures(&drafts);
	judge_notes(&drafts);
	sort(&drafts);

	/* write it down */
	diagnosis.findings = arena_new(arena, struct finding, drafts.count + 1);
	while (diagnosis.count < drafts.count) {
		diagnosis.findings[diagnosis.count] = finding_of(
			&drafts, &drafts.at[diagnosis.count]);
		diagnosis.count++;
	}
	if (drafts.count && order_of(&drafts.at[0]))
		tell_order(&drafts, diagnosis.findings);
	judge(&diagnosis, evidence);
	return diagnosis;
}
