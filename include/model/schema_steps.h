/* The steps of a report, a part of model/schema.h. */
#pragma once
#include "model/evidence.h"
#include "model/fields.h"

/* a new list; the caller owns it */
json_t *steps_write(struct arena *arena, const struct evidence *evidence);

/* Reads "steps" of a report into `out`; false leaves a complaint. */
bool steps_read(struct reading *reading, const json_t *report, struct evidence *out);
