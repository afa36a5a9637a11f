/* The environment, looked up by name. */
#include "base/environment.h"

struct text environment_get(const struct environment *environment, struct text name)
{
	for (char *const *at = environment->variables; at && *at; at++) {
		struct text value = text_of(*at);
		if (text_starts(value, name) && value.len > name.len && value.at[name.len] == '=')
			return text_skip(value, name.len + 1);
	}
	return T("");
}
