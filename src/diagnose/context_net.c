/* Who else answers: conditions on addresses and neighbours. */
#include "diagnose/context.h"

unsigned peer_location(const struct context *context, const struct step *step)
{
	struct address address = context_peer(step);
	return 1U << context_location(context, &address);
}

bool peer_is_in_subnet(const struct context *context, const struct step *step)
{
	struct address address = context_peer(step);
	struct network network;
	const struct vantage *vantage = &context->evidence->vantage;
	struct text cidr = address.family == 6 ? vantage->subnet_cidr6 : vantage->subnet_cidr;
	return address.family && network_parse(cidr, &network) &&
		address_within(&address, &network);
}

bool peer_family_is_missing(const struct context *context, const struct step *step)
{
	uint8_t family = context_peer(step).family;
	if (!context->has_ipv4 && !context->has_ipv6)
		return false; /* our own addresses are not known */
	return (family == 4 && !context->has_ipv4) || (family == 6 && !context->has_ipv6);
}

/* a connection of the path, or of a control host */
static bool is_connection(const struct step *step)
{
	bool control = step->experiment == EXPERIMENT_TCP_OTHER_ANSWER ||
		step->experiment == EXPERIMENT_TCP_CONTROL_S3 ||
		step->experiment == EXPERIMENT_TCP_CONTROL_PUBLIC;
	return step->stage == STAGE_TCP && !seen_at_all(step, FACT_PROXY) &&
		(step->experiment == EXPERIMENT_NONE || control);
}

static bool is_s3(const struct step *step)
{
	return step->endpoint == ENDPOINT_S3 || step->experiment == EXPERIMENT_TCP_CONTROL_S3;
}

bool another_address_accepts(const struct context *context, const struct step *step)
{
	const struct step *other = NULL;
	uint16_t port = context_peer(step).port;
	while (step->stage == STAGE_TCP && (other = context_next(context, STAGE_TCP, other)))
		if (other->outcome == OUTCOME_PASSED && other->endpoint == step->endpoint &&
			text_same(other->host, step->host) && context_peer(other).port == port)
			return true;
	return false;
}

uint8_t context_others(const struct context *context, const struct step *step)
{
	unsigned bits = 0;
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		unsigned location = peer_location(context, other);
		bool passed = other->outcome == OUTCOME_PASSED;
		bool silent = other->outcome == OUTCOME_FAILED && other->symptom == SYMPTOM_TIMEOUT;
		if (!is_connection(other) || other == step)
			continue;
		if (passed && location == PEER(PUBLIC) && is_s3(other))
			bits |= S3_ANSWERS;
		else if (text_same(other->host, step->host))
			continue;
		else if (passed && location == PEER(PUBLIC))
			bits |= OUTSIDE_ANSWERS;
		else if (location & PEER_NEAR && (passed || silent))
			bits |= passed ? INSIDE_ANSWERS : INSIDE_IS_SILENT;
	}
	return (uint8_t)bits;
}

struct text context_resolver(const struct context *context, const struct step *step)
{
	const struct step *lookup = step->stage == STAGE_DNS ? step : NULL;
	if (!lookup)
		do
			lookup = context_next(context, STAGE_DNS, lookup);
		while (lookup && !text_same(lookup->host, step->host));
	struct address address = {0};
	if (lookup)
		address = context_peer(lookup);
	return address.family ? address_text(context->arena, &address)
			      : seen_text(step, FACT_SERVER);
}
