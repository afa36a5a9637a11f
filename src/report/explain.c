/* Prints what an error text or an exit code means. */
#include "report/explain.h"
#include "base/buffer.h"
#include <stdio.h>
#include <stdlib.h>

/* JSON */

static json_t *json_of(struct text t)
{
	/* an explanation is our own words and checked names: valid UTF-8 */
	return json_stringn(t.len ? t.at : "", t.len);
}

static json_t *json_list(struct texts list)
{
	json_t *array = json_array();
	for (size_t i = 0; i < list.count; i++)
		json_array_append_new(array, json_of(list.at[i]));
	return array;
}

static json_t *json_classes(const enum class *classes, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_of(class_name(classes[i])));
	return array;
}

/* one line; the object is used up */
static struct text json_line(struct arena *arena, json_t *object)
{
	char *dumped = json_dumps(object, JSON_COMPACT);
	struct text line = text_format(arena, "%s\n", dumped ? dumped : "{}");
	free(dumped);
	json_decref(object);
	return line;
}

struct text explain_json(struct arena *arena, const struct quoted *quoted)
{
	struct text stage = quoted->has_stage ? stage_name(quoted->stage) : T("");
	json_t *object = json_object();
	json_object_set_new(object, "schema", json_string("pullprobe.explain.v1"));
	json_object_set_new(object, "class", json_of(class_name(quoted->class)));
	json_object_set_new(object, "certainty", json_of(certainty_name(quoted->certainty)));
	json_object_set_new(object, "alternatives",
		json_classes(quoted->alternatives, quoted->alternative_count));
	json_object_set_new(object, "stage", json_of(stage));
	json_object_set_new(object, "endpoint", json_of(role_name(quoted->role)));
	json_object_set_new(object, "says", json_of(quoted->says));
	json_object_set_new(object, "decide", json_of(quoted->decide));
	json_object_set_new(object, "fix", json_list(quoted->fix));
	json_object_set_new(object, "confirm", json_list(quoted->confirm));
	json_object_set_new(object, "next", json_of(quoted->next));
	return json_line(arena, object);
}

struct text explain_code_json(struct arena *arena, const struct exit_code *row)
{
	json_t *object = json_object();
	json_object_set_new(object, "schema", json_string("pullprobe.explain.v1"));
	json_object_set_new(object, "exit_code", json_integer(row->code));
	json_object_set_new(object, "class", json_string(""));
	json_object_set_new(object, "certainty", json_of(certainty_name(CERTAINTY_PROVEN)));
	json_object_set_new(object, "alternatives", json_array());
	json_object_set_new(object, "stage", json_of(row->stage));
	json_object_set_new(object, "endpoint", json_string(""));
	json_object_set_new(object, "says", json_of(row->says));
	json_object_set_new(object, "decide", json_string(""));
	json_object_set_new(object, "fix", json_array());
	json_object_set_new(object, "confirm", json_array());
	json_object_set_new(object, "next", json_string("pullprobe check IMAGE"));
	return json_line(arena, object);
}

/* text */

enum { INDENT = 2, NARROWEST = 20 };

struct page {
	struct buffer out;
	size_t columns;
	bool colour;
};

static struct page page_of(struct arena *arena, const struct report_style *style)
{
	size_t columns = style->columns > NARROWEST ? (size_t)style->columns : NARROWEST;
	return (struct page){.out = {.arena = arena}, .columns = columns, .colour = style->colour};
}

/* a paragraph between the margins; `lead` stands in its first indentation */
static void paragraph(struct page *page, const char *lead, struct text words, size_t indent)
{
	size_t column = indent;
	buffer_addf(&page->out, "%-*s", (int)indent, lead);
	while (words.len) {
		struct text word = text_cut(&words, T(" "));
		bool first = column == indent;
		if (!first && column + 1 + word.len > page->columns) {
			buffer_addf(&page->out, "\n%*s", (int)indent, "");
			column = indent;
			first = true;
		}
		buffer_addf(&page->out, "%s%.*s", first ? "" : " ", TEXT(word));
		column += word.len + (first ? 0 : 1);
	}
	buffer_add(&page->out, T("\n"));
}

static void heading(struct page *page, const char *words)
{
	const char *begin = page->colour ? "\033[1m" : "";
	buffer_addf(&page->out, "\n%s%s%s\n", begin, words, page->colour ? "\033[0m" : "");
}

/* a command stays on its line, so that it can be copied */
static void command(struct page *page, struct text line)
{
	buffer_addf(&page->out, "%*s%.*s\n", INDENT, "", TEXT(line));
}

/* "proven: auth.scp (token, api)", "open: one of these (tcp, dkr)" */
static void verdict(struct page *page, const struct quoted *quoted)
{
	struct text certainty = certainty_name(quoted->certainty);
	struct text what = class_name(quoted->class);
	if (quoted->alternative_count)
		what = T("one of those below");
	buffer_addf(&page->out, "%s%.*s: %.*s%s", page->colour ? "\033[1m" : "", TEXT(certainty),
		TEXT(what), page->colour ? "\033[0m" : "");
	if (quoted->has_stage)
		buffer_addf(&page->out, " (%.*s, %.*s)", TEXT(stage_name(quoted->stage)),
			TEXT(role_name(quoted->role)));
	buffer_add(&page->out, T("\n"));
}

/* a class and what it means */
static void class_line(struct page *page, enum class class)
{
	enum { MEANING = 28 };
	struct text name = class_name(class);
	char lead[MEANING + 1];
	snprintf(lead, sizeof lead, "%*s%.*s ", INDENT, "", TEXT(name));
	paragraph(page, lead, class_meaning(class), MEANING);
}

static void classes(struct page *page, const struct quoted *quoted)
{
	buffer_add(&page->out, T("\n"));
	class_line(page, quoted->class);
	for (size_t i = 0; i < quoted->alternative_count; i++)
		class_line(page, quoted->alternatives[i]);
}

struct text explain_text(
	struct arena *arena, const struct quoted *quoted, const struct report_style *style)
{
	struct page page = page_of(arena, style);
	verdict(&page, quoted);
	paragraph(&page, "", quoted->says, INDENT);
	classes(&page, quoted);
	if (quoted->decide.len) {
		heading(&page, "What would decide:");
		paragraph(&page, "", quoted->decide, INDENT);
	}
	heading(&page, "What to do:");
	for (size_t i = 0; i < quoted->fix.count; i++)
		paragraph(&page, "- ", quoted->fix.at[i], INDENT);
	heading(&page, "To confirm it from outside:");
	for (size_t i = 0; i < quoted->confirm.count; i++)
		command(&page, quoted->confirm.at[i]);
	heading(&page, "To see for itself, from the subnet:");
	command(&page, quoted->next);
	return buffer_text(&page.out);
}

struct text explain_code_text(
	struct arena *arena, const struct exit_code *row, const struct report_style *style)
{
	struct page page = page_of(arena, style);
	buffer_addf(&page.out, "exit code %d", row->code);
	if (row->stage.len)
		buffer_addf(&page.out, " (%.*s)", TEXT(row->stage));
	buffer_add(&page.out, T("\n"));
	paragraph(&page, "", row->says, INDENT);
	return buffer_text(&page.out);
}
