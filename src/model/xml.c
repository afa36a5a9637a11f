/* XML as JSON values, by expat: a frame for each open element. */
#include "base/arena.h"
#include "model/json.h"
#include <expat.h>
#include <stdlib.h>

enum { DEPTH_MAX = 32, ELEMENTS_MAX = 200 * 1000 };

struct frame {
	struct text name;
	json_t *children; /* NULL: none yet */
	struct buffer text;
};

struct parse {
	XML_Parser parser;
	struct arena arena;
	struct frame frames[DEPTH_MAX];
	size_t depth;
	size_t elements;
	json_t *root;
	bool refused;
};

static void xml_refuse(struct parse *parse)
{
	parse->refused = true;
	XML_StopParser(parse->parser, XML_FALSE);
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
	const XML_Char *public_id, int has_internal_subset)
{
	(void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
	xml_refuse(data);
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct parse *parse = data;
	(void)attributes;
	if (parse->depth == DEPTH_MAX || ++parse->elements > ELEMENTS_MAX) {
		xml_refuse(parse);
		return;
	}
	struct frame *frame = &parse->frames[parse->depth++];
	frame->name = text_keep(&parse->arena, text_of(name));
	frame->children = NULL;
	frame->text.arena = &parse->arena;
	frame->text.len = 0;
}

static bool is_of_list(struct text name)
{
	return text_equal(name, T("item")) || text_equal(name, T("member"));
}

static void attach(struct frame *parent, struct text name, json_t *value)
{
	bool listed = is_of_list(name);
	if (!parent->children)
		parent->children = listed ? json_array() : json_object();
	json_t *before = json_object_get(parent->children, name.at);
	if (json_is_array(parent->children)) {
		field_append(parent->children, value);
	} else if (json_is_array(before)) {
		field_append(before, value);
	} else if (before) { /* a second of its name makes a list of them */
		json_t *both = json_array();
		field_append(both, json_incref(before));
		field_append(both, value);
		field_put(parent->children, name.at, both);
	} else {
		field_put(parent->children, name.at, value);
	}
}

/* the innermost element ends: its value becomes its parent's, and that of the root is kept under
 * its name */
static void close_element(struct parse *parse)
{
	struct frame *frame = &parse->frames[--parse->depth];
	struct text text = text_trim(buffer_text(&frame->text));
	json_t *value = frame->children ? frame->children : field_text(&parse->arena, text);
	frame->children = NULL;
	if (parse->depth) {
		attach(&parse->frames[parse->depth - 1], frame->name, value);
	} else {
		parse->root = json_object();
		field_put(parse->root, frame->name.at, value);
	}
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
	(void)name;
	close_element(data);
}

static void XMLCALL on_text(void *data, const XML_Char *at, int len)
{
	struct parse *parse = data;
	if (parse->depth && !parse->frames[parse->depth - 1].children)
		buffer_add(&parse->frames[parse->depth - 1].text, (struct text){at, (size_t)len});
}

static const XML_Memory_Handling_Suite memory = {memory_take, memory_resize, free};

/* Ends what a cut left open. An element's text that was cut counts if an element precedes it.
 */
static void close_all(struct parse *parse)
{
	if (parse->depth > 1 && !parse->frames[parse->depth - 2].children)
		json_decref(parse->frames[--parse->depth].children);
	while (parse->depth)
		close_element(parse);
}

/* the document's root under its name, or NULL */
static json_t *read_document(struct text xml, size_t max, bool may_be_cut)
{
	struct parse parse = {.parser = NULL};
	if (xml.len > max || !(parse.parser = XML_ParserCreate_MM(NULL, &memory, NULL)))
		return NULL;
	XML_SetUserData(parse.parser, &parse);
	XML_SetStartDoctypeDeclHandler(parse.parser, on_doctype);
	XML_SetElementHandler(parse.parser, on_start, on_end);
	XML_SetCharacterDataHandler(parse.parser, on_text);
	bool good = XML_Parse(parse.parser, xml.len ? xml.at : "", (int)xml.len, XML_TRUE) ==
			XML_STATUS_OK ||
		may_be_cut;
	XML_ParserFree(parse.parser);
	close_all(&parse);
	arena_end(&parse.arena);
	if (good && !parse.refused)
		return parse.root;
	json_decref(parse.root);
	return NULL;
}

json_t *xml_read(struct text xml, size_t max, struct text *complaint)
{
	json_t *root = read_document(xml, max, false);
	json_t *content = json_incref(json_object_iter_value(json_object_iter(root)));
	json_decref(root);
	if (!content)
		*complaint = xml.len > max ? T("it is larger than we accept")
					   : T("it is not whole XML");
	return content;
}

json_t *xml_read_cut(struct text xml, size_t max)
{
	return read_document(xml, max, true);
}

const json_t *xml_find(json_t *tree, const char *name)
{
	const json_t *found = json_object_get(tree, name);
	const char *key;
	json_t *value;
	json_object_foreach (tree, key, value)
		found = found ? found : xml_find(value, name);
	for (size_t i = 0; i < json_array_size(tree) && !found; i++)
		found = xml_find(json_array_get(tree, i), name);
	return json_is_array(found) ? json_array_get(found, 0) : found;
}
