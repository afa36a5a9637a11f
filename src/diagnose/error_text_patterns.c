/* Finds the phrases of error_text_patterns.h in a text. Each phrase costs one pass over the text,
 * and a '*' a bounded look ahead at each place where the phrase begins. */
#include "diagnose/error_text_parts.h"
#include <ctype.h>
#include <string.h>

enum { AHEAD_BYTES = 240, PIECE_MOST = 96 };

#define PHRASES_(name, phrases) phrases,
static const char *const phrases_of[] = {PATTERNS(PHRASES_)};

/* a phrase as it stands in a bare text */
static struct text squeeze(struct text piece, char room[PIECE_MOST])
{
	size_t len = 0;
	for (size_t i = 0; i < piece.len && len < PIECE_MOST; i++)
		if (!memchr(" \"'`\\", piece.at[i], 5))
			room[len++] = piece.at[i];
	return (struct text){room, len};
}

static bool numeral(const char *at)
{
	return isdigit((unsigned char)at[0]) && isdigit((unsigned char)at[1]) &&
		isdigit((unsigned char)at[2]);
}

/* "403" must not be found inside "sha256:14034f..." */
static bool stands_alone(struct text t, size_t at, struct text piece)
{
	size_t end = at + piece.len;
	if (piece.len < 3)
		return true;
	if (numeral(piece.at) && at > 0 && isdigit((unsigned char)t.at[at - 1]))
		return false;
	return !numeral(piece.at + piece.len - 3) || end >= t.len ||
		!isxdigit((unsigned char)t.at[end]);
}

/* where a piece ends in `t`, or 0 */
static size_t piece_end(struct text t, struct text piece)
{
	size_t begin = 0;
	while (piece.len && begin < t.len) {
		char *found = memmem(t.at + begin, t.len - begin, piece.at, piece.len);
		if (!found)
			return 0;
		size_t at = (size_t)(found - t.at);
		if (stands_alone(t, at, piece))
			return at + piece.len;
		begin = at + 1;
	}
	return 0;
}

/* the further pieces of a phrase, in their order, within reach */
static bool follows(struct text t, struct text pieces)
{
	char room[PIECE_MOST];
	t = text_head(t, AHEAD_BYTES);
	while (pieces.len) {
		size_t end = piece_end(t, squeeze(text_cut(&pieces, T("*")), room));
		if (end == 0)
			return false;
		t = text_skip(t, end);
	}
	return true;
}

static bool phrase_stands(struct text bare, struct text phrase)
{
	char room[PIECE_MOST];
	struct text first = squeeze(text_cut(&phrase, T("*")), room);
	for (;;) {
		size_t end = piece_end(bare, first);
		if (end == 0)
			return false;
		bare = text_skip(bare, end);
		if (follows(bare, phrase))
			return true;
	}
}

bool error_text_holds(struct text bare, struct text phrases)
{
	while (phrases.len)
		if (phrase_stands(bare, text_cut(&phrases, T("|"))))
			return true;
	return false;
}

void error_text_patterns(struct reading *reading)
{
	for (size_t pattern = 0; pattern < PATTERN_COUNT; pattern++)
		reading->has[pattern] = error_text_holds(
			reading->bare, text_of(phrases_of[pattern]));
}
