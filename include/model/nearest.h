/* "Did you mean": the names nearest to one that does not exist. */
#pragma once
#include "base/arena.h"

/* At most ten of `names`, the nearest first, by edit distance. */
struct texts nearest_names(struct arena *arena, struct texts names, struct text wanted);
