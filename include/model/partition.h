/* AWS partitions and the names that services have in them. */
#pragma once
#include "base/arena.h"

/* One partition; AWS, botocore partitions.json and endpoints.json. Several by '|'. */
struct partition {
	struct text name;	      /* "aws-cn", as in ARNs */
	struct text region_prefix;    /* what its Region names start with; may be several */
	struct text new_prefix;	      /* what new ones may start with, '?' a letter; or empty */
	struct text suffix;	      /* "amazonaws.com.cn" */
	struct text dualstack_suffix; /* of APIs: "api.aws" */
	struct text registry_suffix;  /* of dual-stack registry hosts: "on.aws"; may be several */
	struct text implicit_region;  /* where global services sign */
};

/* The partition of a Region ("us-east-1" is "aws"), or NULL when no partition can have such
 * Regions. A geography that is not listed yet ("xx-east-1") is of the partition whose names have
 * its form; botocore, too, takes it for "aws". */
const struct partition *partition_of_region(struct text region);

/* the geography before the direction and number is one that AWS is known to have */
bool region_has_known_geography(struct text region);

/* walks the table; NULL after the last row */
const struct partition *partition_at(size_t index);

/* the partition of a name ("aws-cn"), or NULL */
const struct partition *partition_named(struct text name);

/* "us-east-1" has the form of a Region: letters, digits, dashes, ending in a dash and digits */
bool region_is_wellformed(struct text region);

/* "us-east-1a" is a zone of "us-east-1", and "us-west-2-lax-1a" one of "us-west-2": the Region, or
 * empty when it is no such zone. */
struct text region_of_zone(struct text zone);

/* a name under a suffix of that partition, or with NULL of any: plain, dual-stack or registries' */
bool host_is_under(struct text host, const struct partition *partition);

/* `one` is among those that `several` names by '|' */
bool is_one_of(struct text one, struct text several);
