/* What reports have in common: findings, and the links of the configuration that a pull meets. */
#include "diagnose/configuration.h"
#include "report/page.h"

enum { INDENT = 2, DEEPER = 4, MARK = 12 };

/* what was found, what else it could be, what to do, and how to confirm it */
void page_finding(struct page *page, const struct finding *finding, size_t indent, bool headings)
{
	struct arena *arena = page->out.arena;
	page_item(page, indent, T(""), finding->says);
	if (finding->alternative_count)
		page_item(page, indent, T(""), alternatives_heading(finding->certainty));
	for (size_t i = 0; i < finding->alternative_count; i++)
		page_pair(page, indent + 2, INK_PLAIN,
			text_format(arena, "%.*s:", TEXT(cause_name(finding->alternatives[i]))),
			indent + 4, list_meaning(LIST_CAUSE, finding->alternatives[i]));
	if (finding->verify.len)
		page_item(page, indent, T(""),
			text_format(arena, VERIFY_HEADING ": %.*s", TEXT(finding->verify)));
	if (headings && finding->fix.count)
		page_heading(page, T("What to do"));
	for (size_t i = 0; i < finding->fix.count; i++)
		if (text_starts(finding->fix.at[i], T("aws ")))
			page_command(page, indent + 2, finding->fix.at[i]);
		else
			page_sentence(page, indent, finding->fix.at[i]);
	if (headings && finding->confirm.count)
		page_heading(page, T(CONFIRM_HEADING));
	for (size_t i = 0; i < finding->confirm.count; i++)
		page_command(page, indent, finding->confirm.at[i]);
}

/* all of that severity but the verdict's */
static void put_findings(struct page *page, const struct diagnosis *diagnosis,
	enum severity severity, struct text heading)
{
	struct arena *arena = page->out.arena;
	const struct finding *verdict = verdict_finding(diagnosis);
	bool first = true;
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *finding = &diagnosis->findings[i];
		if (finding->severity != severity || finding == verdict)
			continue;
		if (first)
			page_heading(page, heading);
		first = false;
		page_pair(page, INDENT, INK_PLAIN,
			text_format(arena, "%.*s of %.*s:", TEXT(stage_name(finding->stage)),
				TEXT(endpoint_kind_name(finding->endpoint))),
			DEEPER,
			text_format(arena, "%.*s (%.*s)", TEXT(cause_name(finding->cause)),
				TEXT(certainty_name(finding->certainty))));
		page_finding(page, finding, DEEPER, false);
	}
}

void page_further_findings(struct page *page, const struct diagnosis *diagnosis)
{
	put_findings(page, diagnosis, SEVERITY_BROKEN, T("Also broken"));
	put_findings(page, diagnosis, SEVERITY_WARNING, T("Warnings"));
	put_findings(page, diagnosis, SEVERITY_NOTE, T("Notes"));
}

/* the configuration ------------------------------------------------------------------------------
 */

/* one line a link, the one that blocks in bold */
static enum ink ink_of(enum effect effect)
{
	if (effect == EFFECT_BLOCKS || effect == EFFECT_PARTLY)
		return INK_BAD;
	return effect == EFFECT_PASSES ? INK_GOOD : INK_BOLD;
}

static void put_link(struct page *page, const struct link *link)
{
	page_pair(page, INDENT, ink_of(link->effect), effect_name(link->effect), MARK, link->line);
}

void page_chains(struct page *page, const struct evidence *evidence, enum endpoint_kind endpoint)
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

void page_unknown_links(struct page *page, const struct evidence *evidence)
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
