/* JSON from outside. Jansson bounds the depth itself (JSON_PARSER_MAX_DEPTH, 2048). */
#include "model/json.h"

/* Jansson takes 300 bytes for an object that three stand for; an index of 1000 has 20,000. */
enum { VALUES_MAX = 50 * 1000 };

/* every value but the first stands behind one of these */
static bool has_many_values(struct text json)
{
	size_t values = 0;
	bool explanation = false;
	for (size_t i = 0; i < json.len; i++) {
		char c = json.at[i];
		if (c == '"')
			explanation = !explanation;
		else if (explanation)
			i += c == '\\';
		else
			values += c == ',' || c == '[' || c == '{';
	}
	return values > VALUES_MAX;
}

json_t *json_read(struct text json, size_t max, struct text *complaint)
{
	if (json.len > max) {
		*complaint = T("it is larger than we accept");
		return NULL;
	}
	if (has_many_values(json)) {
		*complaint = T("it holds more values than we accept");
		return NULL;
	}
	json_t *root = json_loadb(json.len ? json.at : "", json.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(root))
		return root;
	*complaint = root ? T("it is JSON but no object") : T("it is not JSON");
	json_decref(root);
	return NULL;
}

static struct text copy(struct arena *arena, const json_t *string)
{
	struct text t = {json_string_value(string), json_string_length(string)};
	return t.at ? text_keep(arena, t) : T("");
}

struct text json_text(struct arena *arena, const json_t *object, const char *key)
{
	return copy(arena, json_object_get(object, key));
}

struct texts json_texts(struct arena *arena, const json_t *array)
{
	struct texts list = {0};
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_is_string(json_array_get(array, i)))
			texts_add(arena, &list, copy(arena, json_array_get(array, i)));
	return list;
}
