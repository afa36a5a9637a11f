/* The usage text. */
#include "options.h"
#include "report/page.h"

/* where help begins */
enum { HELP = 33 };

struct text usage(struct arena *arena, const struct report_style *style,
	const struct verb_row *verbs, size_t count)
{
	struct page page = page_new(arena, style);
	page_line(&page, INK_PLAIN, T("usage:"));
	for (size_t i = 0; i < count; i++) {
		page_item(&page, 2, T("pullprobe "),
			text_format(arena, "%s %s", verbs[i].name, verbs[i].arguments));
		page_item(&page, 6, T(""), text_of(verbs[i].help));
	}
	page_item(&page, 2, T("pullprobe "), T("--help | --version | VERB --help"));
	page_heading(&page, T("Finds out why a container image cannot be pulled from here."));
	page_line(&page, INK_PLAIN,
		T("Exit codes: 0 the pull works, 2 usage, 3 the probe could not work; the others "
		  "name the step that fails: pullprobe explain CODE."));
	return buffer_text(&page.out);
}

static void put_option(struct page *page, const struct option_row *row)
{
	struct text name = text_format(page->out.arena, "--%s%s%s", row->name,
		row->argument ? " " : "", row->argument ? row->argument : "");
	bool is_long = page_width(page->out.arena, name) + 2 >= HELP;
	page_pair(page, 2, INK_PLAIN, name, HELP, is_long ? T("") : text_of(row->help));
	/* a long one has a line of its own */
	if (is_long)
		page_item(page, HELP, T(""), text_of(row->help));
}

struct text usage_of_verb(struct arena *arena, const struct report_style *style,
	const struct verb_row *row, enum verb verb, const struct option_row *rows, size_t count)
{
	struct page page = page_new(arena, style);
	page_item(&page, 0, T("usage: pullprobe "),
		text_format(arena, "%s %s", row->name, row->arguments));
	page_heading(&page, T("Options"));
	for (size_t i = 0; i < count; i++)
		if (rows[i].verbs & (1u << verb))
			put_option(&page, &rows[i]);
	if (verb == VERB_CHECK)
		page_heading(&page,
			T("PULLPROBE_IMAGE and PULLPROBE_OPTIONS stand in for the "
			  "command line."));
	return buffer_text(&page.out);
}
