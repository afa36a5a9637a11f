/* Text made safe for a terminal, where hidden characters become numbers, and for markup. */
#include "base/arena.h"
#include "base/encoding.h"
#include "report/report.h"
#include <string.h>

/* Characters that move the cursor, reorder the line or are not seen at all: Unicode's controls
 * (Cc), line and paragraph separators, and the marks that turn direction (UAX 9) or have no width.
 */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{0x00, 0x1f},
	{0x7f, 0x9f},
	{0xad, 0xad},
	{0x61c, 0x61c},
	{0x180e, 0x180e},
	{0x200b, 0x200f},
	{0x2028, 0x202e},
	{0x2060, 0x206f},
	{0xfeff, 0xfeff},
	{0xfff9, 0xfffb},
	{0xfffe, 0xffff}, /* noncharacters, which XML forbids */
	{0xe0000, 0xe007f},
};

static void show(struct buffer *out, uint32_t point)
{
	if (point == '\n')
		buffer_add(out, T("\\n"));
	else if (point == '\t')
		buffer_add(out, T("\\t"));
	else if (point < 0x100)
		buffer_addf(out, "\\x%02x", (unsigned)point);
	else
		buffer_addf(out, "\\u{%x}", (unsigned)point);
}

struct text printable(struct arena *arena, struct text t)
{
	struct buffer out = {.arena = arena};
	while (t.len) {
		struct text rest = t;
		uint32_t point;
		bool seen = utf8_take(&rest, &point);
		for (size_t i = 0; i < COUNT(hidden); i++)
			seen = seen && (point < hidden[i].first || point > hidden[i].last);
		if (seen)
			buffer_add(&out, text_head(t, t.len - rest.len));
		else
			show(&out, point);
		t = rest;
	}
	return buffer_text(&out);
}

/* HTML 13.1.2.3, and XML 1.0 2.4 */
const struct escapes xml_escapes = {"&<>\"'", {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}};

void add_escaped(struct buffer *out, const struct escapes *escapes, struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		const char *mark = t.at[i] ? strchr(escapes->marks, t.at[i]) : NULL;
		buffer_add(out,
			mark ? text_of(escapes->instead[mark - escapes->marks])
			     : (struct text){&t.at[i], 1});
	}
}

void fill_values(struct buffer *out, const struct escapes *escapes, const char *markup,
	const struct text *values)
{
	struct text rest = text_of(markup);
	while (rest.len) {
		size_t before = text_find(rest, T("$"));
		buffer_add(out, text_head(rest, before));
		if (before < rest.len)
			add_escaped(out, escapes, printable(out->arena, *values++));
		rest = text_skip(rest, before + 1);
	}
}
