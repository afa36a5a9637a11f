/* Makes the manual page and the shells' completions: reads one of the files beside it, and puts the
 * program's own tables (options, verbs, exit codes: those of the usage text) in place of each line
 * "@NAME". */
#include "model/exitcode.h"
#include "usage.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 1024, COLUMNS = 76, NAMES_BYTES = 256 };

/* the rows ---------------------------------------------------------------------------------- */

/* what may follow an option */
enum follows { NOTHING, ANYTHING, A_FILE, ONE_OF, SOME_OF };

static enum follows follows(const struct option_row *row)
{
	struct text argument = text_of(row->argument);
	if (argument.len == 0)
		return NOTHING;
	if (text_equal(argument, T("NAME[,NAME]")))
		return SOME_OF;
	if (text_equal(argument, T("FILE")) || text_ends(argument, T(".json")))
		return A_FILE;
	return text_holds(argument, T("|")) ? ONE_OF : ANYTHING;
}

/* the words that may follow it, by spaces */
static const char *choices(const struct option_row *row)
{
	static char names[NAMES_BYTES];
	names[0] = '\0';
	if (follows(row) == SOME_OF)
		for (enum endpoint_kind kind = ENDPOINT_LOGS; kind <= ENDPOINT_ECS; kind++)
			snprintf(names + strlen(names), sizeof names - strlen(names), "%s%.*s",
				*names ? " " : "", TEXT(endpoint_kind_name(kind)));
	if (follows(row) == ONE_OF)
		snprintf(names, sizeof names, "%s", row->argument);
	for (char *at = names; (at = strchr(at, '|'));)
		*at = ' ';
	return names;
}

/* man --------------------------------------------------------------------------------------- */

/* puts text as lines that roff takes for text; a hyphen before a word is an option's */
static void put_words(struct text t)
{
	size_t column = 0;
	while (t.len) {
		struct text word = text_cut(&t, T(" "));
		if (column && column + word.len > COLUMNS)
			column = 0, putchar('\n');
		fputs(column ? " " : "", stdout);
		if (column == 0 && (text_starts(word, T(".")) || text_starts(word, T("'"))))
			fputs("\\&", stdout);
		column += word.len + 1;
		for (; text_starts(word, T("-")); word = text_skip(word, 1))
			fputs("\\-", stdout);
		printf("%.*s", TEXT(word));
	}
	putchar('\n');
}

static void put_option(const struct option_row *row)
{
	printf(".It Fl \\-%s%s%s\n", row->name, row->argument ? " Ar " : "",
		row->argument ? row->argument : "");
	put_words(text_of(row->help));
}

static void put_options(enum verb verb)
{
	puts(".Bl -tag -width Ds");
	for (const struct option_row *row = option_rows; row < option_rows + OPTION_ROWS; row++)
		if (row->verbs & (1u << verb))
			put_option(row);
	puts(".El");
}

static void put_synopsis(void)
{
	for (const struct verb_row *verb = verb_rows; verb < verb_rows + VERBS; verb++) {
		struct text words = text_of(verb->arguments);
		printf(".Nm\n.Cm %s\n", verb->name);
		while (words.len) {
			struct text word = text_cut(&words, T(" "));
			if (text_equal(word, T("[options]")))
				puts(".Op Ar options");
			else if (text_ends(word, T("...")))
				printf(".Ar %.*s ...\n", (int)word.len - 3, word.at);
			else if (text_equal(word, T("|")))
				puts("|");
			else
				printf("%s %.*s\n", text_equal(word, T("-")) ? ".Cm" : ".Ar",
					TEXT(word));
		}
	}
}

static void put_exit_codes(void)
{
	const struct exit_code *row;
	puts(".Bl -tag -width 3n -compact");
	for (size_t i = 0; (row = exit_code_at(i)); i++) {
		printf(".It %d\n", row->code);
		if (row->stage.len)
			printf("%.*s:\n", TEXT(row->stage));
		put_words(row->says);
	}
	puts(".El");
}

/* shells ------------------------------------------------------------------------------------ */

/* Fields by tabs, none of them empty, the help last. */
static void put_row(enum verb verb, const struct option_row *row)
{
	static const char *const ways[] = {
		[NOTHING] = "nothing",
		[ANYTHING] = "anything",
		[A_FILE] = "file",
		[ONE_OF] = "one",
		[SOME_OF] = "some",
	};
	const char *words = choices(row);
	printf("%s\t--%s\t%s\t%s\t%s\n", verb_rows[verb].name, row->name, ways[follows(row)],
		*words ? words : "-", row->help);
}

static void put_rows(void)
{
	for (int verb = 0; verb < VERBS; verb++)
		for (const struct option_row *row = option_rows; row < option_rows + OPTION_ROWS;
			row++)
			if (row->verbs & (1u << verb))
				put_row(verb, row);
}

static void put_verbs(void)
{
	for (const struct verb_row *row = verb_rows; row < verb_rows + VERBS; row++)
		printf("%s\t%s\n", row->name, row->help);
}

/* all --------------------------------------------------------------------------------------- */

static void put_version(void)
{
	puts("This is version " PULLPROBE_VERSION ".");
}

static void put_options_of(struct text name)
{
	for (const struct verb_row *row = verb_rows; row < verb_rows + VERBS; row++)
		if (text_equal(name, text_of(row->name)))
			put_options((enum verb)(row - verb_rows));
}

static void put_table(struct text name)
{
	static const struct {
		const char *name;
		void (*put)(void);
	} tables[] = {
		{"version", put_version},
		{"synopsis", put_synopsis},
		{"exit codes", put_exit_codes},
		{"verbs", put_verbs},
		{"rows", put_rows},
	};
	struct text rest = name;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (text_equal(name, text_of(tables[i].name)))
			tables[i].put();
	if (text_equal(text_cut(&rest, T(" ")), T("options")))
		put_options_of(rest);
}

int main(void)
{
	char line[LINE_BYTES];
	while (fgets(line, sizeof line, stdin)) {
		if (line[0] == '@')
			put_table(text_trim(text_of(line + 1)));
		else
			fputs(line, stdout);
	}
	return EXIT_SUCCESS;
}
