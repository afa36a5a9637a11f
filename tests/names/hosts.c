/* What the program itself makes of the table of host names, for the test beside it.
 *
 *     hosts           docs/hosts.md
 *     hosts REGION... a line for each endpoint that a plan would have there, by tabs:
 *                     region partition role spelling again source host
 *                     and the ARN by which fixes name the layer bucket: region "arn" ARN */
#include "model/hosts.h"
#include "diagnose/fill.h"
#include "model/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACCOUNT "123456789012"

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

static void print_partitions(void)
{
	const struct partition *p;
	puts("| partition | Regions | suffix `S` | dual-stack suffix `D` | registries `O` |\n"
	     "| --- | --- | --- | --- | --- |");
	for (size_t i = 0; (p = partition_at(i)); i++) {
		printf("| %.*s | ", TEXT(p->name));
		struct text prefixes = p->region_prefix;
		for (bool first = true; prefixes.len; first = false) {
			struct text prefix = text_cut(&prefixes, T("|"));
			printf("%s`%.*s-`", first ? "" : " ", TEXT(prefix));
		}
		if (p->new_prefix.len)
			printf(" and new `%.*s-`", TEXT(p->new_prefix));
		struct text registries = p->registry_suffix;
		printf(" | %.*s | %.*s | ", TEXT(p->suffix), TEXT(p->dualstack_suffix));
		for (bool first = true; registries.len; first = false) {
			struct text one = text_cut(&registries, T("|"));
			printf("%s%.*s", first ? "" : ", ", TEXT(one));
		}
		puts(" |");
	}
}

static void print_endpoints(uint32_t endpoints)
{
	bool first = true;
	for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++)
		if (endpoints & UINT32_C(1) << kind) {
			printf("%s%.*s", first ? "" : ", ", TEXT(endpoint_kind_name(kind)));
			first = false;
		}
}

static void print_partition_names(const char *several)
{
	struct text rest = text_of(several);
	for (bool first = true; rest.len; first = false) {
		struct text name = text_cut(&rest, T("|"));
		printf("%s%.*s", first ? "" : ", ", TEXT(name));
	}
	if (!*several)
		fputs("any", stdout);
}

static void print_page(void)
{
	const struct host_form *row;
	puts("# Host names\n\n"
	     "Made from the tables in `src/model/` by `make names NAMES=write`; do not edit.\n\n"
	     "Capitals stand for what differs: `R` the Region, `A` the account (or the VPC "
	     "endpoint's "
	     "id),\n`N` the service, the others as below. Of two rows that fit the first counts; "
	     "*again* marks\nwhat is asked where the name before it does not exist.\n");
	print_partitions();
	puts("\n| for | spelling | partitions | host | known to |\n"
	     "| --- | --- | --- | --- | --- |");
	for (size_t i = 0; (row = host_form_at(i)); i++) {
		fputs("| ", stdout);
		print_endpoints(row->endpoints);
		printf(" | %s%s | ", spellings[row->spelling], row->retry ? ", again" : "");
		print_partition_names(row->partitions);
		printf(" | `%s` | %s |\n", row->form, sources[row->source]);
	}
	puts("\n\"botocore\" is the one of Debian 12, 1.29, whose endpoint rules `make names` "
	     "compares with, for\nevery Region it knows. It knows the partitions aws, aws-cn, "
	     "aws-us-gov, aws-iso and aws-iso-b; the\nother three, and dual-stack in the isolated "
	     "ones, are as in botocore of 2026. The layer bucket's\nname is AWS' documentation's "
	     "(botocore says how S3 spells a bucket's host), its ARN\n"
	     "`arn:PARTITION:s3:::prod-R-starport-layer-bucket/*`. What the registry's redirect "
	     "names in its place\ncounts more.");
}

static void print_line(struct text region, const struct partition *partition,
	const struct endpoint *endpoint, enum spelling spelling, bool retry)
{
	const struct host_form *row = host_form(partition, endpoint->kind, spelling, retry);
	struct text host = retry ? endpoint->other_host : endpoint->host;
	printf("%.*s\t%.*s\t%.*s\t%s\t%s\t%s\t%.*s\n", TEXT(region), TEXT(partition->name),
		TEXT(endpoint_kind_name(endpoint->kind)), spellings[spelling], retry ? "again" : "",
		sources[row->source], TEXT(host));
}

/* the plan of an image in the registry of that spelling */
static void print_plan(struct arena *arena, struct text region, enum spelling spelling)
{
	struct plan_options options = {0};
	struct target target;
	struct text complaint;
	struct host_wish wish = {
		.partition = partition_of_region(region),
		.region = region,
		.account = T(ACCOUNT),
		.endpoint = ENDPOINT_DKR,
		.fips = spelling == SPELLING_FIPS || spelling == SPELLING_FIPS_DUALSTACK,
		.dualstack = spelling == SPELLING_DUALSTACK || spelling == SPELLING_FIPS_DUALSTACK,
	};
	struct text host = host_name(arena, &wish);
	struct text image = text_format(arena, "%.*s/app", TEXT(host));
	for (enum endpoint_kind kind = ENDPOINT_LOGS; kind <= ENDPOINT_ECS; kind++)
		options.also[options.also_count++] = kind;
	if (!target_parse(arena, image, T(""), &target, &complaint)) {
		fprintf(stderr, "%.*s\n", TEXT(complaint));
		exit(1);
	}
	struct plan plan = plan_make(arena, &target, &options);
	for (size_t i = 0; i < plan.count; i++) {
		print_line(region, target.partition, &plan.endpoints[i], spelling, false);
		if (plan.endpoints[i].other_host.len)
			print_line(region, target.partition, &plan.endpoints[i], spelling, true);
	}
}

static void print_bucket_arn(struct arena *arena, struct text region)
{
	struct evidence evidence = {
		.target = {.region = region, .partition = partition_of_region(region)}};
	struct context context = context_make(arena, &evidence);
	struct text arn = fill(arena, &context, "arn:{partition}:s3:::{bucket}/*", NULL, 0);
	printf("%.*s\tarn\t%.*s\n", TEXT(region), TEXT(arn));
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	if (argc == 1)
		print_page();
	for (int i = 1; i < argc; i++) {
		struct text region = text_of(argv[i]);
		if (!partition_of_region(region))
			continue;
		for (enum spelling one = SPELLING_PLAIN; one <= SPELLING_FIPS_DUALSTACK; one++)
			print_plan(&arena, region, one);
		print_bucket_arn(&arena, region);
	}
	arena_end(&arena);
	return 0;
}
