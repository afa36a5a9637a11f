/* Nothing in the tables of error texts is dead: some text, of the corpora or of messages.txt,
 * reaches every phrase, every sign that is read, every row and every piece of advice. */
#include "base/arena.h"
#include "check.h"
#include "diagnose/error_text_parts.h"
#include "model/json.h"
#include <stdio.h>
#include <string.h>

enum { TEXTS_MOST = 2048 };

struct known {
	struct text cause; /* the likeliest by hand; empty of the corpora, which have a test of
			      their own */
	struct text text;
	struct reading reading;
};

struct all {
	struct arena arena;
	struct known *known;
	size_t count;
};

static void add_known(struct all *all, struct text cause, struct text text)
{
	assert_true(all->count < TEXTS_MOST);
	struct known *known = &all->known[all->count++];
	*known = (struct known){.cause = cause, .text = text};
	known->reading.plain = error_text_plain(&all->arena, text);
	known->reading.bare = error_text_bare(&all->arena, known->reading.plain);
	error_text_patterns(&known->reading);
	error_text_details(&all->arena, &known->reading);
}

/* {"text":"..."} a line, or "cause<tab>text" */
static void read_lines(struct all *all, const char *path)
{
	static char line[64 * 1024];
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		struct text rest = text_trim(text_of(text_string(&all->arena, text_of(line))));
		struct text complaint;
		if (text_starts(rest, T("#")))
			continue;
		if (!text_starts(rest, T("{"))) {
			struct text cause = text_cut(&rest, T("\t"));
			add_known(all, cause, rest);
			continue;
		}
		json_t *object = json_read(rest, sizeof line, &complaint);
		add_known(all, T(""), json_text(&all->arena, object, "text"));
		json_decref(object);
	}
	fclose(file);
}

static int start(void **state)
{
	struct all *all = calloc(1, sizeof *all);
	all->known = arena_new(&all->arena, struct known, TEXTS_MOST);
	read_lines(all, "tests/explain/pull_errors.jsonl");
	read_lines(all, "tests/explain/pull_errors_2.jsonl");
	read_lines(all, "tests/explain/pull_errors_3.jsonl");
	read_lines(all, "tests/explain/pull_errors_4.jsonl");
	read_lines(all, "tests/explain/pull_errors_5.jsonl");
	read_lines(all, "tests/explain/pull_errors_6.jsonl");
	read_lines(all, "tests/explain/messages.txt");
	*state = all;
	return 0;
}

static int end(void **state)
{
	struct all *all = *state;
	arena_end(&all->arena);
	free(all);
	return 0;
}

static void each_message_has_the_class_before_it(void **state)
{
	struct all *all = *state;
	struct buffer wrong = {.arena = &all->arena};
	for (size_t i = 0; i < all->count; i++) {
		const struct known *known = &all->known[i];
		struct text cause = cause_name(
			error_text_explain(&all->arena, known->text).finding.cause);
		if (known->cause.len && !text_equal(cause, known->cause))
			buffer_addf(&wrong, "\n%.*s, not %.*s: %.*s", TEXT(cause),
				TEXT(known->cause), TEXT(known->text));
	}
	if (wrong.len)
		fail_msg("%.*s", TEXT(buffer_text(&wrong)));
}

static bool any_has(const struct all *all, enum pattern pattern, struct text phrase)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct reading *reading = &all->known[i].reading;
		if (phrase.len ? error_text_holds(reading->bare, phrase) : reading->has[pattern])
			return true;
	}
	return false;
}

static void every_phrase_and_sign_is_reached(void **state)
{
#define ROW_(name, phrases) {#name, phrases},
	static const struct {
		const char *name;
		const char *phrases;
	} rows[] = {PATTERNS(ROW_)};
	struct all *all = *state;
	struct buffer dead = {.arena = &all->arena};
	for (enum pattern i = PATTERN_NONE + 1; i < PATTERN_COUNT; i++) {
		struct text rest = text_of(rows[i].phrases);
		do {
			struct text phrase = text_cut(&rest, T("|"));
			if (!any_has(all, i, phrase))
				buffer_addf(&dead, "\n%s: %.*s", rows[i].name, TEXT(phrase));
		} while (rest.len);
	}
	if (dead.len)
		fail_msg("no text has%.*s", TEXT(buffer_text(&dead)));
}

static bool row_is_reached(const struct all *all, const struct error_text_row *row)
{
	for (size_t i = 0; i < all->count; i++)
		if (error_text_row(&all->known[i].reading) == row)
			return true;
	return false;
}

static void every_row_and_advice_is_reached(void **state)
{
	static const struct error_text_rows *const tables[] = {
		&error_text_calls, &error_text_answers, &error_text_transport, &error_text_remains};
	struct all *all = *state;
	struct buffer dead = {.arena = &all->arena};
	for (size_t table = 0; table < SIZE(tables); table++)
		for (size_t i = 0; i < tables[table]->count; i++) {
			const struct error_text_row *row = &tables[table]->at[i];
			if (!row_is_reached(all, row))
				buffer_addf(&dead, "\n%s", row->says);
			for (size_t one = 0; one < SET_MOST && row->set[one]; one++)
				if (!advice_of(row->set[one])->fix[0])
					buffer_addf(&dead, "\nadvice: %.*s",
						TEXT(cause_name(row->set[one])));
		}
	if (dead.len)
		fail_msg("no text reaches%.*s", TEXT(buffer_text(&dead)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message_has_the_class_before_it),
		cmocka_unit_test(every_phrase_and_sign_is_reached),
		cmocka_unit_test(every_row_and_advice_is_reached),
	};
	return cmocka_run_group_tests(tests, start, end);
}
