/* Tables of structs (model/record.h): what is read of AWS's answers.
 *
 * A path is names by '/', which lead through lists as if each of their elements stood there:
 * "groupSet/groupId". "[NAME=VALUE]" behind a name keeps the elements that have it. Several paths
 * by '|' follow one another. "." is the struct itself. */
#pragma once
#include "model/json.h"
#include "model/record.h"
#include <stddef.h>

/* defines the table of a struct: TYPE_table; those of its lists come before it */
#define READ_ROW(type, kind, name, path) \
	{#name, FIELD_##kind, offsetof(struct type, name), -1, path, NULL},
#define READ_ROW_LIST(type, element, name, path) \
	{#name, FIELD_LIST, offsetof(struct type, name), -1, path, &element##_table},
#define READ_TABLE(type, FIELDS)                                                           \
	static const struct field type##_rows[] = {FIELDS(READ_ROW, READ_ROW_LIST, type)}; \
	const struct read_table type##_table = {                                           \
		type##_rows, sizeof type##_rows / sizeof *type##_rows, sizeof(struct type)}

/* Reads one struct; what no path leads to is left as it was, but lists and texts grow. */
void read_struct(
	struct arena *arena, const json_t *from, const struct read_table *table, void *into);

/* Adds an element to the list for each that the path leads to. */
void read_list(struct arena *arena, const json_t *from, const char *path,
	const struct read_table *table, struct vpc_list *into);

/* the first text that a path leads to; empty: none */
struct text read_first(struct arena *arena, const json_t *from, const char *path);
