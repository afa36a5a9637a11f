/* JSON from outside: bounded and strict, and texts copied out of it. JSON of our own: fields of a
 * struct as rows of a table, which writing and reading both walk. */
#pragma once
#include "base/arena.h"
#include "model/lists.h"
#include <jansson.h>

/* An object of at most `max` bytes and 50,000 values, without duplicate keys, which the caller
 * owns; else NULL, and `complaint`, which may be NULL, says which it was not. Never repeats
 * the content, which may be a secret. */
json_t *json_read(struct text json, size_t max, struct text *complaint);

/* the string under a key; empty when there is none */
struct text json_text(struct arena *arena, const json_t *object, const char *key);

/* the strings of an array, others are skipped; an empty list when it is no array */
struct texts json_texts(struct arena *arena, const json_t *array);

enum field_kind {
	FIELD_TEXT,   /* struct text; of an answer the first text, or a number's digits */
	FIELD_JOINED, /* the same, of an answer all texts with ": " between them */
	FIELD_EACH,   /* the same; the list has an element for each of an answer's texts */
	FIELD_TEXTS,  /* struct texts */
	FIELD_FLAG,   /* bool; of an answer: any is true */
	FIELD_SECOND, /* bool; of an answer: the element is at the second of its list's paths */
	FIELD_NUMBER, /* int64_t, or null when it is `unknown` */
	FIELD_TIME,   /* int64_t, in Unix seconds: a text of RFC 3339 */
	FIELD_NAME,   /* an enum: its name; `unknown` is the list, an enum list */
	FIELD_LIST,   /* struct vpc_list: objects of `table` */
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t at; /* offsetof */
	int64_t unknown;
	/* of what is read of AWS's answers (model/read.h) */
	const char *path;
	const struct read_table *table;
};

/* a number that is always known */
#define FIELD_NO_NULL INT64_MIN

/* the columns of a member, and of one whose key is its own name */
#define FIELD_AT(key, type, member, kind, unknown) \
	key, FIELD_##kind, offsetof(struct type, member), unknown, NULL, NULL
#define FIELD(type, member, kind) FIELD_AT(#member, type, member, kind, FIELD_NO_NULL)

/* a JSON value; bytes that are not UTF-8 become U+FFFD */
json_t *field_text(struct arena *arena, struct text t);
json_t *field_texts(struct arena *arena, struct texts list);

/* Adds to an object or a list, which owns `value` from then on. */
void field_put(json_t *object, const char *key, json_t *value);
void field_append(json_t *list, json_t *value);

/* the fields of a struct of `size` bytes */
struct read_table {
	const struct field *rows;
	size_t count;
	size_t size;
};

/* one field of `from`, and all of a table, in its order */
json_t *field_value(struct arena *arena, const struct field *field, const void *from);
void fields_write(struct arena *arena, json_t *object, const struct field *fields, size_t count,
	const void *from);
json_t *record_write(struct arena *arena, const struct read_table *table, const void *from);

/* Reading, until the first mistake. */
struct json_reader {
	struct arena *arena;
	const char *part; /* of the report that is being read: "target", "steps" */
	bool listed;	  /* the part is a list, and this is its element `index` */
	size_t index;
	struct text complaint;
};

/* Makes the complaint, unless there is one: "steps[7].symptom should be a text". False, always. */
bool json_refuse(struct json_reader *reader, const char *key, const char *mistake);

/* the complaint about a name that no list has, or that is missing */
bool json_refuse_name(struct json_reader *reader, const char *key, struct text name);

/* One field, and all of a table, in which unknown keys are passed over. False: a value is of
 * another kind, and a complaint has been made. What is missing or null leaves its member alone, and
 * makes a number unknown. Texts are copied into the arena. */
bool field_read(
	struct json_reader *reader, const json_t *object, const struct field *field, void *into);
bool fields_read(struct json_reader *reader, const json_t *object, const struct field *fields,
	size_t count, void *into);
bool record_read(struct json_reader *reader, const json_t *object, const struct read_table *table,
	void *into);

/* the text under a key, in the same way */
bool read_text(struct json_reader *reader, const json_t *object, const char *key, struct text *out);

/* XML from outside, as JSON values: bounded, and without entities. */

/* The content of the document's root element, which the caller owns; NULL, with one line in
 * `complaint`, where it cannot be read whole within `max` bytes, 32 levels and 200,000 elements. An
 * element without children is its trimmed text; one whose children are named "item" or "member", as
 * AWS names those of lists, is an array; any other is an object, in which children of one name are
 * an array. A document type is refused. */
json_t *xml_read(struct text xml, size_t max, struct text *complaint);

/* The same for a document that may have been cut short, without the root's own level left out: an
 * object that has the root under its name, with all that ended before the cut, and the text that
 * was cut where another element precedes it. NULL where there is nothing. */
json_t *xml_read_cut(struct text xml, size_t max);

/* the first element of that name in a tree, at any depth; NULL where there is none */
const json_t *xml_find(json_t *tree, const char *name);
