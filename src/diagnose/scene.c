/* The scene: the VPC's ranges, the experiments, and who is calling. */
#include "diagnose/scene.h"

/* A VPC's IPv4 range has 16 bits at least, its Amazon-given IPv6 range 56:
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
enum { VPC_BITS = 16, VPC_BITS_6 = 56 };

static void widen(struct scene *scene, struct address address)
{
	uint8_t bits = address.family == 6 ? VPC_BITS_6 : VPC_BITS;
	if (address_is_loopback(&address) || address_is_link_local(&address))
		return;
	address.port = 0;
	scene->inside[scene->inside_count++] = (struct network){.address = address, .bits = bits};
}

static void widen_by_cidr(struct scene *scene, struct text cidr)
{
	struct network network;
	if (network_parse(cidr, &network))
		widen(scene, network.address);
}

/* Amazon's resolver stands at the base of the VPC's first range plus two. */
static bool is_base_plus_two(const struct address *address)
{
	return address->family == 4 && address->bytes[3] == 2 && address->bytes[2] % 16 == 0;
}

struct scene scene_make(struct arena *arena, const struct evidence *evidence)
{
	const struct vantage *vantage = &evidence->vantage;
	struct scene scene = {.arena = arena, .evidence = evidence};
	scene.inside = arena_new(
		arena, struct network, vantage->addresses.count + vantage->resolvers.count + 2);
	struct address address;
	for (size_t i = 0; i < vantage->addresses.count; i++) {
		if (!address_parse(vantage->addresses.at[i], &address))
			continue;
		if (!address_is_loopback(&address) && !address_is_link_local(&address)) {
			scene.has_ipv4 |= address.family == 4;
			scene.has_ipv6 |= address.family == 6;
		}
		widen(&scene, address);
	}
	for (size_t i = 0; i < vantage->resolvers.count; i++)
		if (address_parse(vantage->resolvers.at[i], &address) && is_base_plus_two(&address))
			widen(&scene, address);
	widen_by_cidr(&scene, vantage->subnet_cidr);
	widen_by_cidr(&scene, vantage->subnet_cidr6);
	return scene;
}

struct address scene_peer(const struct step *step)
{
	struct address address = {0};
	if (!address_parse(step->peer, &address))
		address = (struct address){0};
	return address;
}

enum place scene_place(const struct scene *scene, const struct address *address)
{
	if (address->family == 0)
		return PLACE_UNKNOWN;
	if (address_is_loopback(address))
		return PLACE_SELF;
	if (address_is_link_local(address))
		return PLACE_LINK_LOCAL;
	for (size_t i = 0; i < scene->inside_count; i++)
		if (address_within(address, &scene->inside[i]))
			return PLACE_INSIDE;
	return address_is_private(address) ? PLACE_PRIVATE : PLACE_PUBLIC;
}

size_t scene_index(const struct scene *scene, const struct step *step)
{
	return (size_t)(step - scene->evidence->steps);
}

static bool is_same_endpoint(const struct step *a, const struct step *b)
{
	return a->stage == b->stage && a->role == b->role && text_same(a->host, b->host);
}

/* The controls stand for the whole run. */
static bool is_for_all(enum experiment experiment)
{
	return experiment == EXPERIMENT_TCP_CONTROL_S3 ||
		experiment == EXPERIMENT_TCP_CONTROL_PUBLIC || experiment == EXPERIMENT_TCP_PORT_80;
}

/* how well an experiment speaks for a step: 3 made for it, 2 for its endpoint, 1 for one that
 * failed alike, 0 not at all */
static int fits(const struct scene *scene, const struct step *made, const struct step *step)
{
	if (made->follows >= scene->evidence->count)
		return 0;
	const struct step *cause = &scene->evidence->steps[made->follows];
	if (cause == step)
		return 3;
	if (is_same_endpoint(cause, step))
		return 2;
	bool alike = cause->stage == STAGE_DNS && step->stage == STAGE_DNS &&
		cause->cause == step->cause && text_equal(cause->peer, step->peer);
	return alike || is_for_all(made->experiment);
}

