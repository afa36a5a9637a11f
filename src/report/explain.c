/* Prints what an error text or an exit code means. */
#include "report/explain.h"
#include "model/json.h"
#include "report/page.h"

/* JSON */

/* `code` is NULL where an error text is explained */
static struct text write_json(struct arena *arena, const struct explanation *explanation,
	struct text stage, struct text endpoint, const struct exit_code *code)
{
	json_t *object = json_object();
	field_put(object, "schema", json_string("pullprobe.explain.v1"));
	if (code)
		field_put(object, "exit_code", json_integer(code->code));
	field_put(
		object, "class", field_text(arena, code ? T("") : cause_name(explanation->cause)));
	field_put(object, "certainty", field_text(arena, certainty_name(explanation->certainty)));
	field_put(object, "alternatives",
		causes_json(arena, explanation->alternatives, explanation->alternative_count));
	field_put(object, "stage", field_text(arena, stage));
	field_put(object, "endpoint", field_text(arena, endpoint));
	field_put(object, "says", field_text(arena, explanation->says));
	field_put(object, "decide", field_text(arena, explanation->verify));
	field_put(object, "fix", field_texts(arena, explanation->fix));
	field_put(object, "confirm", field_texts(arena, explanation->confirm));
	field_put(object, "next", field_text(arena, explanation->next));
	return json_line(arena, object);
}

struct text explain_json(struct arena *arena, const struct explanation *explanation)
{
	struct text stage = explanation->has_stage ? stage_name(explanation->stage) : T("");
	return write_json(
		arena, explanation, stage, endpoint_kind_name(explanation->endpoint), NULL);
}

struct text explain_code_json(struct arena *arena, const struct exit_code *row)
{
	struct explanation explanation = {.cause = CAUSE_NONE,
		.certainty = CERTAINTY_PROVEN,
		.says = row->says,
		.next = T("pullprobe check IMAGE")};
	return write_json(arena, &explanation, row->stage, T(""), row);
}

/* text */

enum { INDENT = 2, MEANING = 28 };

/* "proven: auth.scp (token, api)", "open: one of those below (tcp, dkr)" */
static struct text headline(struct arena *arena, const struct explanation *explanation)
{
	struct text certainty = certainty_name(explanation->certainty);
	struct text what = cause_name(explanation->cause);
	if (explanation->alternative_count)
		what = T("one of those below");
	if (!explanation->has_stage)
		return text_format(arena, "%.*s: %.*s", TEXT(certainty), TEXT(what));
	return text_format(arena, "%.*s: %.*s (%.*s, %.*s)", TEXT(certainty), TEXT(what),
		TEXT(stage_name(explanation->stage)),
		TEXT(endpoint_kind_name(explanation->endpoint)));
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

static void put_causes(struct page *page, const struct explanation *explanation)
{
	page_heading(page, T("What it may be"));
	put_cause(page, explanation->cause);
	for (size_t i = 0; i < explanation->alternative_count; i++)
		put_cause(page, explanation->alternatives[i]);
}

static void put_answers(struct page *page, const struct explanation *explanation)
{
	if (explanation->verify.len) {
		page_heading(page, T("What would decide"));
		page_item(page, INDENT, T(""), explanation->verify);
	}
	if (explanation->fix.count)
		page_heading(page, T("What to do"));
	for (size_t i = 0; i < explanation->fix.count; i++)
		page_item(page, INDENT, T("- "), explanation->fix.at[i]);
	if (explanation->confirm.count)
		page_heading(page, T("To confirm it from outside"));
	for (size_t i = 0; i < explanation->confirm.count; i++)
		page_command(page, INDENT, explanation->confirm.at[i]);
	page_heading(page, T("Run this in the subnet"));
	page_command(page, INDENT, explanation->next);
}

struct text explain_text(struct arena *arena, const struct explanation *explanation,
	const struct report_style *style)
{
	struct page page = page_new(arena, style);
	page_line(&page, INK_BOLD, headline(arena, explanation));
	page_item(&page, INDENT, T(""), explanation->says);
	put_causes(&page, explanation);
	put_answers(&page, explanation);
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
