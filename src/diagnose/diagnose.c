/* From evidence to findings: each failed step meets its row, steps alike share a finding, notes
 * follow, and the first broken finding is the verdict. */
#include "diagnose/diagnose.h"
#include "base/arena.h"
#include "diagnose/configuration.h"
#include "diagnose/fill.h"
#include "diagnose/rule.h"
#include <string.h>

/* a finding that is being made */
struct draft {
	const struct rule *rule;
	enum severity severity;
	size_t *steps; /* what it is about: first the one that decides where it breaks */
	const struct rule **rules; /* the row that each of them met */
	size_t count;
	const struct step *step; /* the first of them */
};

struct drafts {
	struct arena *arena;
	const struct context *context;
	struct draft *at;
	size_t count;
};

static const struct step *step_at(const struct drafts *drafts, size_t index)
{
	return &drafts->context->evidence->steps[index];
}

/* Of steps that share a finding, the one before the other in the order of a task's start, or of the
 * pull itself, decides where it breaks. */
static bool decides(const struct step *a, const struct step *b)
{
	int64_t order_a = seen_number(a, FACT_ORDER);
	int64_t order_b = seen_number(b, FACT_ORDER);
	return order_a != order_b
		? order_a < order_b
		: endpoint_is_of_pull(a->endpoint) && !endpoint_is_of_pull(b->endpoint);
}

static void draft_add_step(
	struct drafts *drafts, struct draft *draft, const struct rule *rule, size_t index)
{
	size_t at = draft->count++;
	draft->steps[at] = index;
	draft->rules[at] = rule;
	if (at > 0 && decides(step_at(drafts, index), draft->step)) {
		memmove(draft->steps + 1, draft->steps, at * sizeof *draft->steps);
		memmove(draft->rules + 1, draft->rules, at * sizeof(const struct rule *));
		draft->steps[0] = index;
		draft->rules[0] = rule;
	}
	draft->step = step_at(drafts, draft->steps[0]);
	draft->rule = draft->rules[0];
}

static struct draft *draft_add(
	struct drafts *drafts, const struct rule *rule, enum severity severity)
{
	size_t room = drafts->context->evidence->count;
	struct draft *draft = &drafts->at[drafts->count++];
	*draft = (struct draft){.rule = rule, .severity = severity};
	draft->steps = arena_new(drafts->arena, size_t, room);
	draft->rules = arena_new(drafts->arena, const struct rule *, room);
	return draft;
}

/* whether a failed step of that row is one more sign of what the draft is about */
static bool is_shared(const struct draft *draft, const struct rule *rule, const struct step *step)
{
	const struct step *first = draft->step;
	if (first->stage != step->stage || draft->rule->shared != rule->shared)
		return false;
	if (rule->shared == SHARED_EGRESS || rule->shared == SHARED_ROUTE)
		return true;
	if (draft->rule != rule)
		return false;
	switch (rule->shared) {
	case SHARED_ALL:
		return true;
	case SHARED_PEER:
		return text_equal(first->peer, step->peer);
	case SHARED_ISSUER:
		return text_equal(seen_text(first, FACT_ISSUER), seen_text(step, FACT_ISSUER));
	default:
		return first->endpoint == step->endpoint && text_same(first->host, step->host);
	}
}

/* Which blob host another registry redirects to is foreseen by guess. As long as no redirect has
 * confirmed it, what broke elsewhere comes first. */
static bool is_guess(const struct context *context, const struct step *step)
{
	return step->endpoint == ENDPOINT_S3 && !is_ecr(context) && !seen_at_all(step, FACT_RULE) &&
		!context->evidence->stage_asked && context->run & RUN(REDIRECT_UNKNOWN);
}

/* a pull goes on with the next address, and stalls at the dead one now and then */
static enum severity severity_of(
	const struct context *context, const struct rule *rule, const struct step *step)
{
	bool beside = another_address_accepts(context, step) || is_guess(context, step);
	return rule->severity == SEVERITY_BROKEN && beside ? SEVERITY_WARNING : rule->severity;
}

