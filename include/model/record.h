/* Structs whose fields are rows: a field is said once, and the struct, its table, its JSON form and
 * what is read of AWS's answers are made of it (model/read.h).
 *
 * A list of rows is a macro of two others, one for a field and one for a list of structs:
 *     FIELD(struct's name, KIND, name, path)   LIST(struct's name, element's name, name, path)
 * The name is the key in the JSON form, too. The path leads to it in AWS's answer; "" is none. */
#pragma once
#include "base/arena.h"

/* A list of structs of one type: `const struct x *rows = list.at;`. */
struct vpc_list {
	void *at;
	size_t count;
};

/* Appends a zeroed element to a list of elements of `size` bytes and returns it; it is valid until
 * the next addition. The room doubles, so a list may be long. */
void *vpc_add(struct arena *arena, struct vpc_list *list, size_t size);

/* the members of a field's kind (enum field_kind, model/json.h) */
#define RECORD_TYPE_TEXT struct text
#define RECORD_TYPE_JOINED struct text
#define RECORD_TYPE_TEXTS struct texts
#define RECORD_TYPE_FLAG bool
#define RECORD_TYPE_NUMBER int64_t
#define RECORD_TYPE_EACH struct text
#define RECORD_TYPE_SECOND bool

/* the members of a struct: `struct x { X_FIELDS(RECORD_MEMBER, RECORD_MEMBER_LIST, type) };` */
#define RECORD_MEMBER(type, kind, name, path) RECORD_TYPE_##kind name;
#define RECORD_MEMBER_LIST(type, element, name, path) struct vpc_list name;
#define RECORD(type, FIELDS)                                    \
	struct type {                                           \
		FIELDS(RECORD_MEMBER, RECORD_MEMBER_LIST, type) \
	}
