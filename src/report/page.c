/* A page of text that keeps to its width. */
#include "report/page.h"
#include "base/encoding.h"
#include <string.h>

enum { COLUMNS_MIN = 60 };

static const struct text inks[] = {
	[INK_BOLD] = {"\x1b[1m", 4},
	[INK_GOOD] = {"\x1b[32m", 5},
	[INK_BAD] = {"\x1b[1;31m", 7},
	[INK_FAINT] = {"\x1b[2m", 4},
};

struct page page_new(struct arena *arena, const struct report_style *style)
{
	bool narrow = style->columns < COLUMNS_MIN;
	return (struct page){
		.out = {.arena = arena},
		.columns = narrow ? COLUMNS_MIN : (size_t)style->columns,
		.colour = style->colour && !style->markdown,
		.markdown = style->markdown,
	};
}

/* East Asian characters take two columns: UAX 11, in its large blocks */
static size_t columns_of(uint32_t point)
{
	bool wide = (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
		(point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
		(point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
		(point >= 0x1f300 && point <= 0x1faff) || (point >= 0x20000 && point <= 0x3fffd);
	return wide ? 2 : 1;
}

/* No more of it is looked at than `most` columns hold: a word may be a megabyte long. */
static size_t width(struct text t, size_t most)
{
	size_t columns = 0;
	uint32_t point;
	while (t.len && columns <= most) {
		utf8_take(&t, &point);
		columns += columns_of(point);
	}
	return columns;
}

size_t page_width(struct arena *arena, struct text t)
{
	return width(printable(arena, t), SIZE_MAX);
}

/* text that is printable already */
static void add(struct page *page, struct text t)
{
	buffer_add(&page->out, t);
	page->column += width(t, SIZE_MAX);
}

void page_put(struct page *page, enum ink ink, struct text t)
{
	bool inked = page->colour && ink != INK_PLAIN;
	if (inked)
		buffer_add(&page->out, inks[ink]);
	add(page, printable(page->out.arena, t));
	if (inked)
		buffer_add(&page->out, T("\x1b[0m"));
}

void page_tab(struct page *page, size_t column)
{
	if (page->column > 0 && page->column >= column)
		column = page->column + 1;
	while (page->column < column)
		add(page, T(" "));
}

void page_end(struct page *page)
{
	if (page->column)
		buffer_add(&page->out, T("\n"));
	page->column = 0;
}

static void turn(struct page *page, size_t hang)
{
	page_end(page);
	page_tab(page, hang);
}

/* The part of `word` that fits into so many columns, one character at least; it ends behind a mark
 * of punctuation if there is one in its second half. */
static struct text fitting(struct text word, size_t columns)
{
	struct text rest = word;
	size_t used = 0;
	size_t taken = 0;
	size_t mark = 0;
	uint32_t point;
	while (rest.len) {
		utf8_take(&rest, &point);
		used += columns_of(point);
		if (used > columns && taken)
			break;
		taken = word.len - rest.len;
		if (point < 0x80 && strchr("/.:,-_", (int)point))
			mark = taken;
	}
	return text_head(word, mark > taken / 2 ? mark : taken);
}

/* the line has room for it behind `before` columns more */
static bool fits(const struct page *page, size_t before, struct text word)
{
	size_t column = page->column + before;
	size_t room = page->columns - column;
	return column <= page->columns && width(word, room) <= room;
}

static void put_word(struct page *page, size_t hang, struct text word, bool spaced)
{
	if (page->column > hang && !fits(page, spaced, word))
		turn(page, hang);
	else if (spaced)
		add(page, T(" "));
	while (!fits(page, 0, word)) {
		struct text part = fitting(word, page->columns - page->column);
		add(page, part);
		word = text_skip(word, part.len);
		if (!word.len)
			return;
		turn(page, hang);
	}
	add(page, word);
}

void page_words(struct page *page, size_t hang, struct text t)
{
	struct text rest = printable(page->out.arena, t);
	bool spaced = false;
	while (rest.len) {
		struct text word = text_cut(&rest, T(" "));
		if (word.len)
			put_word(page, hang, word, spaced);
		spaced = spaced || word.len;
	}
}

/* markdown: CommonMark 0.31, and tables of GitHub's specification -------------------------------
 */

/* Every character that can begin markup is escaped, and what begins a block only where it does: "1.
 * " and "+ " begin a list, "===" makes a heading of the line before. */
static void put_escaped(struct page *page, struct text t)
{
	struct text rest = printable(page->out.arena, t);
	size_t digits = text_span(rest, T(DIGITS));
	for (size_t i = 0; i < rest.len; i++) {
		char byte = rest.at[i];
		bool ends = i + 1 == rest.len || rest.at[i + 1] == ' ';
		bool begins = (i == 0 && strchr("-+=", byte)) ||
			(i == digits && ends && strchr(".)", byte));
		if (begins || strchr("\\`*_[]<>&|~#!$@", byte))
			buffer_add(&page->out, T("\\"));
		buffer_add(&page->out, (struct text){&rest.at[i], 1});
	}
}

void page_cell(struct page *page, struct text t)
{
	put_escaped(page, t);
	buffer_add(&page->out, T(" | "));
}

/* an empty line, as between two blocks; none before the first */
static void put_gap(struct page *page)
{
	struct text out = buffer_text(&page->out);
	if (out.len && !text_ends(out, T("\n\n")))
		buffer_add(&page->out, text_ends(out, T("\n")) ? T("\n") : T("\n\n"));
}

static void put_marked(struct page *page, const char *before, struct text t, const char *after)
{
	buffer_add(&page->out, text_of(before));
	put_escaped(page, text_trim(t));
	buffer_add(&page->out, text_of(after));
}

void page_fixed(struct page *page, bool begins)
{
	if (page->markdown && begins)
		put_gap(page);
	if (page->markdown)
		buffer_add(&page->out, begins ? T("```text\n") : T("```\n\n"));
}

/* blocks --------------------------------------------------------------------------------------- */

void page_line(struct page *page, enum ink ink, struct text t)
{
	bool inked = page->colour && ink != INK_PLAIN;
	page_end(page);
	if (page->markdown) {
		const char *mark = ink == INK_PLAIN ? "" : "**";
		put_gap(page);
		put_marked(page, mark, t, mark);
		put_gap(page);
		return;
	}
	if (inked)
		buffer_add(&page->out, inks[ink]);
	page_words(page, 0, t);
	if (inked)
		buffer_add(&page->out, T("\x1b[0m"));
	page_end(page);
}

void page_heading(struct page *page, struct text t)
{
	page_end(page);
	if (page->markdown) {
		put_gap(page);
		put_marked(page, "### ", t, "\n\n");
		return;
	}
	if (page->out.len)
		buffer_add(&page->out, T("\n"));
	page_line(page, INK_BOLD, t);
}

void page_item(struct page *page, size_t indent, struct text mark, struct text t)
{
	if (page->markdown) {
		bool listed = text_equal(mark, T("- "));
		if (!listed)
			put_gap(page);
		put_marked(page, text_string(page->out.arena, mark), t, listed ? "\n" : "\n\n");
		return;
	}
	page_tab(page, indent);
	page_put(page, INK_PLAIN, mark);
	page_words(page, page->column, t);
	page_end(page);
}

void page_pair(struct page *page, size_t indent, enum ink ink, struct text name, size_t column,
	struct text value)
{
	if (page->markdown) {
		put_marked(page, "- **", name, "** ");
		put_marked(page, "", value, "\n");
		return;
	}
	page_tab(page, indent);
	page_put(page, ink, name);
	if (value.len)
		page_tab(page, column);
	page_words(page, column, value);
	page_end(page);
}

/* commands ------------------------------------------------------------------------------------- */

/* where we are in a command or a policy statement */
struct syntax {
	bool json;
	char quote;    /* the one that is open, or 0 */
	bool may_flow; /* its text does not mind a line's end behind a comma */
	char before;   /* the last byte */
};

/* Steps over a byte; whether the line may end behind it. */
static bool may_end(struct syntax *syntax, struct text t, size_t at)
{
	char byte = t.at[at];
	char before = syntax->before;
	syntax->before = byte;
	if (syntax->quote && byte == syntax->quote && !(syntax->json && before == '\\'))
		syntax->quote = 0;
	else if (!syntax->quote && (byte == '"' || (byte == '\'' && !syntax->json))) {
		/* JMESPath minds white space as little as JSON: what is quoted behind --query */
		syntax->quote = byte;
		syntax->may_flow = !syntax->json && byte == '\'' &&
			text_ends(text_head(t, at), T("--query "));
	} else if (byte == ',')
		return syntax->quote ? syntax->may_flow : syntax->json;
	return byte == ' ' && !syntax->quote && !syntax->json;
}

/* Where the line that begins at `from` ends, if it may have so many columns: at the last place that
 * fits, better before an option than behind it; where none fits, at the first. */
static size_t line_end(struct text t, size_t from, size_t columns, struct syntax syntax)
{
	size_t end = 0;
	size_t before_option = 0;
	size_t used = 0;
	if (width(text_skip(t, from), columns) <= columns)
		return t.len;
	struct text rest = text_skip(t, from);
	while (rest.len) {
		uint32_t point;
		size_t at = t.len - rest.len;
		utf8_take(&rest, &point);
		used += columns_of(point);
		/* a space becomes one and a backslash */
		bool fits = used + (point == ' ') <= columns;
		if (!fits && end)
			break;
		if (!may_end(&syntax, t, at))
			continue;
		end = t.len - rest.len;
		if (text_starts(text_skip(t, end), T("-")) && used > columns / 2)
			before_option = end;
	}
	return before_option ? before_option : end ? end : t.len;
}

void page_command(struct page *page, size_t indent, struct text t)
{
	struct text all = printable(page->out.arena, t);
	struct syntax syntax = {.json = text_starts(all, T("{"))};
	size_t from = 0;
	if (page->markdown) {
		page_fixed(page, true);
		buffer_addf(&page->out, "%.*s\n", TEXT(all));
		page_fixed(page, false);
		return;
	}
	page_tab(page, indent);
	while (from < all.len) {
		size_t end = line_end(all, from, page->columns - page->column, syntax);
		add(page, text_skip(text_head(all, end), from));
		for (; from < end; from++)
			may_end(&syntax, all, from);
		if (end == all.len)
			break;
		if (syntax.before == ' ')
			add(page, T("\\"));
		turn(page, indent + 2);
	}
	page_end(page);
}

void page_sentence(struct page *page, size_t indent, struct text fix)
{
	const struct text mark = T("- ");
	size_t begin = text_find(fix, T("{\""));
	size_t end = fix.len;
	while (end && fix.at[end - 1] != '}')
		end--;
	if (begin >= end) {
		page_item(page, indent, mark, fix);
		return;
	}
	page_item(page, indent, mark, text_trim(text_head(fix, begin)));
	page_command(page, indent + mark.len, text_skip(text_head(fix, end), begin));
	struct text rest = text_skip(fix, end);
	while (rest.len && (rest.at[0] == ',' || rest.at[0] == '.' || rest.at[0] == ' '))
		rest = text_skip(rest, 1);
	if (rest.len)
		page_item(page, indent + mark.len, T(""), rest);
}
