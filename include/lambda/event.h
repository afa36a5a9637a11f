/* What an invocation asks for: {"image": "...", "options": ["--timeout", "3"]}. */
#pragma once
#include "base/arena.h"

enum { EVENT_BYTES_MAX = 64 * 1024, EVENT_OPTIONS_MAX = 100 };

struct event {
	struct text image;    /* empty: PULLPROBE_IMAGE says it */
	struct texts options; /* a word each, as on the command line */
};

/* False for anything else than the form above, whose keys may both be missing; `complaint` is one
 * line, which repeats nothing of the event. Texts are copied into the arena. */
bool event_read(struct arena *arena, struct text json, struct event *out, struct text *complaint);

/* The command line of that check, its report as JSON on stdout; the list ends with NULL. */
char **event_words(struct arena *arena, const struct event *event, int *count);