static void add_failures(struct drafts *drafts)
{
	for (size_t i = 0; i < drafts->context->evidence->count; i++) {
		const struct step *step = step_at(drafts, i);
		if (!step_failed(step))
			continue;
		const struct rule *rule = rule_for(drafts->context, step);
		enum severity severity = severity_of(drafts->context, rule, step);
		size_t at = 0;
		while (at < drafts->count &&
			(drafts->at[at].severity != severity ||
				!is_shared(&drafts->at[at], rule, step)))
			at++;
		struct draft *draft = at < drafts->count ? &drafts->at[at]
							 : draft_add(drafts, rule, severity);
		draft_add_step(drafts, draft, rule, i);
	}
}

static void add_notes(struct drafts *drafts)
{
	for (size_t r = 0; r < rules_notes.count; r++) {
		const struct rule *rule = &rules_notes.rows[r];
		struct draft *draft = NULL;
		for (size_t i = 0; i < drafts->context->evidence->count; i++) {
			const struct step *step = step_at(drafts, i);
			if ((step->experiment != EXPERIMENT_NONE && !rule->experiments) ||
				!rule_meets(rule, drafts->context, step))
				continue;
			if (!draft)
				draft = draft_add(drafts, rule, rule->severity);
			draft_add_step(drafts, draft, rule, i);
		}
	}
}

/* the place in the order of a task's start; 0 where no task definition was given */
static int64_t order_of(const struct draft *draft)
{
	return seen_number(draft->step, FACT_ORDER);
}

/* the place of a finding in the list: what breaks the pull, what breaks beside it, the rest; what
 * breaks a known task's start is one */
static int rank(const struct draft *draft)
{
	if (draft->severity != SEVERITY_BROKEN)
		return 1 + (int)draft->severity;
	return !order_of(draft) && !endpoint_is_of_pull(draft->step->endpoint);
}

/* Within a rank by the order of the start, then walking order: by stage, then as the walk wrote
 * them. */
static bool comes_before(const struct draft *a, const struct draft *b)
{
	if (rank(a) != rank(b))
		return rank(a) < rank(b);
	if (!rank(a) && order_of(a) != order_of(b))
		return order_of(a) < order_of(b);
	if (a->step->stage != b->step->stage)
		return a->step->stage < b->step->stage;
	return a->steps[0] < b->steps[0];
}

static void sort_drafts(struct drafts *drafts)
{
	for (size_t i = 1; i < drafts->count; i++) {
		struct draft draft = drafts->at[i];
		size_t at = i;
		for (; at > 0 && comes_before(&draft, &drafts->at[at - 1]); at--)
			drafts->at[at] = drafts->at[at - 1];
		drafts->at[at] = draft;
	}
}

/* the first step of each endpoint in a finding */
static bool is_first_of_endpoint(const struct drafts *drafts, const struct draft *draft, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (step_at(drafts, draft->steps[i])->endpoint ==
			step_at(drafts, draft->steps[at])->endpoint)
			return false;
	return true;
}

static struct text fill_from(struct drafts *drafts, const struct draft *draft, const char *line)
{
	return fill(drafts->arena, drafts->context, line, draft->steps, draft->count);
}

static void add_all(struct arena *arena, struct texts *list, struct texts lines)
{
	for (size_t i = 0; i < lines.count; i++)
		texts_add_once(arena, list, lines.at[i]);
}

/* The lines of advice, each once. Failures that share a finding may need a line for each endpoint.
 */
static void advise(struct drafts *drafts, const struct draft *draft, struct finding *finding)
{
	const struct context *context = drafts->context;
	size_t ends = draft->rule->severity == SEVERITY_BROKEN ? draft->count : 1;
	for (size_t at = 0; at < ends; at++) {
		struct advice advice = rule_advice(draft->rules[at]);
		const size_t *steps = draft->steps + at;
		size_t count = draft->count - at;
		if (!is_first_of_endpoint(drafts, draft, at))
			continue;
		add_all(drafts->arena, &finding->fix,
			advice_fill(context, advice.fix, steps, count));
		add_all(drafts->arena, &finding->confirm,
			advice_fill(context, advice.confirm, steps, count));
		/* none of them was for such a registry */
		if (advice.confirm[0] && finding->confirm.count == 0)
			texts_add(drafts->arena, &finding->confirm,
				fill_from(drafts, draft, "curl -si https://{registry}/v2/"));
	}
}

