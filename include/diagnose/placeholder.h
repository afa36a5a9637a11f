/* The places of templates, a row each. */
#pragma once
#include "diagnose/context.h"

struct placeholder_input {
	struct arena *arena;
	const struct context *context;
	const struct step
		*step; /* what the finding is about; NULL when it is about the whole run */
	const size_t *steps;
	size_t step_count;
};

struct placeholder_row {
	struct text name;
	struct text (*value)(const struct placeholder_input *input);
	struct text otherwise; /* when the evidence does not know */
};

/* NULL when there is no such place */
const struct placeholder_row *placeholder_row(struct text name);

/* values that need AWS' spelling: src/diagnose/placeholder_aws.c */
struct text placeholder_dualstack_host(const struct placeholder_input *input);
struct text placeholder_dualstack_registry(const struct placeholder_input *input);
struct text placeholder_other_spelling(const struct placeholder_input *input);
struct text placeholder_translated_ip(const struct placeholder_input *input);
struct text placeholder_plain_host(const struct placeholder_input *input);
struct text placeholder_service(const struct placeholder_input *input);
struct text placeholder_endpoint_name(const struct placeholder_input *input);
struct text placeholder_partition(const struct placeholder_input *input);
struct text placeholder_region(const struct placeholder_input *input);
struct text placeholder_region_option(const struct placeholder_input *input);
struct text placeholder_own_region(const struct placeholder_input *input);
struct text placeholder_own_region_option(const struct placeholder_input *input);
struct text placeholder_bucket(const struct placeholder_input *input);
struct text placeholder_repository_arn(const struct placeholder_input *input);
struct text placeholder_role_hint(const struct placeholder_input *input);
struct text placeholder_managed_policy(const struct placeholder_input *input);
struct text placeholder_principal(const struct placeholder_input *input);
struct text placeholder_caller_account(const struct placeholder_input *input);
struct text placeholder_role_name(const struct placeholder_input *input);
struct text placeholder_asked_role(const struct placeholder_input *input);
struct text placeholder_role_arn(const struct placeholder_input *input);
struct text placeholder_attach(const struct placeholder_input *input);
struct text placeholder_grant(const struct placeholder_input *input);
struct text placeholder_own_ip(const struct placeholder_input *input);
struct text placeholder_subnet_query(const struct placeholder_input *input);
struct text placeholder_vpc_query(const struct placeholder_input *input);
struct text placeholder_image_id(const struct placeholder_input *input);
struct text placeholder_cluster(const struct placeholder_input *input);

/* values that experiments give: src/diagnose/placeholder_tries.c */
struct text placeholder_nearest_tag(const struct placeholder_input *input);
struct text placeholder_found_tags(const struct placeholder_input *input);
struct text placeholder_nearest_repository(const struct placeholder_input *input);
struct text placeholder_passed_ports(const struct placeholder_input *input);
struct text placeholder_failed_ports(const struct placeholder_input *input);
struct text placeholder_largest_passed(const struct placeholder_input *input);
struct text placeholder_other_server(const struct placeholder_input *input);
struct text placeholder_cross_check(const struct placeholder_input *input);
struct text placeholder_other_answer(const struct placeholder_input *input);
struct text placeholder_resolver(const struct placeholder_input *input);
