/* What S3 and STS answer in XML: the first texts of some elements that stand in another. Nothing
 * that declares a document type is read, so there are no entities to expand or to fetch. */
#include "base/arena.h"
#include "base/die.h"
#include "model/aws.h"
#include <expat.h>
#include <limits.h>
#include <stdlib.h>

enum { XML_BYTES_MAX = 1024 * 1024, XML_DEPTH_MAX = 16 };

/* an element whose text is wanted */
struct wanted {
	struct text name;
	struct text value; /* trimmed */
	struct buffer text;
	bool done; /* to its end */
};

struct xml_reader {
	XML_Parser parser;
	struct text parent;
	struct wanted *wanted;
	size_t count;
	size_t depth;
	size_t parent_depth; /* where the parent is; 0 outside of one */
	struct wanted *into; /* what is being read, or NULL */
	bool refused;
};

static void refuse(struct xml_reader *r)
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
	struct xml_reader *r = data;
	struct text element = text_of(name);
	(void)attributes;
	r->into = NULL;
	if (++r->depth > XML_DEPTH_MAX)
		refuse(r);
	else if (!r->parent_depth && text_equal(element, r->parent))
		r->parent_depth = r->depth;
	else if (r->parent_depth && r->depth == r->parent_depth + 1)
		for (size_t i = 0; i < r->count; i++)
			if (!r->wanted[i].done && text_equal(element, r->wanted[i].name))
				r->into = &r->wanted[i];
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
	struct xml_reader *r = data;
	(void)name;
	if (r->into)
		r->into->done = true;
	if (r->depth == r->parent_depth)
		r->parent_depth = 0;
	r->into = NULL;
	r->depth--;
}

static void XMLCALL on_text(void *data, const XML_Char *at, int len)
{
	struct xml_reader *r = data;
	if (r->into)
		buffer_add(&r->into->text, (struct text){at, (size_t)len});
}

static const XML_Memory_Handling_Suite memory = {memory_take, memory_resize, free};

/* False for what cannot be read as XML at all. A body that was cut short still tells what came
 * before the cut: only elements that ended have a value. */
static bool read_elements(struct arena *arena, struct text xml, struct text parent,
	struct wanted *wanted, size_t count)
{
	struct xml_reader r = {.parent = parent, .wanted = wanted, .count = count};
	for (size_t i = 0; i < count; i++)
		wanted[i].text.arena = arena;
	if (xml.len > XML_BYTES_MAX || !(r.parser = XML_ParserCreate_MM(NULL, &memory, NULL)))
		return false;
	XML_SetUserData(r.parser, &r);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_Parse(r.parser, xml.len ? xml.at : "", (int)xml.len, XML_TRUE);
	XML_ParserFree(r.parser);
	for (size_t i = 0; i < count; i++)
		if (wanted[i].done)
			wanted[i].value = text_trim(buffer_text(&wanted[i].text));
	return !r.refused;
}

bool aws_xml_error_parse(struct arena *arena, struct text xml, struct aws_error *out)
{
	struct wanted wanted[] = {{.name = T("Code")}, {.name = T("Message")}};
	*out = (struct aws_error){0};
	if (!read_elements(arena, xml, T("Error"), wanted, 2))
		return false;
	out->code = wanted[0].value;
	/* a sentence that was cut short is still worth quoting */
	out->message = text_trim(buffer_text(&wanted[1].text));
	return out->code.len > 0;
}

bool aws_xml_credentials_parse(
	struct arena *arena, struct text xml, struct credentials *out, struct text *complaint)
{
	struct wanted keys[] = {{.name = T("AccessKeyId")}, {.name = T("SecretAccessKey")},
		{.name = T("SessionToken")}, {.name = T("Expiration")}};
	struct wanted user[] = {{.name = T("Arn")}};
	bool both = read_elements(arena, xml, T("Credentials"), keys, 4) &&
		read_elements(arena, xml, T("AssumedRoleUser"), user, 1);
	*out = (struct credentials){
		.access_key = keys[0].value,
		.secret_key = keys[1].value,
		.session_token = keys[2].value,
		.expiration = keys[3].value,
		.role_arn = user[0].value,
	};
	if (both && credentials_are_usable(out) && out->session_token.len)
		return true;
	*out = (struct credentials){0};
	return complain(complaint, T("the answer has no credentials in it"));
}
