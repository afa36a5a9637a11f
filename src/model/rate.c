/* How many pulls are left, as the registry counts them. */
#include "model/rate.h"

enum { NUMBER_MAX = 1000 * 1000 * 1000, HOUR = 3600 };

static bool read_number(struct text t, int64_t *out)
{
	return text_number(text_trim(t), out) && *out >= 0 && *out <= NUMBER_MAX;
}

bool rate_parse(struct text limit, struct text left, struct rate *out)
{
	struct text number = text_cut(&limit, T(";"));
	struct text window = text_trim(limit);
	*out = (struct rate){0};
	if (!read_number(number, &out->limit) || !read_number(text_cut(&left, T(";")), &out->left))
		return false;
	if (text_starts(window, T("w=")) && !read_number(text_skip(window, 2), &out->window))
		out->window = 0;
	return out->limit > 0 && out->left <= out->limit;
}

struct text rate_words(struct arena *arena, const struct step *step)
{
	long long limit = seen_number(step, FACT_RATE_LIMIT);
	long long left = seen_number(step, FACT_RATE_LEFT);
	long long window = seen_number(step, FACT_RATE_WINDOW);
	bool hours = window >= HOUR;
	struct text in = T("");
	if (limit <= 0)
		return in;
	if (window > 0)
		in = text_format(
			arena, " in %lld %s", hours ? window / HOUR : window, hours ? "h" : "s");
	return text_format(arena, "%lld of %lld pulls used%.*s, %lld left",
		left < limit ? limit - left : 0, limit, TEXT(in), left);
}
