/* Fields of a struct as rows of a table, which writing and reading of JSON both walk. */
#include "model/fields.h"
#include "base/die.h"
#include "base/utf8.h"

/* what JSON numbers hold everywhere, RFC 8259 section 6 */
#define NUMBER_MAX (INT64_C(1) << 53)

json_t *field_text(struct arena *arena, struct text t)
{
	struct text whole = utf8_repair(arena, t);
	return json_stringn_nocheck(whole.len ? whole.at : "", whole.len);
}

json_t *field_texts(struct arena *arena, struct texts list)
{
	json_t *array = json_array();
	for (size_t i = 0; i < list.count; i++)
		field_append(array, field_text(arena, list.at[i]));
	return array;
}

void field_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		die(EXIT_UNABLE, "out of memory");
}

void field_append(json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) != 0)
		die(EXIT_UNABLE, "out of memory");
}

static json_t *value_of(struct arena *arena, const struct field *field, const void *at)
{
	switch (field->kind) {
	case FIELD_TEXT:
		return field_text(arena, *(const struct text *)at);
	case FIELD_TEXTS:
		return field_texts(arena, *(const struct texts *)at);
	case FIELD_FLAG:
		return json_boolean(*(const bool *)at);
	case FIELD_KNOWN:
		if (*(const int64_t *)at == field->unknown)
			return json_null();
		break;
	case FIELD_NUMBER:
		break;
	}
	return json_integer(*(const int64_t *)at);
}

void fields_write(struct arena *arena, json_t *object, const struct field *fields, size_t count,
	const void *from)
{
	for (const struct field *field = fields; field < fields + count; field++)
		field_put(
			object, field->key, value_of(arena, field, (const char *)from + field->at));
}

bool reading_refuse(struct reading *reading, const char *key, const char *mistake)
{
	struct arena *arena = reading->arena;
	struct text where = text_of(reading->part);
	if (reading->complaint.len)
		return false;
	if (reading->listed)
		where = text_format(arena, "%s[%zu]", reading->part, reading->index);
	reading->complaint = text_format(
		arena, "%.*s%s%s %s", TEXT(where), where.len ? "." : "", key, mistake);
	return false;
}

/* what may be said of a foreign name without harm to a terminal */
static struct text plain(struct arena *arena, struct text name)
{
	struct text letters = T(
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
	bool fit = name.len <= 40 && text_only(name, letters);
	return fit ? text_format(arena, "\"%.*s\"", TEXT(name)) : T("(unprintable)");
}

bool reading_refuse_name(struct reading *reading, const char *key, struct text name)
{
	struct text shown = plain(reading->arena, name);
	struct text mistake = text_format(
		reading->arena, "%.*s is not known to this version", TEXT(shown));
	return reading_refuse(reading, key, name.len ? mistake.at : "is missing");
}

static const json_t *get(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_null(value) ? NULL : value;
}

static struct text keep(struct arena *arena, const json_t *string)
{
	return text_keep(
		arena, (struct text){json_string_value(string), json_string_length(string)});
}

bool read_text(struct reading *reading, const json_t *object, const char *key, struct text *out)
{
	const json_t *value = get(object, key);
	if (value && !json_is_string(value))
		return reading_refuse(reading, key, "should be a text");
	if (value)
		*out = keep(reading->arena, value);
	return true;
}

bool read_texts(struct reading *reading, const json_t *object, const char *key, struct texts *out)
{
	const json_t *value = get(object, key);
	const json_t *element;
	size_t index;
	if (value && !json_is_array(value))
		return reading_refuse(reading, key, "should be a list of texts");
	*out = (struct texts){0};
	json_array_foreach (value, index, element) {
		if (!json_is_string(element))
			return reading_refuse(reading, key, "should be a list of texts");
		texts_add(reading->arena, out, keep(reading->arena, element));
	}
	return true;
}

bool read_flag(struct reading *reading, const json_t *object, const char *key, bool *out)
{
	const json_t *value = get(object, key);
	if (value && !json_is_boolean(value))
		return reading_refuse(reading, key, "should be true or false");
	if (value)
		*out = json_is_true(value);
	return true;
}

bool read_number(struct reading *reading, const json_t *object, const char *key, int64_t *out)
{
	const json_t *value = get(object, key);
	int64_t number = json_integer_value(value);
	if (value && !json_is_integer(value))
		return reading_refuse(reading, key, "should be a whole number");
	if (number < -NUMBER_MAX || number > NUMBER_MAX)
		return reading_refuse(reading, key, "is too large a number");
	if (value)
		*out = number;
	return true;
}

static bool read_field(
	struct reading *reading, const json_t *object, const struct field *field, void *at)
{
	switch (field->kind) {
	case FIELD_TEXT:
		return read_text(reading, object, field->key, at);
	case FIELD_TEXTS:
		return read_texts(reading, object, field->key, at);
	case FIELD_FLAG:
		return read_flag(reading, object, field->key, at);
	case FIELD_KNOWN:
		*(int64_t *)at = field->unknown;
		break;
	case FIELD_NUMBER:
		break;
	}
	return read_number(reading, object, field->key, at);
}

bool fields_read(struct reading *reading, const json_t *object, const struct field *fields,
	size_t count, void *into)
{
	for (const struct field *field = fields; field < fields + count; field++)
		if (!read_field(reading, object, field, (char *)into + field->at))
			return false;
	return true;
}
