/* Every golden case, with sanitizers: its report fits its page at any terminal's width, and what is
 * read of the report as JSON is told the same again. tests/golden/ says what it tells. */
#include "base/file.h"
#include "check.h"
#include "diagnose/diagnose.h"
#include "report/report.h"
#include <glob.h>

enum { CASES_MIN = 200 };

static struct text read_whole(struct arena *arena, const char *path)
{
	struct text content;
	struct text complaint;
	if (!file_read(arena, text_of(path), REPORT_BYTES_MAX, &content, &complaint))
		fail_msg("%.*s", TEXT(complaint));
	return content;
}

/* A word of a command or a policy statement cannot be cut; a line that is one may be too wide. */
static bool is_one_word(struct text line)
{
	struct text word = text_trim(line);
	if (text_ends(word, T(" \\")))
		word = text_head(word, word.len - 2);
	bool explanation = text_starts(word, T("'")) || text_starts(word, T("\""));
	return !text_holds(word, T(" ")) &&
		(!explanation || text_find(word, T(",")) + 1 >= word.len);
}

static void check_lines(const char *path, struct text report, size_t columns)
{
	while (report.len) {
		struct text line = text_cut(&report, T("\n"));
		if ((line.len > columns && !is_one_word(line)) || text_ends(line, T(" ")))
			fail_msg("%s at %zu columns: %.*s", path, columns, TEXT(line));
	}
}

static void read_report(
	struct arena *arena, const char *path, struct text json, struct evidence *evidence)
{
	struct text complaint;
	if (!schema_read(arena, json, evidence, &complaint))
		fail_msg("%s: %.*s", path, TEXT(complaint));
}

static void check_retry(struct arena *arena, const char *path, struct text json)
{
	struct evidence evidence = {0};
	read_report(arena, path, json, &evidence);
	struct diagnosis diagnosis = diagnose(arena, &evidence);
	if (!text_equal(report_json(arena, &evidence, &diagnosis), json))
		fail_msg("%s: told otherwise, once it is told", path);
}

static void check_case(const char *path)
{
	static const int widths[] = {60, 80, 100, 120};
	struct arena arena = {0};
	struct evidence evidence = {0};
	read_report(&arena, path, read_whole(&arena, path), &evidence);
	struct diagnosis diagnosis = diagnose(&arena, &evidence);
	check_retry(&arena, path, report_json(&arena, &evidence, &diagnosis));
	for (size_t i = 0; i < SIZE(widths); i++) {
		struct report_style style = {.columns = widths[i]};
		check_lines(path, report_text(&arena, &evidence, &diagnosis, &style),
			(size_t)widths[i]);
	}
	arena_end(&arena);
}

static void every_case_is_told_well(void **state)
{
	glob_t found;
	size_t cases = 0;
	(void)state;
	assert_int_equal(glob("build/golden/*.json", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		check_case(found.gl_pathv[i]);
		cases++;
	}
	assert_true(cases > CASES_MIN);
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_case_is_told_well)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
