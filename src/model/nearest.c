/* "Did you mean": the names nearest to one that does not exist. */
#include "model/nearest.h"
#include <stdlib.h>

enum { NEAREST_MAX = 10, NAME_MAX_BYTES = 256 };

struct scored {
	struct text name;
	size_t distance;
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's edit distance, a row at a time; names longer than 256 bytes count as far away */
static size_t distance(struct text a, struct text b)
{
	size_t row[NAME_MAX_BYTES + 1];
	if (a.len > NAME_MAX_BYTES || b.len > NAME_MAX_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t change = diagonal + (a.at[i - 1] != b.at[j - 1]);
			diagonal = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[b.len];
}

static int by_distance(const void *left, const void *right)
{
	const struct scored *a = left;
	const struct scored *b = right;
	return (a->distance > b->distance) - (a->distance < b->distance);
}

struct texts nearest_names(struct arena *arena, struct texts names, struct text wanted)
{
	struct scored *scored = arena_new(arena, struct scored, names.count);
	for (size_t i = 0; i < names.count; i++)
		scored[i] = (struct scored){names.at[i], distance(names.at[i], wanted)};
	if (names.count)
		qsort(scored, names.count, sizeof *scored, by_distance);
	struct texts nearest = {0};
	for (size_t i = 0; i < names.count && i < NEAREST_MAX; i++)
		texts_add(arena, &nearest, scored[i].name);
	return nearest;
}
