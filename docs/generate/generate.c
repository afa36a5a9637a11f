/* Prints a generated file: `generate SOURCE`. A line "@NAME" of the source gives way to the table
 * of that name, which is printed from the program's own rows. In README.md, which is its own
 * source, the table stands between "<!-- @NAME: ... -->" and "<!-- end -->"; and the policy of
 * src/report/compare.html gets the hashes of its style and script. The Makefile lists the files. */
#include "generate.h"
#include "base/die.h"
#include "base/encoding.h"
#include "base/file.h"
#include "model/finding.h"
#include "options.h"
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCE_BYTES = 1024 * 1024, COLUMNS = 76, NAMES_BYTES = 256 };

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
		for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++)
			if (endpoint_use(kind) == USED_BY_ALSO)
				snprintf(names + strlen(names), sizeof names - strlen(names),
					"%s%.*s", *names ? " " : "",
					TEXT(endpoint_kind_name(kind)));
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

static void put_exit_code_rows(void)
{
	const struct exit_code *row;
	puts("| code | stage | says |\n| --- | --- | --- |");
	for (size_t i = 0; (row = exit_code_at(i)); i++)
		printf("| %d | %.*s | %.*s |\n", row->code, TEXT(row->stage), TEXT(row->says));
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
		{"exit code rows", put_exit_code_rows},
		{"verbs", put_verbs},
		{"rows", put_rows},
		{"facts", put_facts},
		{"outcome counts", put_outcome_counts},
		{"rules", put_rules},
		{"partitions", put_partitions},
		{"host forms", put_host_forms},
		{"policy reading", put_policy_reading},
		{"policy lambda", put_policy_lambda},
		{"policy fargate", put_policy_fargate},
		{"calls", put_calls},
		{"policy push", put_policy_push},
		{"calls push", put_calls_push},
		{"calls lambda", put_calls_lambda},
		{"calls fargate", put_calls_fargate},
	};
	struct text rest = name;
	struct text first = text_cut(&rest, T(" "));
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (text_equal(name, text_of(tables[i].name))) {
			tables[i].put();
			return;
		}
	if (text_equal(first, T("options")))
		put_options_of(rest);
	else if (!text_equal(first, T("list")) || !put_list(rest))
		die(EXIT_USAGE, "no table is named %.*s", TEXT(name));
}

/* The hash of CSP level 2 for what stands between <tag> and </tag> of the page. */
static struct text content_hash(struct arena *arena, struct text page, const char *tag)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length;
	text_cut(&page, text_format(arena, "<%s>", tag));
	struct text content = text_cut(&page, text_format(arena, "</%s>", tag));
	if (!EVP_Digest(content.at, content.len, digest, &length, EVP_sha256(), NULL))
		die(EXIT_UNABLE, "no SHA-256");
	return base64_encode(arena, (struct text){(const char *)digest, length});
}

/* a line of the page; where it is the policy, with the hashes of the page's style and script */
static void put_line(struct arena *arena, struct text page, struct text line)
{
	static const char *const tags[] = {"style", "script"};
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		struct text start = text_format(arena, "%s-src 'sha256-", tags[i]);
		if (!text_holds(line, start))
			continue;
		struct text before = text_cut(&line, start);
		struct text hash = content_hash(arena, page, tags[i]);
		printf("%.*s%.*s%.*s'", TEXT(before), TEXT(start), TEXT(hash));
		text_cut(&line, T("'"));
	}
	printf("%.*s\n", TEXT(line));
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct text source;
	struct text complaint;
	if (argc != 2)
		die(EXIT_USAGE, "generate SOURCE");
	if (!file_read(&arena, text_of(argv[1]), SOURCE_BYTES, &source, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	bool template = text_ends(text_of(argv[1]), T(".in"));
	for (struct text rest = source; rest.len;) {
		struct text line = text_cut(&rest, T("\n"));
		bool block = text_starts(line, T("<!-- @"));
		bool table = template && text_starts(line, T("@"));
		struct text name = text_skip(line, block ? 6 : 1);
		if (!table)
			put_line(&arena, source, line);
		if (table || block)
			put_table(text_cut(&name, T(":")));
		if (block) {
			text_cut(&rest, T("<!-- end -->\n"));
			puts("<!-- end -->");
		}
	}
	arena_end(&arena);
	return EXIT_SUCCESS;
}
