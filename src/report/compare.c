/* What the formats of a comparison share. */
#include "report/compare.h"

struct comparison comparison_of(
	struct arena *arena, struct column *columns, size_t count, struct text version)
{
	columns_name(arena, columns, count);
	struct comparison comparison = {
		.columns = columns,
		.count = count,
		.matrix = matrix_of(arena, columns, count),
		.version = version,
	};
	comparison.groups = matrix_groups(arena, &comparison.matrix);
	comparison.grouped = matrix_grouped(arena, &comparison.matrix, &comparison.groups);
	comparison.difference = matrix_difference(arena, &comparison.matrix);
	return comparison;
}
