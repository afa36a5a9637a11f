/* Markup with values in it. */
#include "report/html.h"
#include "report/report.h"
#include <string.h>

static void escape(struct buffer *out, struct text value)
{
	static const char marks[] = "&<>\"'";
	static const char names[][8] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	struct text t = printable(out->arena, value);
	size_t plain = 0;
	for (size_t i = 0; i < t.len; i++) {
		const char *mark = t.at[i] ? strchr(marks, t.at[i]) : NULL;
		if (!mark)
			continue;
		buffer_add(out, text_skip(text_head(t, i), plain));
		html_add(out, names[mark - marks]);
		plain = i + 1;
	}
	buffer_add(out, text_skip(t, plain));
}

void html_fill(struct buffer *out, const char *markup, const struct text *values, size_t count)
{
	for (size_t i = 0; i <= count; i++) {
		size_t len = strcspn(markup, "$");
		buffer_add(out, (struct text){markup, len});
		if (markup[len] == '\0')
			return;
		markup += len + 1;
		if (i < count)
			escape(out, values[i]);
	}
}

void html_add(struct buffer *out, const char *markup)
{
	buffer_add(out, text_of(markup));
}

void html_flush(struct buffer *out, const struct sink *sink)
{
	sink->put(sink->context, buffer_text(out));
	arena_end(out->arena);
	*out = (struct buffer){.arena = out->arena};
}

struct text html_cause(struct text cell)
{
	if (text_equal(cell, T("ok")) || text_equal(cell, T("works")))
		return T("good");
	if (text_equal(cell, T("skip")) || cell.len == 0)
		return T("n");
	return T("bad");
}
