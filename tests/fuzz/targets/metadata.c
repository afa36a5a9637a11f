/* The task's metadata: alone, and in a walk whose every link-local answer it is. */
#include "fuzz.h"

static char uri[] = "ECS_CONTAINER_METADATA_URI_V4=http://169.254.170.2/v4/x";
static char credentials[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/x";
static char *variables[] = {uri, credentials, NULL};

void fuzz(struct arena *arena, struct text input)
{
	struct world world = {.input = input, .stage = STAGE_TOKEN, .variables = variables};
	struct task_metadata metadata;
	bool has = task_metadata_parse(arena, input, &metadata);
	must(has == (metadata.task_arn.len > 0) && metadata.clock_error_ms >= -1);
	struct evidence evidence = fuzz_walk(arena, &world);
	fuzz_shown(arena, &evidence);
}
