/* The VPC's own view of a name. A DNS server of one's own (DHCP options) may not know the VPC's
 * private zones: for names whose addresses stay silent, Amazon's resolver is asked too, and what it
 * says besides is dialled.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { DNS_PORT = 53 };

/* base plus two is no proof, so only the addresses that every VPC has count */
static bool amazon_is_configured(const struct journey *journey, const struct addresses *amazon)
{
	for (size_t i = 0; i < journey->resolvers.count; i++)
		for (size_t j = 0; j < amazon->count; j++) {
			struct address server = journey->resolvers.at[i];
			server.port = amazon->at[j].port;
			if (address_equal(&server, &amazon->at[j]))
				return true;
		}
	return false;
}

static bool is_planned(
	const struct journey *journey, const struct views *views, const struct step *step)
{
	for (size_t i = 0; i < views->count; i++)
		if (text_same(journey->evidence->steps[views->at[i].follows].host, step->host))
			return true;
	return false;
}

static void plan(struct journey *journey, struct views *views, size_t from)
{
	struct addresses amazon = amazon_resolvers(journey);
	if (amazon.count == 0 || amazon_is_configured(journey, &amazon))
		return;
	/* the last is of the family that this machine can use */
	struct address server = amazon.at[amazon.count - 1];
	server.port = DNS_PORT;
	for (size_t i = from; i < journey->evidence->count && views->count < VIEWS_MAX; i++) {
		const struct step *step = &journey->evidence->steps[i];
		if (step->experiment == EXPERIMENT_NONE && step->outcome == OUTCOME_FAILED &&
			step->cause == CAUSE_TIMEOUT && !is_planned(journey, views, step))
			views->at[views->count++] = (struct view){.follows = i,
				.query = {.name = step->host,
					.record = record_of(journey),
					.server = server}};
	}
}

/* an address of the answer that the walk did not dial for this host */
static struct address unseen(const struct journey *journey, const struct view *view)
{
	const struct text host = view->query.name;
	for (size_t i = 0; i < view->query.addresses.count; i++) {
		struct address address = view->query.addresses.at[i];
		bool known = false;
		for (size_t j = 0; j < journey->climb_count && !known; j++) {
			const struct climb *climb = &journey->climbs[j];
			if (!text_same(climb->endpoint.host, host))
				continue;
			address.port = climb->endpoint.port;
			for (size_t k = 0; k < climb->addresses.count && !known; k++)
				known = address_equal(&climb->addresses.at[k], &address);
		}
		if (!known)
			return address;
	}
	return (struct address){0};
}

void views_ask(struct journey *journey, struct views *views, size_t from, int64_t until_us)
{
	plan(journey, views, from);
	struct query *queries = arena_new(journey->arena, struct query, views->count);
	for (size_t i = 0; i < views->count; i++)
		queries[i] = views->at[i].query;
	if (views->count)
		journey->net->resolve(journey->net, queries, views->count, until_us);
	for (size_t i = 0; i < views->count; i++) {
		struct view *view = &views->at[i];
		view->query = queries[i];
		view->other = unseen(journey, view);
		record_query(journey, &view->query, EXPERIMENT_DNS_OTHER_SERVER,
			journey->evidence->steps[view->follows].role, view->follows);
	}
}

size_t views_plan(const struct views *views, struct dial *dials)
{
	size_t count = 0;
	for (size_t i = 0; i < views->count; i++)
		if (views->at[i].other.family)
			dials[count++] = (struct dial){.to = views->at[i].other, .fd = -1};
	return count;
}

static void record_dial(struct journey *journey, const struct view *view, const struct dial *dial)
{
	const struct step failed = journey->evidence->steps[view->follows];
	struct step *step = record(journey, STAGE_TCP, failed.role, failed.host, dial->cause,
		dial->detail, dial->began_us, dial->took_us);
	mark_experiment(step, EXPERIMENT_TCP_OTHER_ANSWER, view->follows);
	step->peer = address_peer(journey->arena, &dial->to);
	saw(journey, step, FACT_ERRNO, dial->error);
	saw(journey, step, FACT_HOP, address_text(journey->arena, &dial->hop));
}

void views_record(struct journey *journey, const struct views *views, const struct dial *dials)
{
	for (size_t i = 0; i < views->count; i++)
		if (views->at[i].other.family)
			record_dial(journey, &views->at[i], dials++);
}
