/* Evidence in its one JSON form, pullprobe.report.v1 (docs/report.schema.json). */
#pragma once
#include "model/evidence.h"
#include <jansson.h>

/* jansson takes some twenty times a hostile document's size */
enum { REPORT_BYTES_MAX = 16 * 1024 * 1024 };

/* a new object with every key of the report but "findings" and "verdict"; the caller owns it */
json_t *schema_write(struct arena *arena, const struct evidence *evidence);

/* Reads a report back; its findings and verdict are not read. Every size is bounded, and a report
 * that is not one is refused with one line in `complaint`. */
bool schema_read(
	struct arena *arena, struct text json, struct evidence *out, struct text *complaint);
