/* Text is a pointer and a length: cut without copying, never owned, not terminated. */
#include "base/text.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

struct text text_of(const char *string)
{
	return (struct text){string, string ? strlen(string) : 0};
}

bool text_equal(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool text_same(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

bool text_starts(struct text t, struct text with)
{
	return t.len >= with.len && text_equal(text_head(t, with.len), with);
}

bool text_ends(struct text t, struct text with)
{
	return t.len >= with.len && text_equal(text_skip(t, t.len - with.len), with);
}

size_t text_find(struct text t, struct text needle)
{
	if (t.len == 0 || needle.len == 0)
		return 0;
	const char *found = memmem(t.at, t.len, needle.at, needle.len);
	return found ? (size_t)(found - t.at) : t.len;
}

size_t text_find_same(struct text t, struct text needle)
{
	for (size_t at = 0; at + needle.len <= t.len; at++)
		if (text_same(text_head(text_skip(t, at), needle.len), needle))
			return at;
	return t.len;
}

bool text_holds(struct text t, struct text needle)
{
	return needle.len == 0 || text_find(t, needle) < t.len;
}

struct text text_head(struct text t, size_t count)
{
	return (struct text){t.at, count < t.len ? count : t.len};
}

struct text text_skip(struct text t, size_t count)
{
	if (count > t.len)
		count = t.len;
	return (struct text){t.at ? t.at + count : NULL, t.len - count};
}

struct text text_cut(struct text *t, struct text separator)
{
	size_t at = text_find(*t, separator);
	struct text before = text_head(*t, at);
	*t = text_skip(*t, at + separator.len);
	return before;
}

struct text text_trim(struct text t)
{
	while (t.len && isspace((unsigned char)t.at[0]))
		t = text_skip(t, 1);
	while (t.len && isspace((unsigned char)t.at[t.len - 1]))
		t.len--;
	return t;
}

bool text_number(struct text t, int64_t *out)
{
	bool negative = t.len && t.at[0] == '-';
	int64_t value = 0;
	if (negative)
		t = text_skip(t, 1);
	/* eighteen digits always fit */
	if (t.len == 0 || t.len > 18)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		if (!isdigit((unsigned char)t.at[i]))
			return false;
		value = value * 10 + (t.at[i] - '0');
	}
	*out = negative ? -value : value;
	return true;
}

static size_t run(struct text t, struct text set, bool in)
{
	size_t count = 0;
	while (count < t.len && (memchr(set.at, t.at[count], set.len) != NULL) == in)
		count++;
	return count;
}

size_t text_span(struct text t, struct text set)
{
	return run(t, set, true);
}

size_t text_until(struct text t, struct text set)
{
	return run(t, set, false);
}

bool text_only(struct text t, struct text set)
{
	return text_span(t, set) == t.len;
}

bool text_is_printable(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if ((unsigned char)t.at[i] < ' ' || t.at[i] == 0x7f)
			return false;
	return t.len > 0;
}

bool text_is_one_of(struct text t, struct text words)
{
	while (words.len)
		if (text_same(text_cut(&words, T("|")), t))
			return true;
	return false;
}

bool text_holds_one(struct text t, const char *words)
{
	struct text rest = text_of(words);
	while (rest.len)
		if (text_find_same(t, text_cut(&rest, T("|"))) < t.len)
			return true;
	return false;
}

bool texts_equal(struct texts a, struct texts b)
{
	for (size_t i = 0; i < a.count && i < b.count; i++)
		if (!text_equal(a.at[i], b.at[i]))
			return false;
	return a.count == b.count;
}

bool texts_hold(struct texts list, struct text t)
{
	for (size_t i = 0; i < list.count; i++)
		if (text_equal(list.at[i], t))
			return true;
	return false;
}

struct text environment_get(const struct environment *environment, struct text name)
{
	for (char *const *at = environment->variables; at && *at; at++) {
		struct text value = text_of(*at);
		if (text_starts(value, name) && value.len > name.len && value.at[name.len] == '=')
			return text_skip(value, name.len + 1);
	}
	return T("");
}