static bool is_listed(const struct finding *finding, size_t index)
{
	for (size_t i = 0; i < finding->step_count; i++)
		if (finding->steps[i] == index)
			return true;
	return false;
}

/* The steps a finding rests on: what failed, then the experiments that were made for it. */
static void rest_on(struct drafts *drafts, const struct draft *draft, struct finding *finding)
{
	size_t room = drafts->context->evidence->count;
	finding->steps = arena_new(drafts->arena, size_t, draft->count + room);
	memcpy(finding->steps, draft->steps, draft->count * sizeof *draft->steps);
	finding->step_count = draft->count;
	for (size_t at = 0; at < draft->count; at++)
		for (size_t i = 0; i < room && is_first_of_endpoint(drafts, draft, at); i++) {
			const struct step *about = step_at(drafts, draft->steps[at]);
			const struct step *made = step_at(drafts, i);
			if (made->experiment != EXPERIMENT_NONE && step_failed(about) &&
				context_experiment(drafts->context, about, made->experiment) ==
					made &&
				!is_listed(finding, i))
				finding->steps[finding->step_count++] = i;
		}
}

static struct finding finding_of(struct drafts *drafts, const struct draft *draft)
{
	const struct rule *rule = draft->rule;
	struct advice advice = rule_advice(rule);
	struct finding finding = {
		.rule = text_of(rule->id),
		.cause = rule->causes[0],
		.severity = draft->severity,
		.certainty = rule->certainty,
		.stage = draft->step->stage,
		.endpoint = draft->step->endpoint,
		.host = draft->step->host,
		.symptom = draft->step->symptom,
		.says = fill_from(drafts, draft, rule->says),
	};
	if (advice.verify)
		finding.verify = fill_from(drafts, draft, advice.verify);
	finding.alternatives = arena_new(drafts->arena, enum cause, RULE_CAUSES);
	for (size_t i = 1; i < RULE_CAUSES && rule->causes[i] != CAUSE_NONE; i++)
		finding.alternatives[finding.alternative_count++] = rule->causes[i];
	advise(drafts, draft, &finding);
	rest_on(drafts, draft, &finding);
	return finding;
}

/* Says that the first finding comes first, and which services would fail after it. */
static void tell_order(struct drafts *drafts, struct finding *first)
{
	struct texts after = {0};
	struct text own = endpoint_kind_name(first->endpoint);
	for (size_t i = 0; i < drafts->count && rank(&drafts->at[i]) == 0; i++)
		for (size_t k = 0; k < drafts->at[i].count; k++) {
			enum endpoint_kind kind = step_at(drafts, drafts->at[i].steps[k])->endpoint;
			if (!text_equal(endpoint_kind_name(kind), own))
				texts_add_once(drafts->arena, &after, endpoint_kind_name(kind));
		}
	first->says = text_format(drafts->arena,
		"%.*s In Fargate's order this is the first step of the task's start that "
		"fails%s%.*s.",
		TEXT(first->says), after.count ? "; after it " : "",
		TEXT(texts_joined(drafts->arena, after)));
}

struct diagnosis diagnose(struct arena *arena, const struct evidence *evidence)
{
	struct diagnosis diagnosis = {0};

	/* look at the context, then at each failure, then at the rest */
	struct context context = context_make(arena, evidence);
	struct drafts drafts = {.arena = arena, .context = &context};
	drafts.at = arena_new(arena, struct draft, evidence->count + rules_notes.count);
	add_failures(&drafts);
	add_notes(&drafts);
	sort_drafts(&drafts);

	/* write it down */
	diagnosis.findings = arena_new(arena, struct finding, drafts.count + 1);
	while (diagnosis.count < drafts.count) {
		diagnosis.findings[diagnosis.count] = finding_of(
			&drafts, &drafts.at[diagnosis.count]);
		diagnosis.count++;
	}
	if (drafts.count && rank(&drafts.at[0]) == 0 && order_of(&drafts.at[0]))
		tell_order(&drafts, diagnosis.findings);
	if (!vpc_is_empty(&evidence->configuration)) {
		struct chains chains = configuration_chains(arena, evidence);
		configuration_join(arena, evidence, &chains, &diagnosis);
	}
	verdict_set(&diagnosis, evidence);
	return diagnosis;
}
