/* XML from outside, as JSON values: bounded, and without entities. */
#pragma once
#include "base/text.h"
#include <jansson.h>

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
