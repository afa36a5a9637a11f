/* Markup with escaped values, and the chains of the configuration in it. */
#include "report/html.h"
#include "diagnose/configuration.h"
#include <string.h>

void html_add(struct html *html, const char *markup)
{
	buffer_add(&html->out, text_of(markup));
}

static void escape(struct html *html, struct text value)
{
	static const char marks[] = "&<>\"'";
	static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	struct text t = printable(&html->arena, value);
	size_t plain = 0;
	for (size_t i = 0; i < t.len; i++) {
		const char *mark = t.at[i] ? strchr(marks, t.at[i]) : NULL;
		if (!mark)
			continue;
		buffer_add(&html->out, text_skip(text_head(t, i), plain));
		html_add(html, names[mark - marks]);
		plain = i + 1;
	}
	buffer_add(&html->out, text_skip(t, plain));
}

void html_fill(struct html *html, const char *markup, const struct text *values, size_t count)
{
	for (size_t i = 0; i <= count; i++) {
		size_t len = strcspn(markup, "$");
		buffer_add(&html->out, (struct text){markup, len});
		if (markup[len] == '\0')
			return;
		markup += len + 1;
		if (i < count)
			escape(html, values[i]);
	}
}

void html_flush(struct html *html)
{
	html->sink->put(html->sink->context, buffer_text(&html->out));
	arena_end(&html->arena);
	html->out = (struct buffer){.arena = &html->arena};
}

/* the configuration ------------------------------------------------------------------------------
 */

static struct text class_of(enum effect effect)
{
	if (effect == EFFECT_BLOCKS || effect == EFFECT_PARTLY)
		return T("bad");
	return effect == EFFECT_PASSES ? T("good") : T("n");
}

/* a way in which something blocks is unfolded */
static void put_chain(struct html *html, const struct chain *chain)
{
	bool blocks = false;
	for (size_t i = 0; i < chain->count; i++)
		blocks |= chain->links[i].effect == EFFECT_BLOCKS;
	HTML(html, "<details$><summary>Configuration: $ to $ ($)</summary>\n<table>\n",
		blocks ? T(" open") : T(""), chain->subnet, endpoint_kind_name(chain->endpoint),
		chain->host);
	for (size_t i = 0; i < chain->count; i++)
		HTML(html, "<tr><td class=\"$\">$</td><td>$</td></tr>\n",
			class_of(chain->links[i].effect), effect_name(chain->links[i].effect),
			chain->links[i].line);
	html_add(html, "</table></details>\n");
}

void html_chains(struct html *html, const struct compared *report)
{
	struct chains chains = configuration_chains(&html->arena, &report->evidence);
	for (size_t i = 0; i < chains.count; i++)
		put_chain(html, &chains.at[i]);
}
