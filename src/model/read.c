/* Paths through answers, and the tables that read them. */
#include "model/read.h"

enum { PATH_DEPTH = 12 };

/* what is done with each value that a path leads to */
struct visit {
	struct arena *arena;
	void (*see)(struct visit *visit, const json_t *value);
	struct texts texts;
	const struct read_table *table;
	struct vpc_list *list;
	size_t path; /* of several */
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
	if (path.len == 0 || text_equal(path, T("."))) {
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
	for (; rest.len; visit->path++)
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

static void read_row(struct arena *arena, const json_t *from, const struct field *row, char *into)
{
	void *at = into + row->at;
	if (row->kind == FIELD_LIST) {
		read_list(arena, from, row->path, row->table, at);
		return;
	}
	struct texts texts = texts_at(arena, from, row->path);
	struct text first = texts.count ? texts.at[0] : T("");
	if (row->kind == FIELD_NUMBER && !text_number(first, at))
		*(int64_t *)at = row->unknown;
	if (row->kind == FIELD_TEXT && first.len)
		*(struct text *)at = first;
	for (size_t i = 0; i < texts.count; i++) {
		struct text *text = at;
		if (row->kind == FIELD_TEXTS) /* of each page */
			texts_add(arena, at, texts.at[i]);
		else if (row->kind == FIELD_FLAG)
			*(bool *)at |= text_same(texts.at[i], T("true"));
		else if (row->kind == FIELD_JOINED)
			*text = text_format(
				arena, "%.*s%s%.*s", TEXT(*text), i ? ": " : "", TEXT(texts.at[i]));
	}
}

void read_struct(
	struct arena *arena, const json_t *from, const struct read_table *table, void *into)
{
	for (size_t i = 0; i < table->count; i++)
		read_row(arena, from, &table->rows[i], into);
}

static const struct field *row_of(const struct read_table *table, enum field_kind kind)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].kind == kind)
			return &table->rows[i];
	return NULL;
}

static void see_element(struct visit *visit, const json_t *value)
{
	const struct read_table *table = visit->table;
	const struct field *each = row_of(table, FIELD_EACH);
	const struct field *second = row_of(table, FIELD_SECOND);
	struct texts texts = {.count = 1};
	if (!json_is_object(value)) /* an empty list of XML is an empty text */
		return;
	if (each)
		texts = texts_at(visit->arena, value, each->path);
	for (size_t i = 0; i < texts.count; i++) {
		char *element = vpc_add(visit->arena, visit->list, table->size);
		read_struct(visit->arena, value, table, element);
		if (each)
			*(struct text *)(void *)(element + each->at) = texts.at[i];
		if (second)
			*(bool *)(void *)(element + second->at) = visit->path > 0;
	}
}

void read_list(struct arena *arena, const json_t *from, const char *path,
	const struct read_table *table, struct vpc_list *into)
{
	struct visit visit = {.arena = arena, .see = see_element, .table = table, .list = into};
	lead_all(&visit, from, path);
}
