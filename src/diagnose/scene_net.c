/* Who else answers: conditions on addresses and neighbours. */
#include "diagnose/scene.h"

static enum place place_of(const struct scene *scene, const struct step *step)
{
	struct address address = scene_peer(step);
	return scene_place(scene, &address);
}

static bool is_near(enum place place)
{
	return place == PLACE_INSIDE || place == PLACE_PRIVATE;
}

bool peer_is_inside(const struct scene *scene, const struct step *step)
{
	return is_near(place_of(scene, step));
}

bool peer_is_elsewhere(const struct scene *scene, const struct step *step)
{
	return place_of(scene, step) == PLACE_PRIVATE;
}

bool peer_is_public(const struct scene *scene, const struct step *step)
{
	return place_of(scene, step) == PLACE_PUBLIC;
}

bool peer_is_self(const struct scene *scene, const struct step *step)
{
	return place_of(scene, step) == PLACE_SELF;
}

bool peer_is_in_subnet(const struct scene *scene, const struct step *step)
{
	struct address address = scene_peer(step);
	struct network network;
	const struct vantage *vantage = &scene->evidence->vantage;
	struct text cidr = address.family == 6 ? vantage->subnet_cidr6 : vantage->subnet_cidr;
	return address.family && network_parse(cidr, &network) &&
		address_within(&address, &network);
}

bool peer_family_is_missing(const struct scene *scene, const struct step *step)
{
	uint8_t family = scene_peer(step).family;
	if (!scene->has_ipv4 && !scene->has_ipv6)
		return false; /* our own addresses are not known */
	return (family == 4 && !scene->has_ipv4) || (family == 6 && !scene->has_ipv6);
}

bool machine_is_ipv6_only(const struct scene *scene, const struct step *step)
{
	(void)step;
	return scene->has_ipv6 && !scene->has_ipv4;
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
	return step->role == ROLE_S3 || step->experiment == EXPERIMENT_TCP_CONTROL_S3;
}

bool another_address_accepts(const struct scene *scene, const struct step *step)
{
	for (size_t i = 0; i < scene->evidence->count; i++) {
		const struct step *other = &scene->evidence->steps[i];
		if (other->stage == STAGE_TCP && other->experiment == EXPERIMENT_NONE &&
			other->outcome == OUTCOME_PASSED && other->role == step->role &&
			text_same(other->host, step->host) && step->stage == STAGE_TCP)
			return true;
	}
	return false;
}

/* another host's connection with that outcome, near or far */
static bool neighbour(const struct scene *scene, const struct step *step, enum outcome outcome,
	enum cause cause, bool near)
{
	for (size_t i = 0; i < scene->evidence->count; i++) {
		const struct step *other = &scene->evidence->steps[i];
		enum place place = place_of(scene, other);
		if (!is_connection(other) || other->outcome != outcome || other->cause != cause ||
			text_same(other->host, step->host))
			continue;
		if (near ? is_near(place) : place == PLACE_PUBLIC && !is_s3(other))
			return true;
	}
	return false;
}

bool inside_answers(const struct scene *scene, const struct step *step)
{
	return neighbour(scene, step, OUTCOME_PASSED, CAUSE_NONE, true);
}

bool inside_is_silent(const struct scene *scene, const struct step *step)
{
	return neighbour(scene, step, OUTCOME_FAILED, CAUSE_TIMEOUT, true);
}

bool outside_answers(const struct scene *scene, const struct step *step)
{
	return neighbour(scene, step, OUTCOME_PASSED, CAUSE_NONE, false);
}

bool s3_answers(const struct scene *scene, const struct step *step)
{
	for (size_t i = 0; i < scene->evidence->count; i++) {
		const struct step *other = &scene->evidence->steps[i];
		if (is_connection(other) && is_s3(other) && other->outcome == OUTCOME_PASSED &&
			place_of(scene, other) == PLACE_PUBLIC && other != step)
			return true;
	}
	return false;
}

bool anything_answers(const struct scene *scene, const struct step *step)
{
	return inside_answers(scene, step) || outside_answers(scene, step) ||
		s3_answers(scene, step);
}

/* The policy of an interface endpoint counts only where the calls go through one. */
bool caller_uses_endpoint(const struct scene *scene, const struct step *step)
{
	const struct step *tcp = scene_passed(scene, STAGE_TCP, step->role);
	return !tcp || place_of(scene, tcp) != PLACE_PUBLIC;
}
