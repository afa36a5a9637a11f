/* S3's XML errors: what was read, written again, is read again. */
#include "base/arena.h"
#include "fuzz.h"

static void add_escaped(struct buffer *out, struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		unsigned char byte = (unsigned char)t.at[i];
		if (byte < ' ' || byte == '&' || byte == '<' || byte == '>')
			buffer_addf(out, "&#%u;", byte);
		else
			buffer_add(out, (struct text){t.at + i, 1});
	}
}

static struct text written(struct arena *arena, const struct aws_error *error)
{
	struct buffer out = {.arena = arena};
	buffer_add(&out, T("<Error><Code>"));
	add_escaped(&out, error->code);
	buffer_add(&out, T("</Code><Message>"));
	add_escaped(&out, error->message);
	buffer_add(&out, T("</Message></Error>"));
	return buffer_text(&out);
}

void fuzz(struct arena *arena, struct text input)
{
	struct aws_error error;
	struct aws_error retry;
	if (!error_parse(arena, input, ERROR_XML, &error))
		return;
	must(error.code.len > 0 && text_equal(text_trim(error.code), error.code));
	struct text xml = written(arena, &error);
	must_of(xml, error_parse(arena, xml, ERROR_XML, &retry));
	must_of(xml, text_equal(retry.code, error.code));
	must_of(xml, text_equal(retry.message, error.message));
	fuzz_error(arena, 403, &error);
}
