/* AWS' Regions, partitions and host names: every name that a plan holds or a fix proposes, and
 * every judgement of a Region or a host, comes from these tables. */
#pragma once
#include "base/arena.h"
#include "model/lists.h"

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

/* "ap-southeast-2": a geography that AWS is known to have, a direction and a number. New Regions
 * may have others. */
bool region_is_likely(struct text region);

/* It is a Region of today: "us-east-1" is, "us-east-3" and "us-esat-1" are not. New ones are
 * missing until they are added, so use it only to report a likely misspelling. */
bool region_exists(struct text region);

/* walks the table; NULL after the last row */
const struct partition *partition_at(size_t index);

/* the partition of a name ("aws-cn"), or NULL */
const struct partition *partition_named(struct text name);

/* "us-east-1" has the form of a Region: letters, digits, dashes, ending in a dash and digits */
bool region_is_wellformed(struct text region);

/* an AWS account id: twelve digits */
bool account_is_wellformed(struct text account);

/* "us-east-1a" is a zone of "us-east-1", and "us-west-2-lax-1a" one of "us-west-2": the Region, or
 * empty when it is no such zone. */
struct text region_of_zone(struct text zone);

/* a name under a suffix of that partition, or with NULL of any: plain, dual-stack or registries' */
bool host_is_under(struct text host, const struct partition *partition);

/* which of a service's names */
enum spelling {
	SPELLING_PLAIN = 0,
	SPELLING_FIPS = 1,	     /* FIPS 140 modules only; of ECR in some Regions */
	SPELLING_DUALSTACK = 2,	     /* IPv4 and IPv6 */
	SPELLING_FIPS_DUALSTACK = 3, /* both */
	SPELLING_PRIVATELINK = 4, /* the name of one VPC endpoint: it begins with its "vpce-..." */
	SPELLING_COUNT,
};

/* What vouches for a form. The rules that tests/names compares with are those of the botocore that
 * Debian 12 has. */
enum host_source {
	HOST_BOTOCORE, /* its endpoint rules build the same name */
	HOST_NEWER,    /* later botocore's do, those build another */
	HOST_AGENT,    /* botocore knows no such host; the ECS agent and the kubelet do */
	HOST_DOCS,     /* botocore knows no such service or name; AWS' pages do */
	HOST_SOURCE_COUNT,
};

/* A row. In `form` a capital stands for what differs: R the Region, S the partition's suffix, D its
 * dual-stack suffix, O the suffix of dual-stack registries, A the account or the VPC endpoint, N
 * the service's name. */
struct host_form {
	uint32_t endpoints;	/* bits by endpoint kind */
	uint8_t spelling;	/* enum spelling */
	uint8_t source;		/* enum host_source */
	bool retry;		/* what to ask where the name before does not exist */
	const char *partitions; /* by '|'; "": all that no row before names */
	const char *form;
};

/* walks the table; NULL after the last row */
const struct host_form *host_form_at(size_t index);

/* The row for a service's name in a partition, the plain one where it has no such spelling; with
 * `retry` the second spelling, or NULL when there is none. */
const struct host_form *host_form(const struct partition *partition, enum endpoint_kind kind,
	enum spelling spelling, bool retry);

/* What a name is made of, or was taken apart into. */
struct host_parts {
	const struct partition
		*partition; /* of a name that was taken apart, the Region's or NULL */
	struct text region;
	struct text account; /* for registries; of PRIVATELINK "vpce-..." */
	enum endpoint_kind endpoint;
	bool fips;
	bool dualstack;
	bool privatelink;   /* without the other two */
	bool retry;	    /* the second spelling, to ask where the first does not exist */
	struct text suffix; /* only of a name that was taken apart */
};

/* what a form means; I is the Region where the partition's global services sign */
struct text host_spell(struct arena *arena, const char *form, const struct host_parts *parts);

/* The name; empty when the table has none. Only FIPS names of ECR's API have a second spelling. */
struct text host_name(struct arena *arena, const struct host_parts *parts);

/* Takes a registry's or an API's host name (lower case, without port) apart by the forms of its
 * kind; the parts are slices of it. Account, Region and suffix may be any, right or wrong. False:
 * it has none of the forms. */
bool host_parse(struct text host, enum endpoint_kind kind, struct host_parts *out);
