/* The chain of links to an endpoint: one line a link, the one that blocks in bold. */
#include "report/chains.h"
#include "diagnose/configuration.h"
#include "report/words.h"

enum { INDENT = 2, MARK = 12 };

static enum ink ink_of(enum effect effect)
{
	if (effect == EFFECT_BLOCKS || effect == EFFECT_PARTLY)
		return INK_BAD;
	return effect == EFFECT_PASSES ? INK_GOOD : INK_BOLD;
}

static void put_link(struct page *page, const struct link *link)
{
	page_tab(page, INDENT);
	page_put(page, ink_of(link->effect), effect_name(link->effect));
	page_tab(page, MARK);
	page_words(page, MARK, link->line);
	page_end(page);
}

void chains_print(struct page *page, const struct evidence *evidence, enum endpoint_kind endpoint)
{
	struct arena *arena = page->out.arena;
	struct chains chains = configuration_chains(arena, evidence);
	for (size_t i = 0; i < chains.count; i++) {
		const struct chain *chain = &chains.at[i];
		if (chain->endpoint != endpoint || chain->count == 0)
			continue;
		page_heading(page,
			text_format(arena, "The way from %.*s to %.*s (%.*s)", TEXT(chain->subnet),
				TEXT(endpoint_kind_name(chain->endpoint)), TEXT(chain->host)));
		for (size_t k = 0; k < chain->count; k++)
			put_link(page, &chain->links[k]);
	}
}

void chains_print_unknown(struct page *page, const struct evidence *evidence)
{
	struct arena *arena = page->out.arena;
	struct chains chains = configuration_chains(arena, evidence);
	struct texts told = {0};
	for (size_t i = 0; i < chains.count; i++)
		for (size_t k = 0; k < chains.at[i].count; k++) {
			const struct link *link = &chains.at[i].links[k];
			size_t before = told.count;
			if (link->effect > EFFECT_PASSES && link->effect < EFFECT_PARTLY)
				texts_add_once(arena, &told, link->line);
			if (told.count > before)
				put_link(page, link);
		}
}
