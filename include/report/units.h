/* Quantities as a person reads them. */
#pragma once
#include "base/arena.h"

/* "0.4 ms", "412 ms", "5.0 s" */
struct text units_time(struct arena *arena, int64_t us);

/* "512 B", "12.3 MB"; decimal, as registries count */
struct text units_bytes(struct arena *arena, int64_t bytes);

/* "sha256:" and twelve digits, which is how container tools abbreviate; others as they are */
struct text units_digest(struct text digest);

/* "1 layer", "30 layers" */
struct text units_count(struct arena *arena, size_t count, const char *noun);

/* appends unless it is empty or in the list already */
void units_add_once(struct arena *arena, struct texts *list, struct text t);

/* the first few of a list, and how many more: "a, b and c", "a, b and 7 more" */
struct text units_list(struct arena *arena, struct texts list, size_t few);
