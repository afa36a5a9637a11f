/* The host names of private ECR registries, in all their spellings. */
#pragma once
#include "model/target.h"

/* The host is AWS' own and meant for ECR, rightly or wrongly spelt; lower case, without port. */
bool ecr_host_is_meant(struct text host);

/* Fills account, region, partition, fips and dualstack from such a host. `region` is only used to
 * show the right form. False: `complaint` names the mistake and the right form. */
bool ecr_host_parse(struct arena *arena, struct text host, struct text region, struct target *out,
	struct text *complaint);
