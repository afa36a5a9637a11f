/* The context: the VPC's ranges, the experiments, and who calls. */
#include "diagnose/context.h"
#include "model/aws.h"
#include "model/hosts.h"

/* A VPC's IPv4 range has 16 bits at least, its Amazon-given IPv6 range 56:
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
enum { VPC_BITS = 16, VPC_BITS_6 = 56 };

static void widen(struct context *context, struct address address)
{
	uint8_t bits = address.family == 6 ? VPC_BITS_6 : VPC_BITS;
	if (address_is_loopback(&address) || address_is_link_local(&address))
		return;
	address.port = 0;
	context->inside[context->inside_count++] = (struct network){
		.address = address, .bits = bits};
}

static void widen_by_cidr(struct context *context, struct text cidr)
{
	struct network network;
	if (network_parse(cidr, &network))
		widen(context, network.address);
}

/* Amazon's resolver is at the base of the VPC's first range plus two. */
static bool is_base_plus_two(const struct address *address)
{
	return address->family == 4 && address->bytes[3] == 2 && address->bytes[2] % 16 == 0;
}

struct context context_ranges(struct arena *arena, const struct evidence *evidence)
{
	const struct vantage *vantage = &evidence->vantage;
	struct context context = {.arena = arena, .evidence = evidence};
	context.inside = arena_new(
		arena, struct network, vantage->addresses.count + vantage->resolvers.count + 2);
	struct address address;
	for (size_t i = 0; i < vantage->addresses.count; i++) {
		if (!address_parse(vantage->addresses.at[i], &address))
			continue;
		if (!address_is_loopback(&address) && !address_is_link_local(&address)) {
			context.has_ipv4 |= address.family == 4;
			context.has_ipv6 |= address.family == 6;
		}
		widen(&context, address);
	}
	for (size_t i = 0; i < vantage->resolvers.count; i++)
		if (address_parse(vantage->resolvers.at[i], &address) && is_base_plus_two(&address))
			widen(&context, address);
	widen_by_cidr(&context, vantage->subnet_cidr);
	widen_by_cidr(&context, vantage->subnet_cidr6);
	return context;
}

struct address context_peer(const struct step *step)
{
	struct address address = {0};
	if (!address_parse(step->peer, &address))
		address = (struct address){0};
	return address;
}

enum location context_location(const struct context *context, const struct address *address)
{
	if (address->family == 0)
		return LOCATION_UNKNOWN;
	if (address_is_loopback(address))
		return LOCATION_SELF;
	if (address_is_link_local(address))
		return LOCATION_LINK_LOCAL;
	for (size_t i = 0; i < context->inside_count; i++)
		if (address_within(address, &context->inside[i]))
			return LOCATION_INSIDE;
	return address_is_private(address) ? LOCATION_PRIVATE : LOCATION_PUBLIC;
}

void evidence_locations(const struct evidence *evidence, unsigned *locations)
{
	struct arena arena = {0};
	struct context context = context_ranges(&arena, evidence);
	for (size_t i = 0; i < evidence->count; i++) {
		struct texts addresses = seen_list(&evidence->steps[i], FACT_ADDRESSES);
		struct address address;
		for (size_t k = 0; k < addresses.count; k++)
			if (address_parse(addresses.at[k], &address))
				locations[i] |= 1u << context_location(&context, &address);
	}
	arena_end(&arena);
}

static bool is_same_endpoint(const struct step *a, const struct step *b)
{
	return a->stage == b->stage && a->endpoint == b->endpoint && text_same(a->host, b->host);
}

/* Connections to control hosts are made once for the whole run. */
static bool is_for_all(enum experiment experiment)
{
	return experiment == EXPERIMENT_TCP_CONTROL_S3 ||
		experiment == EXPERIMENT_TCP_CONTROL_PUBLIC || experiment == EXPERIMENT_TCP_PORT_80;
}

/* how well an experiment speaks for a step: 3 made for it, 2 for its endpoint, 1 for one that
 * failed alike, 0 not at all */
