/* The judgement: rows from the most specific to the plainest; the first that fits is taken.
 *
 * A set holds every cause that would leave the same words. Where words name their symptom the set
 * has one member and is proven; "likely" says that the first member outweighs the rest; "open" says
 * that nothing in the text speaks for one of them. */
#include "diagnose/error_text_parts.h"

static bool fits(const struct error_text_row *row, const struct reading *reading)
{
	for (size_t i = 0; i < WHEN_MOST; i++) {
		if (row->when[i] && !reading->has[row->when[i]])
			return false;
		if (row->unless[i] && reading->has[row->unless[i]])
			return false;
	}
	return true;
}

const struct error_text_row *error_text_row(const struct reading *reading)
{
	static const struct error_text_rows *const tables[] = {
		&error_text_calls, &error_text_answers, &error_text_transport, &error_text_remains};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (size_t row = 0; row < tables[i]->count; row++)
			if (fits(&tables[i]->at[row], reading))
				return &tables[i]->at[row];
	return &error_text_remains.at[error_text_remains.count - 1];
}
