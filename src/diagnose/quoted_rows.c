/* The judgement: rows from the most specific to the plainest; the first that fits is taken.
 *
 * A set holds every class that would leave the same words. Where words name their cause the set has
 * one member and is proven; "likely" says that the first member outweighs the rest; "open" says
 * that nothing in the text speaks for one of them. */
#include "diagnose/quoted_parts.h"

static bool fits(const struct quoted_row *row, const struct reading *reading)
{
	for (size_t i = 0; i < WHEN_MOST; i++) {
		if (row->when[i] && !reading->has[row->when[i]])
			return false;
		if (row->unless[i] && reading->has[row->unless[i]])
			return false;
	}
	return true;
}

const struct quoted_row *quoted_row(const struct reading *reading)
{
	static const struct quoted_rows *const tables[] = {
		&quoted_calls, &quoted_answers, &quoted_transport, &quoted_remains};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (size_t row = 0; row < tables[i]->count; row++)
			if (fits(&tables[i]->at[row], reading))
				return &tables[i]->at[row];
	return &quoted_remains.at[quoted_remains.count - 1];
}
