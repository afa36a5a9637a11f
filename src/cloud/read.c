/* Paths through answers, and the tables that read them. */
#include "cloud/read.h"
#include <stdio.h>
#include <stdlib.h>

enum { PATH_DEPTH = 12 };

/* what is done with each value that a path leads to */
struct visit {
	struct arena *arena;
	void (*see)(struct visit *visit, const json_t *value);
	struct texts texts;
	const struct read_table *table;
	struct vpc_list *list;
};

static void lead(struct visit *visit, const json_t *from, struct text path, int depth);

/* "key=value" holds for an object */
static bool holds(struct arena *arena, const json_t *object, struct text condition)
{
	struct text value = condition;
	struct text key = text_cut(&value, T("="));
	struct text path = text_keep(arena, key);
	return text_equal(read_first(arena, object, path.at), value);
}

static void lead_to(struct visit *visit, const json_t *value, struct text condition,
	struct text path, int depth)
{
	if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++)
			lead_to(visit, json_array_get(value, i), condition, path, depth);
	} else if (value && (!condition.len || holds(visit->arena, value, condition))) {
		lead(visit, value, path, depth + 1);
	}
}

static void lead(struct visit *visit, const json_t *from, struct text path, int depth)
{
	if (depth > PATH_DEPTH)
		return;
	if (path.len == 0) {
		visit->see(visit, from);
		return;
	}
	size_t end = 0;
	bool inside = false;
	for (; end < path.len && (inside || path.at[end] != '/'); end++)
		inside = path.at[end] == '[' || (inside && path.at[end] != ']');
	struct text condition = text_head(path, end);
	struct text name = text_keep(visit->arena, text_cut(&condition, T("[")));
	if (condition.len)
		condition.len--;
	lead_to(visit, json_object_get(from, name.at), condition, text_skip(path, end + 1), depth);
}

/* every path of several by '|' */
static void lead_all(struct visit *visit, const json_t *from, const char *paths)
{
	struct text rest = text_of(paths);
	while (rest.len)
		lead(visit, from, text_cut(&rest, T("|")), 0);
}

static void see_text(struct visit *visit, const json_t *value)
{
	struct text text = T("");
	if (json_is_string(value))
		text = text_keep(visit->arena,
			(struct text){json_string_value(value), json_string_length(value)});
	else if (json_is_integer(value))
		text = text_format(visit->arena, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value)) /* times: seconds since 1970 */
		text = text_format(visit->arena, "%.0f", json_real_value(value));
	else if (json_is_boolean(value))
		text = json_is_true(value) ? T("true") : T("false");
	if (text.len)
		texts_add(visit->arena, &visit->texts, text);
}

static struct texts texts_at(struct arena *arena, const json_t *from, const char *paths)
{
	struct visit visit = {.arena = arena, .see = see_text};
	lead_all(&visit, from, paths);
	return visit.texts;
}

struct text read_first(struct arena *arena, const json_t *from, const char *path)
{
	struct texts texts = texts_at(arena, from, path);
	return texts.count ? texts.at[0] : T("");
}

static int64_t number_of(struct text text)
{
	int64_t number = -1;
	bool negative = text_starts(text, T("-"));
	if (!text_number(text_skip(text, negative), &number))
		return -1;
	return negative ? -number : number;
}

static bool any_true(const struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		if (text_same(texts->at[i], T("true")))
			return true;
	return false;
}

static void read_row(
	struct arena *arena, const json_t *from, const struct read_row *row, char *into)
{
	void *at = into + row->at;
	struct texts texts = {0};
	if (row->kind == READ_LIST) {
		read_list(arena, from, row->path, row->table, at);
		return;
	}
	texts = texts_at(arena, from, row->path);
	struct text first = texts.count ? texts.at[0] : T("");
	struct text *text = at;
	switch (row->kind) {
	case READ_TEXT:
		*text = first;
		break;
	case READ_MORE:
		if (first.len)
			*text = text_format(arena, "%.*s%s%.*s", TEXT(*text), text->len ? ": " : "",
				TEXT(first));
		break;
	case READ_TEXTS: /* of each page */
		for (size_t i = 0; i < texts.count; i++)
			texts_add(arena, at, texts.at[i]);
		break;
	case READ_FLAG:
		*(bool *)at = any_true(&texts);
		break;
	case READ_SET:
		*(bool *)at = true;
		break;
	case READ_NUMBER:
		*(int64_t *)at = number_of(first);
		break;
	case READ_LIST:
		break;
	}
}

void read_struct(
	struct arena *arena, const json_t *from, const struct read_table *table, void *into)
{
	for (size_t i = 0; i < table->count; i++)
		read_row(arena, from, &table->rows[i], into);
}

static void see_element(struct visit *visit, const json_t *value)
{
	const struct read_table *table = visit->table;
	struct texts each = {0};
	if (!json_is_object(value)) /* an empty list of XML is an empty text */
		return;
	if (table->each)
		each = texts_at(visit->arena, value, table->each);
	for (size_t i = 0; i < (table->each ? each.count : 1); i++) {
		char *element = vpc_add(visit->arena, visit->list, table->size);
		read_struct(visit->arena, value, table, element);
		if (table->each)
			*(struct text *)(void *)(element + table->each_at) = each.at[i];
	}
}

void read_list(struct arena *arena, const json_t *from, const char *path,
	const struct read_table *table, struct vpc_list *into)
{
	struct visit visit = {.arena = arena, .see = see_element, .table = table, .list = into};
	lead_all(&visit, from, path);
}