static int experiment_fit(
	const struct context *context, const struct step *made, const struct step *step)
{
	if (made->follows >= context->evidence->count)
		return 0;
	const struct step *symptom = &context->evidence->steps[made->follows];
	if (symptom == step)
		return 3;
	if (is_same_endpoint(symptom, step))
		return 2;
	bool alike = symptom->stage == STAGE_DNS && step->stage == STAGE_DNS &&
		symptom->symptom == step->symptom && text_equal(symptom->peer, step->peer);
	return alike || is_for_all(made->experiment);
}

const struct step *context_experiment(
	const struct context *context, const struct step *step, enum experiment experiment)
{
	const struct step *best = NULL;
	int best_fit = 0;
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *made = &context->evidence->steps[i];
		if (made->experiment != experiment || made->outcome == OUTCOME_SKIPPED)
			continue;
		/* of several for one step, one that passed says more */
		int fit = experiment_fit(context, made, step) * 2;
		if (fit && made->outcome == OUTCOME_PASSED)
			fit++;
		if (fit > best_fit) {
			best = made;
			best_fit = fit;
		}
	}
	return best;
}

bool context_tried(const struct context *context, const struct step *step,
	enum experiment experiment, enum outcome outcome)
{
	const struct step *made = context_experiment(context, step, experiment);
	return made && made->outcome == outcome;
}

bool endpoint_is_of_pull(enum endpoint_kind kind)
{
	return kind <= ENDPOINT_S3;
}

const struct step *context_next(
	const struct context *context, enum stage stage, const struct step *last)
{
	const struct step *steps = context->evidence->steps;
	for (size_t i = last ? (size_t)(last - steps) + 1 : 0; i < context->evidence->count; i++)
		if (steps[i].experiment == EXPERIMENT_NONE && steps[i].stage == stage)
			return &steps[i];
	return NULL;
}

const struct step *context_passed(
	const struct context *context, enum stage stage, enum endpoint_kind kind)
{
	const struct step *step = NULL;
	while ((step = context_next(context, stage, step)))
		if (step->endpoint == kind && step->outcome == OUTCOME_PASSED)
			break;
	return step;
}

bool context_clock_offset(const struct context *context, int64_t *seconds)
{
	for (size_t i = 0; i < context->evidence->count; i++)
		if (seen_at_all(&context->evidence->steps[i], FACT_CLOCK_OFFSET)) {
			*seconds = seen_number(&context->evidence->steps[i], FACT_CLOCK_OFFSET);
			return true;
		}
	return false;
}

struct text context_principal(const struct context *context, const struct step *step)
{
	struct text principal = step ? seen_text(step, FACT_PRINCIPAL) : T("");
	if (principal.len)
		return principal;
	for (size_t i = 0; i < context->evidence->count && !principal.len; i++) {
		/* what S3 names is ECR's own role, not the caller */
		const struct step *other = &context->evidence->steps[i];
		struct text named = seen_text(other, FACT_PRINCIPAL);
		/* and of an instance only the role's name may be known */
		if (other->endpoint != ENDPOINT_S3 && text_starts(named, T("arn:")))
			principal = named;
	}
	return principal.len ? principal : context->evidence->vantage.principal;
}

struct text context_caller_account(const struct context *context)
{
	struct arn arn;
	bool known = arn_parse(context_principal(context, NULL), &arn);
	return known && account_is_wellformed(arn.account) ? arn.account : T("");
}

/* "arn:aws:sts::123456789012:assumed-role/NAME/session", "arn:aws:iam::...:role/path/NAME", and of
 * an instance the name alone */
struct text role_name(struct text principal)
{
	struct text rest = principal;
	bool assumed = text_holds(rest, T(":assumed-role/"));
	if (!text_holds(rest, T(":")))
		return rest;
	if (!assumed && !text_holds(rest, T(":role/")))
		return T("");
	text_cut(&rest, T("role/"));
	if (assumed)
		return text_cut(&rest, T("/"));
	while (text_holds(rest, T("/")))
		text_cut(&rest, T("/"));
	return rest;
}
