/* How a parser says no: false, and one line that names what is wrong. */
#pragma once
#include "base/text.h"

static inline bool complain(struct text *complaint, struct text says)
{
	*complaint = says;
	return false;
}
