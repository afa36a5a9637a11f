/* What in the configuration of two vantages explains that one works and the other does not. */
#include "diagnose/configuration.h"

/* the same link of the same endpoint, of the other vantage */
static const struct link *counterpart(
	const struct chains *chains, const struct chain *chain, const struct link *link)
{
	for (size_t c = 0; c < chains->count; c++)
		for (size_t i = 0; i < chains->at[c].count; i++)
			if (chains->at[c].endpoint == chain->endpoint &&
				text_equal(
					text_of(chains->at[c].links[i].what), text_of(link->what)))
				return &chains->at[c].links[i];
	return NULL;
}

struct text configuration_difference(
	struct arena *arena, const struct evidence *works, const struct evidence *breaks)
{
	struct chains good = configuration_chains(arena, works);
	struct chains bad = configuration_chains(arena, breaks);
	for (size_t c = 0; c < bad.count; c++)
		for (size_t i = 0; i < bad.at[c].count; i++) {
			const struct link *link = &bad.at[c].links[i];
			const struct link *other = counterpart(&good, &bad.at[c], link);
			if (link->effect >= EFFECT_PARTLY && other && other->effect < EFFECT_PARTLY)
				return text_format(
					arena, "%.*s; %.*s", TEXT(link->line), TEXT(other->line));
		}
	return T("");
}
