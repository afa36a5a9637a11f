/* Symptom and cause: what the walk saw, joined with what the configuration says. The walk is
 * believed; the configuration says which of its possible causes it is, and what to change. */
#include "diagnose/configuration_parts.h"
#include "diagnose/rule.h"
#include <string.h>

struct join {
	struct arena *arena;
	const struct evidence *evidence;
	const struct diagnosis *diagnosis;
	struct vpc_list findings; /* struct finding: what is added */
};

/* the links of one chain and stage that have an effect */
struct hop {
	const struct chain *chain;
	enum stage stage;
	const struct link *first; /* that blocks, or blocks partly */
	size_t blocks;
	size_t partly;
	struct text unsure; /* what is unread, beyond or undecided, in words */
};

static struct hop hop_of(struct arena *arena, const struct chain *chain, enum stage stage)
{
	struct hop hop = {.chain = chain, .stage = stage};
	for (size_t i = 0; i < chain->count; i++) {
		const struct link *link = &chain->links[i];
		bool worse = !hop.first || link->effect > hop.first->effect;
		if (link->stage != stage || link->effect == EFFECT_PASSES)
			continue;
		hop.blocks += link->effect == EFFECT_BLOCKS;
		hop.partly += link->effect == EFFECT_PARTLY;
		if (link->effect >= EFFECT_PARTLY)
			hop.first = worse ? link : hop.first;
		else
			hop.unsure = text_format(arena, "%.*s%s%s %.*s: %.*s", TEXT(hop.unsure),
				hop.unsure.len ? "; " : "", link->what, TEXT(link->id),
				TEXT(link->line));
	}
	return hop;
}

/* what the walk did at that stage of that endpoint */
enum walked { WALKED_NOT, WALKED_PASSED, WALKED_FAILED };

static enum walked walked_at(const struct join *join, enum endpoint_kind endpoint, enum stage stage)
{
	enum walked walked = WALKED_NOT;
	for (size_t i = 0; i < join->evidence->count; i++) {
		const struct step *step = &join->evidence->steps[i];
		if (step->endpoint != endpoint || step->stage != stage ||
			step->experiment != EXPERIMENT_NONE)
			continue;
		if (step->outcome == OUTCOME_FAILED)
			return WALKED_FAILED;
		if (step->outcome == OUTCOME_PASSED)
			walked = WALKED_PASSED;
	}
	return walked;
}

static void add_cause(struct finding *finding, enum cause cause)
{
	for (size_t i = 0; i < finding->alternative_count; i++)
		if (finding->alternatives[i] == cause)
			return;
	if (cause != finding->cause && finding->alternative_count < RULE_ALTERNATIVES)
		finding->alternatives[finding->alternative_count++] = cause;
}

static void add_once(struct arena *arena, struct texts *list, struct texts more)
{
	for (size_t i = 0; i < more.count; i++)
		if (!texts_hold(*list, more.at[i]))
			texts_add(arena, list, more.at[i]);
}

/* The finding says what the links of the hop do, and what to change. */
static void tell(
	struct join *join, struct finding *finding, const struct hop *hop, const char *sees)
{
	struct arena *arena = join->arena;
	struct text says = {0};
	finding->fix = finding->confirm = (struct texts){0};
	finding->alternatives = arena_new(arena, enum cause, RULE_ALTERNATIVES);
	finding->alternative_count = 0;
	finding->cause = hop->first->cause;
	for (size_t i = 0; i < hop->chain->count; i++) {
		const struct link *link = &hop->chain->links[i];
		if (link->stage != hop->stage || link->effect < hop->first->effect)
			continue;
		says = text_format(
			arena, "%.*s%s%.*s", TEXT(says), says.len ? "; " : "", TEXT(link->line));
		add_once(arena, &finding->resources, link->resources);
		add_once(arena, &finding->fix, link->fix);
		texts_add(arena, &finding->confirm, link->read);
		add_cause(finding, link->cause);
	}
	finding->says = text_format(arena, "%.*s%s", TEXT(says), sees);
}

/* Whether the link explains how the step failed: what AWS drops is silent, and what it denies it
 * says. */
