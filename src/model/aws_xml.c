/* The XML errors of S3 and STS: the first Code and Message that stand in an Error. Nothing that
 * declares a document type is read, so there are no entities to expand or to fetch. */
#include "base/buffer.h"
#include "base/memory.h"
#include "model/aws.h"
#include <expat.h>
#include <limits.h>
#include <stdlib.h>

enum { XML_BYTES_MAX = 1024 * 1024, XML_DEPTH_MAX = 16 };

struct reading {
	XML_Parser parser;
	size_t depth;
	size_t error_depth;  /* where the Error is; 0 outside of one */
	struct buffer *into; /* of the element that is being read, or NULL */
	struct buffer code;
	struct buffer message;
	bool has_code; /* to its end */
	bool has_message;
	bool refused;
};

static void refuse(struct reading *r)
{
	r->refused = true;
	XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
	const XML_Char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	refuse(data);
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = data;
	struct text element = text_of(name);
	(void)attributes;
	r->into = NULL;
	if (++r->depth > XML_DEPTH_MAX)
		refuse(r);
	else if (!r->error_depth && text_equal(element, T("Error")))
		r->error_depth = r->depth;
	else if (!r->error_depth || r->depth != r->error_depth + 1)
		return;
	else if (!r->has_code && text_equal(element, T("Code")))
		r->into = &r->code;
	else if (!r->has_message && text_equal(element, T("Message")))
		r->into = &r->message;
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
	struct reading *r = data;
	(void)name;
	if (r->into == &r->code)
		r->has_code = true;
	if (r->into == &r->message)
		r->has_message = true;
	if (r->depth == r->error_depth)
		r->error_depth = 0;
	r->into = NULL;
	r->depth--;
}

static void XMLCALL on_text(void *data, const XML_Char *at, int len)
{
	struct reading *r = data;
	if (r->into)
		buffer_add(r->into, (struct text){at, (size_t)len});
}

static void parse(struct reading *r, struct text xml)
{
	XML_SetUserData(r->parser, r);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	XML_SetElementHandler(r->parser, on_start, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	/* a body that was cut short still tells what came before the cut */
	XML_Parse(r->parser, xml.len ? xml.at : "", (int)xml.len, XML_TRUE);
}

static const XML_Memory_Handling_Suite memory = {memory_take, memory_resize, free};

bool aws_xml_error_parse(struct arena *arena, struct text xml, struct aws_error *out)
{
	struct reading r = {.code.arena = arena, .message.arena = arena};
	*out = (struct aws_error){0};
	if (xml.len > XML_BYTES_MAX || !(r.parser = XML_ParserCreate_MM(NULL, &memory, NULL)))
		return false;
	parse(&r, xml);
	XML_ParserFree(r.parser);
	if (r.refused || !r.has_code)
		return false;
	out->code = text_trim(buffer_text(&r.code));
	out->message = text_trim(buffer_text(&r.message));
	return out->code.len > 0;
}
