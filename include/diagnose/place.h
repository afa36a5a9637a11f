/* The places of templates, a row each. */
#pragma once
#include "diagnose/scene.h"

struct place_input {
	struct arena *arena;
	const struct scene *scene;
	const struct step
		*step; /* what the finding is about; NULL when it is about the whole run */
	const size_t *steps;
	size_t step_count;
};

struct place_row {
	struct text name;
	struct text (*value)(const struct place_input *input);
	struct text otherwise; /* when the evidence does not know */
};

/* NULL when there is no such place */
const struct place_row *place_row(struct text name);

/* values that need AWS' spelling: src/diagnose/place_aws.c */
struct text place_dualstack_host(const struct place_input *input);
struct text place_dualstack_registry(const struct place_input *input);
struct text place_other_spelling(const struct place_input *input);
struct text place_translated_ip(const struct place_input *input);
struct text place_plain_host(const struct place_input *input);
struct text place_service(const struct place_input *input);
struct text place_endpoint_name(const struct place_input *input);
struct text place_partition(const struct place_input *input);
struct text place_region(const struct place_input *input);
struct text place_region_option(const struct place_input *input);
struct text place_bucket(const struct place_input *input);
struct text place_repository_arn(const struct place_input *input);
struct text place_role_hint(const struct place_input *input);
struct text place_managed_policy(const struct place_input *input);
struct text place_principal(const struct place_input *input);
struct text place_caller_account(const struct place_input *input);
struct text place_role_name(const struct place_input *input);
struct text place_asked_role(const struct place_input *input);
struct text place_role_arn(const struct place_input *input);
struct text place_attach(const struct place_input *input);
struct text place_grant(const struct place_input *input);
struct text place_own_ip(const struct place_input *input);
struct text place_subnet_query(const struct place_input *input);
struct text place_vpc_query(const struct place_input *input);
struct text place_image_id(const struct place_input *input);
struct text place_cluster(const struct place_input *input);

/* "a, b, c" */
struct text place_listed(const struct place_input *input, struct texts list);

/* values that experiments give: src/diagnose/place_tries.c */
struct text place_nearest_tag(const struct place_input *input);
struct text place_found_tags(const struct place_input *input);
struct text place_nearest_repository(const struct place_input *input);
struct text place_passed_ports(const struct place_input *input);
struct text place_failed_ports(const struct place_input *input);
struct text place_largest_passed(const struct place_input *input);
struct text place_other_server(const struct place_input *input);
struct text place_second_opinion(const struct place_input *input);
struct text place_other_answer(const struct place_input *input);
struct text place_resolver(const struct place_input *input);