static bool explains(const struct finding *finding, const struct link *link)
{
	enum symptom symptom = finding->symptom;
	bool possible = finding->cause == link->cause;
	for (size_t i = 0; i < finding->alternative_count; i++)
		possible |= finding->alternatives[i] == link->cause;
	if (link->cause == CAUSE_DNS_TIMEOUT)
		return symptom == SYMPTOM_TIMEOUT || symptom == SYMPTOM_REFUSED ||
			symptom == SYMPTOM_SERVFAIL;
	if (link->cause == CAUSE_DNS_NXDOMAIN)
		return symptom == SYMPTOM_NXDOMAIN;
	if (link->cause == CAUSE_DNS_NODATA)
		return symptom == SYMPTOM_NODATA;
	if (finding->stage == STAGE_TCP)
		return symptom == SYMPTOM_TIMEOUT || symptom == SYMPTOM_UNREACHABLE ||
			symptom == SYMPTOM_NO_ADDRESS;
	return possible;
}

static void add_contradiction(
	struct join *join, const struct hop *hop, struct text says, const struct link *link)
{
	struct finding finding = {
		.rule = T("configuration-contradiction"),
		.cause = CAUSE_CONFIG_CONTRADICTION,
		.severity = SEVERITY_NOTE,
		.certainty = CERTAINTY_PROVEN,
		.stage = hop->stage,
		.endpoint = hop->chain->endpoint,
		.host = hop->chain->host,
		.says = says,
	};
	const struct advice *advice = advice_of(finding.cause);
	for (size_t i = 0; i < ADVICE_LINES && advice->fix[i]; i++)
		texts_add(join->arena, &finding.fix, text_of(advice->fix[i]));
	if (link) {
		finding.resources = link->resources;
		texts_add(join->arena, &finding.confirm, link->read);
	}
	*(struct finding *)vpc_add(join->arena, &join->findings, sizeof finding) = finding;
}

/* Every link lets it through, and it fails: an appliance, a stale read, or a mistake of ours. */
static void doubt(struct join *join, struct finding *finding, const struct hop *hop)
{
	struct arena *arena = join->arena;
	bool silent = finding->stage <= STAGE_TCP && finding->symptom == SYMPTOM_TIMEOUT;
	if (hop->unsure.len && finding->certainty != CERTAINTY_PROVEN)
		finding->verify = text_format(arena, "%.*s%sThe configuration leaves open: %.*s.",
			TEXT(finding->verify), finding->verify.len ? " " : "", TEXT(hop->unsure));
	else if (silent && finding->certainty != CERTAINTY_PROVEN && !hop->partly)
		add_contradiction(join, hop,
			text_format(arena,
				"%.*s does not answer, and yet every rule of the configuration "
				"that was read lets it through: a device on the way that is not "
				"described there drops it, or a change has not taken effect.",
				TEXT(finding->host)),
			NULL);
}

/* the walk failed there */
static void join_failure(struct join *join, struct finding *finding, const struct hop *hop)
{
	static const char *const sees[STAGE_COUNT] = {
		[STAGE_DNS] = ", and the name does not resolve.",
		[STAGE_TCP] = ", and nothing answers there.",
		[STAGE_TOKEN] = ", and no token is given.",
		[STAGE_MANIFEST] = ", and the manifest is refused.",
		[STAGE_LAYERS] = ", and the layers are refused.",
		[STAGE_START] = ", and the service refuses.",
	};
	if (!hop->blocks) {
		doubt(join, finding, hop);
		return;
	}
	if (!explains(finding, hop->first))
		return;
	enum cause seen = finding->cause;
	bool more = finding->certainty == CERTAINTY_PROVEN && hop->first->cause != seen;
	/* to close a part of the ports is one thing that network ACLs do */
	bool finer = seen == CAUSE_NET_PORT_RANGE && hop->first->cause == CAUSE_NET_NACL;
	if (more && !finer)
		return;
	tell(join, finding, hop, sees[hop->stage] ? sees[hop->stage] : ".");
	if (more)
		finding->cause = seen;
	finding->certainty = hop->blocks == 1 ? CERTAINTY_PROVEN : CERTAINTY_LIKELY;
	finding->verify = hop->blocks == 1
		? T("")
		: T("Each of them blocks it by itself: change one after the other, and run again.");
	/* what blocks twice for one reason */
	if (hop->blocks > 1 && !finding->alternative_count)
		add_cause(finding, CAUSE_CONFIG_CONTRADICTION);
}

