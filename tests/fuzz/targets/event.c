/* Lambda's events, to the options that they become. */
#include "fuzz.h"
#include "lambda/lambda.h"
#include "options.h"
#include "report/explain.h"
#include <getopt.h>
#include <string.h>

struct line {
	struct arena *arena;
	int count;
	char **words;
};

static void read_options(void *context)
{
	struct line *line = context;
	struct environment environment = {0};
	struct options options = options_read(line->arena, line->count, line->words, &environment);
	must(options.verb == VERB_CHECK && options.arguments.count == 1);
	must(options.walk.timeout_us > 0 && options.walk.timeout_us <= options.walk.deadline_us);
	must(options.plan.also_count <= ENDPOINT_COUNT);
}

/* Options that end the program well, or read files of this machine. */
static bool is_harmless(const struct event *event)
{
	static const char *const others[] = {"-h", "--h", "--v", "--also-f"};
	for (size_t i = 0; i < event->options.count; i++)
		for (size_t k = 0; k < sizeof others / sizeof *others; k++)
			if (text_starts(event->options.at[i], text_of(others[k])))
				return false;
	return !text_starts(event->image, T("-"));
}

static void check_words(const struct event *event, const struct line *line)
{
	int last = line->count - 1;
	must(line->words[line->count] == NULL);
	must(line->count == 4 + (int)event->options.count + (event->image.len ? 2 : 0));
	for (int i = 0; i < line->count; i++)
		must(line->words[i] != NULL);
	if (event->image.len)
		must(strcmp(line->words[last - 1], "--") == 0 &&
			text_starts(event->image, text_of(line->words[last])));
}

void fuzz(struct arena *arena, struct text input)
{
	struct event event;
	struct text complaint = T("");
	if (!event_read(arena, input, &event, &complaint)) {
		must_of(complaint, fuzz_is_line(arena, complaint));
		return;
	}
	if (event.explains) {
		struct explanation explanation = error_text_explain(arena, event.explain);
		struct text message = explain_message(arena, event.subject, &explanation);
		must(text_find(message, T("\n")) == message.len - 1);
		return;
	}
	struct line line = {.arena = arena};
	line.words = event_words(arena, &event, &line.count);
	must(event.options.count <= EVENT_OPTIONS_MAX);
	check_words(&event, &line);
	/* getopt begins anew */
	optind = 0;
	if (is_harmless(&event))
		fuzz_dies(read_options, &line);
}
