/* The configuration in JSON: "configuration" of a report, {} where nothing was asked. */
#pragma once
#include "model/json.h"
#include "model/vpc.h"

json_t *vpc_write(struct arena *arena, const struct vpc_configuration *configuration);

/* Makes a complaint where something is not of the right kind, and passes over keys that it does not
 * know. NULL is an empty one. */
bool vpc_read(
	struct json_reader *reader, const json_t *object, struct vpc_configuration *configuration);
