/* docs/symptoms.md is made from the rules. With CAUSES=write in the environment this program writes
 * it; without, it fails when the page is stale. It runs in the repository's root. */
#include "base/buffer.h"
#include "base/file.h"
#include "check.h"
#include "diagnose/diagnose.h"
#include "model/causes.h"
#include <string.h>

#define PAGE "docs/causes.md"
static const char head[] =
	"# What the diagnosis knows\n\n"
	"Made from the rule tables in `src/diagnose/` by `CAUSES=write "
	"build/dev/unit/causes_page_test`;\n"
	"do not edit. Of the rules of a stage the first that meets a failed step makes its "
	"finding.\n"
	"Words in braces are filled from what was seen. A rule that is not `proven` names in its\n"
	"findings what else is possible.\n";

static void add_row(struct buffer *page, const struct rule_entry *entry)
{
	buffer_addf(page, "### %.*s\n\n", TEXT(entry->id));
	buffer_addf(page, "`%.*s`, %.*s. %.*s\n", TEXT(cause_name(entry->cause)),
		TEXT(certainty_name(entry->certainty)), TEXT(entry->says));
	if (entry->verify.len)
		buffer_addf(page, "\n- decides: %.*s\n", TEXT(entry->verify));
	if (entry->fix.len)
		buffer_addf(
			page, "%s- fix: %.*s\n", entry->verify.len ? "" : "\n", TEXT(entry->fix));
	buffer_add(page, T("\n"));
}

static bool is_note(const struct rule_entry *entry)
{
	return entry->severity != SEVERITY_BROKEN;
}

/* the rules of a stage in their order, then those that are warnings or notes */
static struct text page_of(struct arena *arena)
{
	struct buffer page = {.arena = arena};
	struct rule_entry entry;
	buffer_add(&page, text_of(head));
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		struct text meaning = stage_meaning((enum stage)stage);
		buffer_addf(&page, "\n## %.*s: %.*s\n\n", TEXT(stage_name((enum stage)stage)),
			TEXT(meaning));
		for (size_t i = 0; rule_at(i, &entry); i++)
			if ((int)entry.stage == stage && !is_note(&entry))
				add_row(&page, &entry);
	}
	buffer_add(&page, T("\n## warnings and notes\n\n"));
	for (size_t i = 0; rule_at(i, &entry); i++)
		if (is_note(&entry))
			add_row(&page, &entry);
	return buffer_text(&page);
}

static void write_page(struct text page)
{
	FILE *file = fopen(PAGE, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(page.at, 1, page.len, file), page.len);
	assert_int_equal(fclose(file), 0);
}

static void the_page_of_symptoms_is_fresh(void **state)
{
	struct arena arena = {0};
	struct text page = page_of(&arena);
	struct text found;
	struct text complaint;
	const char *wish = getenv("CAUSES");
	(void)state;
	if (wish && strcmp(wish, "write") == 0)
		write_page(page);
	if (!file_read(&arena, T(PAGE), 1024 * 1024, &found, &complaint))
		fail_msg("%.*s", TEXT(complaint));
	if (!text_equal(page, found))
		fail_msg(PAGE " is stale: run CAUSES=write build/dev/unit/causes_page_test");
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_page_of_symptoms_is_fresh)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
