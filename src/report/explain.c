/* Prints what an error text or an exit code means. */
#include "report/explain.h"
#include "model/json.h"
#include "report/page.h"

/* JSON */

/* `code` is NULL where an error text is explained */
static struct text write_json(struct arena *arena, const struct explanation *explanation,
	struct text stage, struct text endpoint, const struct exit_code *code)
{
	const struct finding *finding = &explanation->finding;
	json_t *object = json_object();
	field_put(object, "schema", json_string("pullprobe.explain.v1"));
	if (code)
		field_put(object, "exit_code", json_integer(code->code));
	field_put(object, "class", field_text(arena, code ? T("") : cause_name(finding->cause)));
	field_put(object, "certainty", field_text(arena, certainty_name(finding->certainty)));
	field_put(object, "alternatives",
		causes_json(arena, finding->alternatives, finding->alternative_count));
	field_put(object, "stage", field_text(arena, stage));
	field_put(object, "endpoint", field_text(arena, endpoint));
	field_put(object, "says", field_text(arena, finding->says));
	field_put(object, "decide", field_text(arena, finding->verify));
	field_put(object, "fix", field_texts(arena, finding->fix));
	field_put(object, "confirm", field_texts(arena, finding->confirm));
	field_put(object, "next", field_text(arena, explanation->next));
	return json_line(arena, object);
}

struct text explain_json(struct arena *arena, const struct explanation *explanation)
{
	const struct finding *finding = &explanation->finding;
	struct text stage = explanation->has_stage ? stage_name(finding->stage) : T("");
	return write_json(arena, explanation, stage, endpoint_kind_name(finding->endpoint), NULL);
}

struct text explain_code_json(struct arena *arena, const struct exit_code *row)
{
	struct explanation explanation = {
		.finding = {.certainty = CERTAINTY_PROVEN, .says = row->says},
		.next = T("pullprobe check IMAGE")};
	return write_json(arena, &explanation, row->stage, T(""), row);
}

/* text */

enum { INDENT = 2, MEANING = 28 };

/* "proven: auth.scp (token, api)", "open: one of those below (tcp, dkr)" */
static struct text headline(struct arena *arena, const struct explanation *explanation)
{
	const struct finding *finding = &explanation->finding;
	struct text certainty = certainty_name(finding->certainty);
	struct text what = finding->alternative_count && finding->certainty == CERTAINTY_OPEN
		? T("one of those below")
		: cause_name(finding->cause);
	if (!explanation->has_stage)
		return text_format(arena, "%.*s: %.*s", TEXT(certainty), TEXT(what));
	return text_format(arena, "%.*s: %.*s (%.*s, %.*s)", TEXT(certainty), TEXT(what),
		TEXT(stage_name(finding->stage)), TEXT(endpoint_kind_name(finding->endpoint)));
}

/* a cause and what it means */
static void put_cause(struct page *page, enum cause cause)
{
	page_tab(page, INDENT);
	page_put(page, INK_PLAIN, cause_name(cause));
	page_tab(page, MEANING);
	page_words(page, MEANING, cause_meaning(cause));
	page_end(page);
}

static void put_lines(struct page *page, struct text heading, struct texts lines, bool commands)
{
	if (lines.count)
		page_heading(page, heading);
	for (size_t i = 0; i < lines.count && commands; i++)
		page_command(page, INDENT, lines.at[i]);
	for (size_t i = 0; i < lines.count && !commands; i++)
		page_item(page, INDENT, T("- "), lines.at[i]);
}

struct text explain_text(struct arena *arena, const struct explanation *explanation,
	const struct report_style *style)
{
	const struct finding *finding = &explanation->finding;
	struct page page = page_new(arena, style);
	page_line(&page, INK_BOLD, headline(arena, explanation));
	page_item(&page, INDENT, T(""), finding->says);
	page_heading(&page, T("What it may be"));
	put_cause(&page, finding->cause);
	for (size_t i = 0; i < finding->alternative_count; i++)
		put_cause(&page, finding->alternatives[i]);
	if (finding->verify.len) {
		page_heading(&page, T("What would decide"));
		page_item(&page, INDENT, T(""), finding->verify);
	}
	put_lines(&page, T("What to do"), finding->fix, false);
	put_lines(&page, T("To confirm it from outside"), finding->confirm, true);
	if (explanation->next.len) {
		page_heading(&page, T("Run this in the subnet"));
		page_command(&page, INDENT, explanation->next);
	}
	return buffer_text(&page.out);
}

struct text explain_code_text(
	struct arena *arena, const struct exit_code *row, const struct report_style *style)
{
	struct page page = page_new(arena, style);
	struct text stage = row->stage;
	page_line(&page, INK_BOLD,
		text_format(arena, "exit code %d%s%.*s%s", row->code, stage.len ? " (" : "",
			TEXT(stage), stage.len ? ")" : ""));
	page_item(&page, INDENT, T(""), row->says);
	return buffer_text(&page.out);
}
