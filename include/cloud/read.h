/* Answers read by tables: a row leads from a path in the answer to a field of a struct.
 *
 * A path is names by '/', which lead through lists as if each of their elements stood there:
 * "groupSet/groupId". "[NAME=VALUE]" behind a name keeps the elements that have it. Several paths
 * by '|' follow one another: a text is the first that is there, texts are those of all. */
#pragma once
#include "model/json.h"
#include "model/vpc.h"

enum read_kind {
	READ_TEXT,   /* struct text: a text, or a number's digits */
	READ_MORE,   /* struct text: put behind ": ", where the path leads anywhere */
	READ_TEXTS,  /* struct texts */
	READ_FLAG,   /* bool: any is true */
	READ_SET,    /* bool: true */
	READ_NUMBER, /* int64_t; -1 where there is none */
	READ_LIST,   /* struct vpc_list of the structs of `table` */
};

struct read_table;

struct read_row {
	const char *path;
	enum read_kind kind;
	size_t at; /* offsetof */
	const struct read_table *table;
};

struct read_table {
	const struct read_row *rows;
	size_t count;
	size_t size; /* of the struct */
	/* of a list: an element for each text at this path, which goes to the offset `each_at`;
	 * NULL: an element for each of the list */
	const char *each;
	size_t each_at;
};

/* the rows of a struct's table */
#define READ_TABLE(type, rows) rows, sizeof(rows) / sizeof *(rows), sizeof(struct type)

/* Reads one struct. */
void read_struct(
	struct arena *arena, const json_t *from, const struct read_table *table, void *into);

/* Adds an element to the list for each that the path leads to. */
void read_list(struct arena *arena, const json_t *from, const char *path,
	const struct read_table *table, struct vpc_list *into);

/* the first text that a path leads to; empty: none */
struct text read_first(struct arena *arena, const json_t *from, const char *path);
