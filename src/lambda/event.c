/* Reads the event of an invocation, and turns it into a command line. */
#include "lambda/event.h"
#include "base/complain.h"
#include "model/json.h"

static bool has_the_form(const json_t *event)
{
	const json_t *image = json_object_get(event, "image");
	const json_t *options = json_object_get(event, "options");
	size_t known = (image != NULL) + (options != NULL);
	for (size_t i = 0; i < json_array_size(options); i++)
		if (!json_is_string(json_array_get(options, i)))
			return false;
	return (!image || json_is_string(image)) && (!options || json_is_array(options)) &&
		json_array_size(options) <= EVENT_OPTIONS_MAX && json_object_size(event) == known;
}

bool event_read(struct arena *arena, struct text json, struct event *out, struct text *complaint)
{
	struct text why;
	json_t *event = json_read(json, EVENT_BYTES_MAX, &why);
	if (!event)
		return complain(complaint, text_format(arena, "the event: %.*s", TEXT(why)));
	bool good = has_the_form(event);
	out->image = json_text(arena, event, "image");
	out->options = json_texts(arena, json_object_get(event, "options"));
	json_decref(event);
	if (!good)
		*complaint = T("the event must be {\"image\": \"IMAGE\", "
			       "\"options\": [\"--timeout\", \"3\"]}");
	return good;
}

char **event_words(struct arena *arena, const struct event *event, int *count)
{
	/* a form that the options name comes later, and is seen */
	static const struct text first[] = {
		{"pullprobe", 9}, {"check", 5}, {"--format", 8}, {"json", 4}};
	enum { FIRST = sizeof first / sizeof *first };
	char **words = arena_new(arena, char *, FIRST + event->options.count + 3);
	*count = 0;
	for (size_t i = 0; i < FIRST; i++)
		words[(*count)++] = text_string(arena, first[i]);
	for (size_t i = 0; i < event->options.count; i++)
		words[(*count)++] = text_string(arena, event->options.at[i]);
	if (event->image.len) {
		words[(*count)++] = text_string(arena, T("--"));
		words[(*count)++] = text_string(arena, event->image);
	}
	return words;
}
