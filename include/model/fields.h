/* Fields of a struct as rows of a table, which writing and reading of JSON both walk. */
#pragma once
#include "base/arena.h"
#include <jansson.h>

enum field_kind {
	FIELD_TEXT,   /* struct text */
	FIELD_TEXTS,  /* struct texts */
	FIELD_FLAG,   /* bool */
	FIELD_NUMBER, /* int64_t */
	FIELD_KNOWN,  /* int64_t, or null when it is `unknown` */
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t at; /* offsetof */
	int64_t unknown;
};

/* what stands in the row of a member whose key is its own name */
#define FIELD(type, member, kind) #member, FIELD_##kind, offsetof(struct type, member), 0

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* a JSON value; bytes that are not UTF-8 become U+FFFD */
json_t *field_text(struct arena *arena, struct text t);
json_t *field_texts(struct arena *arena, struct texts list);

/* Adds to an object or a list, which owns `value` from then on. */
void field_put(json_t *object, const char *key, json_t *value);
void field_append(json_t *list, json_t *value);

/* the fields of `from`, in the table's order */
void fields_write(struct arena *arena, json_t *object, const struct field *fields, size_t count,
	const void *from);

/* Reading, until the first mistake. */
struct reading {
	struct arena *arena;
	const char *part; /* of the report that is being read: "target", "steps" */
	bool listed;	  /* the part is a list, and this is its element `index` */
	size_t index;
	struct text complaint;
};

/* Makes the complaint, unless there is one: "steps[7].symptom should be a text". False, always. */
bool reading_refuse(struct reading *reading, const char *key, const char *mistake);

/* the complaint about a name that no list has, or that is missing */
bool reading_refuse_name(struct reading *reading, const char *key, struct text name);

/* One value: false when it is there and of another kind, and a complaint has been made. Missing or
 * null leaves `out` alone. Texts are copied into the arena. */
bool read_text(struct reading *reading, const json_t *object, const char *key, struct text *out);
bool read_texts(struct reading *reading, const json_t *object, const char *key, struct texts *out);
bool read_flag(struct reading *reading, const json_t *object, const char *key, bool *out);
bool read_number(struct reading *reading, const json_t *object, const char *key, int64_t *out);

/* all of a table's, unless one cannot be read */
bool fields_read(struct reading *reading, const json_t *object, const struct field *fields,
	size_t count, void *into);
