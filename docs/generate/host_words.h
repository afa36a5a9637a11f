/* How docs/hosts.md and its test call what the table of host names holds. */
#pragma once
#include "model/hosts.h"

static const char *const spellings[SPELLING_COUNT] = {
	[SPELLING_PLAIN] = "plain",
	[SPELLING_FIPS] = "fips",
	[SPELLING_DUALSTACK] = "dualstack",
	[SPELLING_FIPS_DUALSTACK] = "fips+dualstack",
	[SPELLING_PRIVATELINK] = "privatelink",
};

static const char *const sources[HOST_SOURCE_COUNT] = {
	[HOST_BOTOCORE] = "botocore",
	[HOST_NEWER] = "newer botocore",
	[HOST_AGENT] = "not botocore: ECS agent, kubelet",
	[HOST_DOCS] = "not botocore: AWS' pages",
};
