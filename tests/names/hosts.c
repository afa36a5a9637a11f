/* What the program itself makes of the table of host names, for the test beside it.
 *
 *     hosts REGION... a line for each endpoint that a plan would have there, by tabs:
 *                     region partition role spelling again source host
 *                     and the ARN by which fixes name the layer bucket: region "arn" ARN */
#include "diagnose/fill.h"
#include "host_words.h"
#include "model/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACCOUNT "123456789012"

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
	struct host_parts wish = {
		.partition = partition_of_region(region),
		.region = region,
		.account = T(ACCOUNT),
		.endpoint = ENDPOINT_DKR,
		.fips = spelling == SPELLING_FIPS || spelling == SPELLING_FIPS_DUALSTACK,
		.dualstack = spelling == SPELLING_DUALSTACK || spelling == SPELLING_FIPS_DUALSTACK,
	};
	struct text host = host_name(arena, &wish);
	struct text image = text_format(arena, "%.*s/app", TEXT(host));
	for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++)
		if (endpoint_use(kind) == USED_BY_ALSO)
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