const struct step *scene_experiment(
	const struct scene *scene, const struct step *step, enum experiment experiment)
{
	const struct step *best = NULL;
	int best_fit = 0;
	for (size_t i = 0; i < scene->evidence->count; i++) {
		const struct step *made = &scene->evidence->steps[i];
		if (made->experiment != experiment || made->outcome == OUTCOME_SKIPPED)
			continue;
		/* of several for one step, one that passed says more */
		int fit = fits(scene, made, step) * 2;
		if (fit && made->outcome == OUTCOME_PASSED)
			fit++;
		if (fit > best_fit) {
			best = made;
			best_fit = fit;
		}
	}
	return best;
}

bool scene_experiment_passed(
	const struct scene *scene, const struct step *step, enum experiment experiment)
{
	const struct step *made = scene_experiment(scene, step, experiment);
	return made && made->outcome == OUTCOME_PASSED;
}

bool scene_experiment_failed(
	const struct scene *scene, const struct step *step, enum experiment experiment)
{
	const struct step *made = scene_experiment(scene, step, experiment);
	return made && made->outcome == OUTCOME_FAILED;
}

bool scene_role_pulls(enum role role)
{
	return role <= ROLE_S3;
}

bool scene_on_path(const struct step *step)
{
	return step->experiment == EXPERIMENT_NONE && scene_role_pulls(step->role);
}

const struct step *scene_step(const struct scene *scene, enum stage stage, enum role role)
{
	for (size_t i = 0; i < scene->evidence->count; i++) {
		const struct step *step = &scene->evidence->steps[i];
		if (step->experiment == EXPERIMENT_NONE && step->stage == stage &&
			step->role == role)
			return step;
	}
	return NULL;
}

const struct step *scene_passed(const struct scene *scene, enum stage stage, enum role role)
{
	for (size_t i = 0; i < scene->evidence->count; i++) {
		const struct step *step = &scene->evidence->steps[i];
		if (step->experiment == EXPERIMENT_NONE && step->stage == stage &&
			step->role == role && step->outcome == OUTCOME_PASSED)
			return step;
	}
	return NULL;
}

bool scene_clock_offset(const struct scene *scene, int64_t *seconds)
{
	for (size_t i = 0; i < scene->evidence->count; i++)
		if (seen_at_all(&scene->evidence->steps[i], FACT_CLOCK_OFFSET)) {
			*seconds = seen_number(&scene->evidence->steps[i], FACT_CLOCK_OFFSET);
			return true;
		}
	return false;
}

struct text scene_principal(const struct scene *scene, const struct step *step)
{
	struct text principal = step ? seen_text(step, FACT_PRINCIPAL) : T("");
	if (principal.len)
		return principal;
	for (size_t i = 0; i < scene->evidence->count && !principal.len; i++) {
		/* what S3 names is ECR's own role, not the caller */
		const struct step *other = &scene->evidence->steps[i];
		struct text named = seen_text(other, FACT_PRINCIPAL);
		/* and of an instance only the role's name may be known */
		if (other->role != ROLE_S3 && text_starts(named, T("arn:")))
			principal = named;
	}
	return principal.len ? principal : scene->evidence->vantage.principal;
}

/* "arn:aws:sts::123456789012:assumed-role/name/session": the fifth field */
struct text scene_caller_account(const struct scene *scene)
{
	struct text rest = scene_principal(scene, NULL);
	for (int i = 0; i < 4; i++)
		text_cut(&rest, T(":"));
	struct text account = text_cut(&rest, T(":"));
	return account.len == 12 && text_only(account, T("0123456789")) ? account : T("");
}

bool source_is(const struct step *step, struct text name)
{
	return text_equal(seen_text(step, FACT_SOURCE), name);
}

bool error_holds(const struct step *step, struct text word)
{
	return text_holds(seen_text(step, FACT_ERROR_CODE), word);
}
