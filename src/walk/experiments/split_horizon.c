/* The VPC's own view of a name. A DNS server of one's own (DHCP options) may not know the VPC's
 * private zones: for names whose addresses stay silent, Amazon's resolver is asked too, and what it
 * says besides is dialled.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { DNS_PORT = 53 };

/* base plus two is no proof, so only the addresses that every VPC has count */
static bool amazon_is_configured(const struct probe *probe, const struct addresses *amazon)
{
	for (size_t i = 0; i < probe->resolvers.count; i++)
		for (size_t j = 0; j < amazon->count; j++) {
			struct address server = probe->resolvers.at[i];
			server.port = amazon->at[j].port;
			if (address_equal(&server, &amazon->at[j]))
				return true;
		}
	return false;
}

static bool is_planned(const struct probe *probe, const struct split_horizon *split_horizon,
	const struct step *step)
{
	for (size_t i = 0; i < split_horizon->count; i++)
		if (text_same(
			    probe->evidence->steps[split_horizon->at[i].follows].host, step->host))
			return true;
	return false;
}

static void plan(struct probe *probe, struct split_horizon *split_horizon, size_t from)
{
	struct addresses amazon = amazon_resolvers(probe);
	if (amazon.count == 0 || amazon_is_configured(probe, &amazon))
		return;
	/* the last is of the family that this machine can use */
	struct address server = amazon.at[amazon.count - 1];
	server.port = DNS_PORT;
	for (size_t i = from; i < probe->evidence->count && split_horizon->count < VIEWS_MAX; i++) {
		const struct step *step = &probe->evidence->steps[i];
		if (step->experiment == EXPERIMENT_NONE && step->outcome == OUTCOME_FAILED &&
			step->symptom == SYMPTOM_TIMEOUT && !is_planned(probe, split_horizon, step))
			split_horizon->at[split_horizon->count++] = (struct view){.follows = i,
				.query = {.name = step->host,
					.record = record_of(probe),
					.server = server}};
	}
}

/* an address of the answer that the walk did not dial for this host */
static struct address unseen(const struct probe *probe, const struct view *view)
{
	const struct text host = view->query.name;
	for (size_t i = 0; i < view->query.addresses.count; i++) {
		struct address address = view->query.addresses.at[i];
		bool known = false;
		for (size_t j = 0; j < probe->state_count && !known; j++) {
			const struct endpoint_state *state = &probe->states[j];
			if (!text_same(state->endpoint.host, host))
				continue;
			address.port = state->endpoint.port;
			for (size_t k = 0; k < state->addresses.count && !known; k++)
				known = address_equal(&state->addresses.at[k], &address);
		}
		if (!known)
			return address;
	}
	return (struct address){0};
}

void split_horizon_ask(
	struct probe *probe, struct split_horizon *split_horizon, size_t from, int64_t until_us)
{
	plan(probe, split_horizon, from);
	struct query *queries = arena_new(probe->arena, struct query, split_horizon->count);
	for (size_t i = 0; i < split_horizon->count; i++)
		queries[i] = split_horizon->at[i].query;
	if (split_horizon->count)
		net_resolve(probe->net, queries, split_horizon->count, until_us);
	for (size_t i = 0; i < split_horizon->count; i++) {
		struct view *view = &split_horizon->at[i];
		view->query = queries[i];
		view->other = unseen(probe, view);
		record_query(probe, &view->query, EXPERIMENT_DNS_OTHER_SERVER,
			probe->evidence->steps[view->follows].endpoint, view->follows);
	}
}

size_t split_horizon_plan(const struct split_horizon *split_horizon, struct dial *dials)
{
	size_t count = 0;
	for (size_t i = 0; i < split_horizon->count; i++)
		if (split_horizon->at[i].other.family)
			dials[count++] = (struct dial){.to = split_horizon->at[i].other, .fd = -1};
	return count;
}

static void record_dial(struct probe *probe, const struct view *view, const struct dial *dial)
{
	const struct step failed = probe->evidence->steps[view->follows];
	struct step *step = record(probe, STAGE_TCP, failed.endpoint, failed.host, dial->symptom,
		dial->detail, dial->began_us, dial->took_us);
	mark_experiment(step, EXPERIMENT_TCP_OTHER_ANSWER, view->follows);
	step->peer = address_peer(probe->arena, &dial->to);
	saw(probe, step, FACT_ERRNO, dial->error);
	saw(probe, step, FACT_HOP, address_text(probe->arena, &dial->hop));
}

void split_horizon_record(
	struct probe *probe, const struct split_horizon *split_horizon, const struct dial *dials)
{
	for (size_t i = 0; i < split_horizon->count; i++)
		if (split_horizon->at[i].other.family)
			record_dial(probe, &split_horizon->at[i], dials++);
}
