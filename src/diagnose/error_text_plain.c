/* Error texts travel through JSON, logs, terminals and tickets. This undoes what they did to them:
 * escapes, colours, comment marks, typographic quotes, wrapped lines. */
#include "base/arena.h"
#include "diagnose/error_text_parts.h"
#include <ctype.h>
#include <string.h>

/* an error text is a few thousand bytes; what is beyond this is passed over */
enum { MOST_BYTES = 1024 * 1024 };

struct replacement {
	const char *from;
	const char *to;
};

/* white space comes back as one newline, so that comment marks after it are known */
static const struct replacement replacements[] = {
	{"\\n", "\n"}, {"\\r", "\n"}, {"\\t", " "}, {"\\u0022", "\""}, {"\\u0026", "&"},
	{"\\u0027", "'"}, {"\\u003c", "<"}, {"\\u003e", ">"}, {"\\u2018", "'"}, {"\\u2019", "'"},
	{"\\u201c", "\""}, {"\\u201d", "\""}, {"\\u2026", "..."}, {"\\u00a0", " "}, {"\\x22", "\""},
	{"\\x27", "'"}, {"&quot;", "\""}, {"&#34;", "\""}, {"&#39;", "'"}, {"&apos;", "'"},
	{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&nbsp;", " "},
	{"\xc2\xa0", " "},						      /* no-break space */
	{"\xc2\xad", ""},						      /* soft hyphen */
	{"\xe2\x80\x8b", ""},						      /* zero width space */
	{"\xef\xbb\xbf", ""},						      /* byte order mark */
	{"\xe2\x80\x98", "'"},						      /* single quotes */
	{"\xe2\x80\x99", "'"}, {"\xe2\x80\x9a", "'"}, {"\xe2\x80\x9c", "\""}, /* double quotes */
	{"\xe2\x80\x9d", "\""}, {"\xe2\x80\x9e", "\""}, {"\xc2\xab", "\""}, {"\xc2\xbb", "\""},
	{"\xe2\x80\xa6", "..."}, /* ellipsis */
	{"\xe2\x80\xa8", "\n"},	 /* line separator */
	{"\xe3\x80\x80", " "},	 /* ideographic space */
};

/* the length of a colour sequence at the start: ESC [ ... letter, as it is or written out */
static size_t colour_length(struct text t)
{
	static const char *const begins[] = {"\x1b[", "\\u001b[", "\\x1b[", "\\033[", "\\e["};
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		struct text begin = text_of(begins[i]);
		if (!text_starts(t, begin))
			continue;
		size_t at = begin.len;
		while (at < t.len && (isdigit((unsigned char)t.at[at]) || t.at[at] == ';'))
			at++;
		return at < t.len ? at + 1 : at;
	}
	return 0;
}

static const struct replacement *replacement_at(struct text t)
{
	unsigned char first = (unsigned char)t.at[0];
	if (first != '\\' && first != '&' && first < 0x80)
		return NULL;
	for (size_t i = 0; i < sizeof replacements / sizeof *replacements; i++)
		if (text_starts(t, text_of(replacements[i].from)))
			return &replacements[i];
	return NULL;
}

/* the length of a mark of comment or quotation at a line's start: "# ", "// ", "> ", "| " */
static size_t mark_length(struct text t)
{
	size_t at = 0;
	while (at < t.len && memchr("#>|*/;", t.at[at], 6))
		at++;
	bool mark = at > 0 && at < t.len && (t.at[at] == ' ' || t.at[at] == '\t');
	return mark ? at : 0;
}

static void add_blank(struct buffer *out)
{
	if (out->len && out->at[out->len - 1] != ' ')
		buffer_add(out, T(" "));
}

static void add(struct buffer *out, struct text t)
{
	if (t.len && (t.at[0] == ' ' || t.at[0] == '\n'))
		add_blank(out);
	else
		buffer_add(out, t);
}

/* writes one thing out; the length of what was read */
static size_t step(struct text t, struct buffer *out, bool *line_starts)
{
	unsigned char byte = (unsigned char)t.at[0];
	size_t colour = colour_length(t);
	size_t mark = *line_starts ? mark_length(t) : 0;
	if (colour || mark)
		return colour ? colour : mark;
	/* layers of escaping double the backslashes */
	if (byte == '\\' && t.len > 1 && t.at[1] == '\\')
		return 1;
	const struct replacement *found = replacement_at(t);
	if (found) {
		*line_starts = found->to[0] == '\n';
		add(out, text_of(found->to));
		return strlen(found->from);
	}
	if (byte <= ' ' || byte == 0x7f) {
		*line_starts = *line_starts || byte == '\n' || byte == '\r';
		add_blank(out);
		return 1;
	}
	*line_starts = false;
	if (byte != '\\')
		buffer_add(out, text_head(t, 1));
	return 1;
}

struct text error_text_plain(struct arena *arena, struct text raw)
{
	struct buffer out = {.arena = arena};
	bool line_starts = true;
	raw = text_head(raw, MOST_BYTES);
	while (raw.len)
		raw = text_skip(raw, step(raw, &out, &line_starts));
	return text_trim(buffer_text(&out));
}

struct text error_text_bare(struct arena *arena, struct text plain)
{
	char *at = arena_new(arena, char, plain.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < plain.len; i++)
		if (!memchr(" \"'`\\", plain.at[i], 5))
			at[len++] = (char)tolower((unsigned char)plain.at[i]);
	return (struct text){at, len};
}
