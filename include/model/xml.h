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
