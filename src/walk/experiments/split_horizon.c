/* The VPC's own view of a name. A DNS server of one's own (DHCP options) may not know the VPC's
 * private zones: for names whose addresses stay silent, Amazon's resolver is asked too, and what it
 * says besides is dialled.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html */
#include "walk/experiments.h"
#include <unistd.h>

enum { DNS_PORT = 53 };

/* what the VPC's own resolver says of a name whose addresses stay silent */
struct view_trial {
	struct trial trial;
	const struct endpoint_state *state;
	struct query query;
	struct dial dial; /* to an address that the walk did not see; family 0: none */
};

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

/* an address of the answer that is not among the endpoint's own */
static struct address unseen(const struct view_trial *view)
{
	const struct addresses *found = &view->query.addresses, *own = &view->state->addresses;
	for (size_t i = 0; i < found->count; i++) {
		struct address address = found->at[i];
		bool known = false;
		address.port = view->state->endpoint.port;
		for (size_t k = 0; k < own->count && !known; k++)
			known = address_equal(&own->at[k], &address);
		if (!known)
			return address;
	}
	return (struct address){0};
}

static void view_begin(struct probe *probe, struct trial *trial)
{
	struct view_trial *view = (struct view_trial *)trial;
	probe->net->resolve(probe->net, &view->query, 1, trial->until_us);
}

static bool view_work(struct probe *probe, struct trial *trial)
{
	struct view_trial *view = (struct view_trial *)trial;
	struct dial *dial = &view->dial;
	if (view->query.pending)
		return false;
	if (!dial->to.family && view->query.symptom == SYMPTOM_NONE) {
		dial->to = unseen(view);
		if (dial->to.family)
			probe->net->connect(probe->net, dial, 1, trial->until_us);
	}
	if (!dial->pending && dial->fd >= 0) {
		close(dial->fd);
		dial->fd = -1;
	}
	return !dial->pending;
}

static void view_write(struct probe *probe, struct trial *trial)
{
	const struct view_trial *view = (struct view_trial *)trial;
	const struct step failed = probe->evidence->steps[trial->follows];
	write_as(probe, EXPERIMENT_DNS_OTHER_SERVER, trial->follows);
	record_query(probe, &view->query, failed.endpoint);
	write_as(probe, EXPERIMENT_TCP_OTHER_ANSWER, trial->follows);
	if (view->dial.to.family)
		record_dial(probe, failed.endpoint, failed.host, &view->dial);
}

struct trial *try_other_answer(
	struct probe *probe, const struct endpoint_state *state, int64_t since_us)
{
	struct addresses amazon = amazon_resolvers(probe);
	struct trials of_name = {0};
	if (amazon.count == 0 || amazon_is_configured(probe, &amazon))
		return NULL;
	struct view_trial *view = arena_new(probe->arena, struct view_trial, 1);
	/* the last is of the family that this machine can use */
	struct address server = amazon.at[amazon.count - 1];
	server.port = DNS_PORT;
	view->trial.begin = view_begin;
	view->trial.work = view_work;
	view->trial.write = view_write;
	view->state = state;
	view->dial.fd = -1;
	view->query = (struct query){
		.name = state->endpoint.host, .record = record_of(probe), .server = server};
	trial_begin(probe, &of_name, &view->trial, since_us);
	return &view->trial;
}