/* The role that was judged is not the one that the walk had. */
static bool is_other_role(const struct join *join, const struct link *link)
{
	struct text role = join->evidence->configuration.subject.role;
	struct text principal = join->evidence->vantage.principal;
	while (text_holds(role, T("/")))
		text_cut(&role, T("/"));
	bool by_policy = link->stage > STAGE_CREDENTIALS && link->stage != STAGE_LAYERS;
	return by_policy && role.len && principal.len &&
		!text_holds(principal, text_format(join->arena, "/%.*s", TEXT(role)));
}

static bool is_among(const struct finding *all, size_t count, const struct finding *finding)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].cause == finding->cause && all[i].endpoint == finding->endpoint &&
			all[i].resources.count && finding->resources.count &&
			text_equal(all[i].resources.at[0], finding->resources.at[0]))
			return true;
	return false;
}

/* the walk did not fail there */
static void join_hop(struct join *join, const struct hop *hop)
{
	enum walked walked = walked_at(join, hop->chain->endpoint, hop->stage);
	if (!hop->first || walked == WALKED_FAILED)
		return;
	if (walked == WALKED_PASSED && !is_other_role(join, hop->first)) {
		if (hop->blocks)
			add_contradiction(join, hop,
				text_format(join->arena,
					"%.*s, and yet the walk got through: the configuration was "
					"changed, or this part of it was misread.",
					TEXT(hop->first->line)),
				hop->first);
		return;
	}
	struct finding finding = {
		.rule = T("configuration"),
		.severity = hop->blocks ? SEVERITY_BROKEN : SEVERITY_WARNING,
		.certainty = CERTAINTY_LIKELY,
		.verify = T("A walk from the subnet: pullprobe launch, or pullprobe check there."),
		.stage = hop->stage,
		.endpoint = hop->chain->endpoint,
		.host = hop->chain->host,
	};
	tell(join, &finding, hop, ".");
	/* one policy that stops the manifest and the layers is one thing to change */
	if (is_among(join->findings.at, join->findings.count, &finding) ||
		is_among(join->diagnosis->findings, join->diagnosis->count, &finding))
		return;
	add_cause(&finding, CAUSE_CONFIG_CONTRADICTION);
	*(struct finding *)vpc_add(join->arena, &join->findings, sizeof finding) = finding;
}

static int rank(const struct finding *finding)
{
	if (finding->severity != SEVERITY_BROKEN)
		return 1 + (int)finding->severity;
	return !endpoint_is_of_pull(finding->endpoint);
}

/* in walking order: what was found already keeps its place */
static void insert(struct diagnosis *diagnosis, struct finding finding)
{
	size_t at = diagnosis->count++;
	struct finding *all = diagnosis->findings;
	for (; at > 0; at--) {
		int before = rank(&all[at - 1]) - rank(&finding);
		if (before < 0 || (before == 0 && all[at - 1].stage <= finding.stage))
			break;
		all[at] = all[at - 1];
	}
	all[at] = finding;
}

void configuration_join(struct arena *arena, const struct evidence *evidence,
	const struct chains *chains, struct diagnosis *diagnosis)
{
	struct join join = {.arena = arena, .evidence = evidence, .diagnosis = diagnosis};
	for (size_t c = 0; c < chains->count; c++)
		for (size_t stage = 0; stage < STAGE_COUNT; stage++) {
			struct hop hop = hop_of(arena, &chains->at[c], (enum stage)stage);
			for (size_t i = 0; i < diagnosis->count; i++) {
				struct finding *finding = &diagnosis->findings[i];
				if (finding->endpoint == hop.chain->endpoint &&
					finding->stage == hop.stage && finding->step_count &&
					finding->severity != SEVERITY_NOTE)
					join_failure(&join, finding, &hop);
			}
			join_hop(&join, &hop);
		}
	struct finding *all = arena_new(
		arena, struct finding, diagnosis->count + join.findings.count + 1);
	if (diagnosis->count)
		memcpy(all, diagnosis->findings, diagnosis->count * sizeof *all);
	diagnosis->findings = all;
	for (size_t i = 0; i < join.findings.count; i++)
		insert(diagnosis, ((struct finding *)join.findings.at)[i]);
}
