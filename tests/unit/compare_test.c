/* Vantages side by side: what differs is marked, and the first difference is said. */
#include "base/arena.h"
#include "check.h"
#include "report/compare.h"
#include "sample.h"
#include <string.h>

enum { MOST = 20 };

struct vantages {
	struct arena arena;
	struct compared reports[MOST];
	size_t count;
};

/* a letter each: 'w' works, 's' has no S3; labels are a, b, c ... */
static struct vantages vantages_of(const char *kinds)
{
	struct vantages vantages = {0};
	for (const char *kind = kinds; *kind; kind++) {
		struct arena *arena = &vantages.arena;
		char *label = text_string(
			arena, text_format(arena, "subnet-%c", (int)('a' + (kind - kinds))));
		struct sample sample = *kind == 'w' ? sample_working(arena, label)
						    : sample_without_s3(arena, label);
		size_t at = vantages.count++;
		vantages.reports[at].file = text_format(arena, "%s.json", label);
		vantages.reports[at].evidence = sample.evidence;
		vantages.reports[at].diagnosis = sample.diagnosis;
	}
	return vantages;
}

static struct comparison comparison_by(struct vantages *vantages)
{
	return comparison_of(&vantages->arena, vantages->reports, vantages->count, T("0.1.0"));
}

static struct text compare(struct vantages *vantages, int columns)
{
	struct comparison comparison = comparison_by(vantages);
	comparison.style = (struct report_style){.columns = columns};
	return compare_text(&vantages->arena, &comparison);
}

static struct text page_of(struct vantages *vantages)
{
	struct comparison comparison = comparison_by(vantages);
	return compare_html(&vantages->arena, &comparison);
}

static struct text last_line(struct text report)
{
	struct text last = T("");
	while (report.len)
		last = text_cut(&report, T("\n"));
	return last;
}

/* the row of a name, without its mark */
static struct text row_of(struct text report, const char *name)
{
	while (report.len) {
		struct text line = text_cut(&report, T("\n"));
		if (text_starts(text_skip(line, 2), text_of(name)))
			return line;
	}
	return T("");
}

static void check_width(struct text report, size_t columns)
{
	while (report.len) {
		struct text line = text_cut(&report, T("\n"));
		if (line.len > columns)
			fail_msg("%zu columns: %.*s", columns, TEXT(line));
	}
}

static void the_first_difference_is_said(void **state)
{
	static const struct {
		const char *kinds;
		const char *sentence;
	} cases[] = {
		{"ws", "subnet-b differs first at tcp to s3: timeout, where subnet-a passes."},
		{"sw", "subnet-a differs first at tcp to s3: timeout, where subnet-b passes."},
		{"wss",
			"subnet-b and subnet-c differ first at tcp to s3: timeout, "
			"where subnet-a passes."},
		{"swww",
			"subnet-a differs first at tcp to s3: timeout, "
			"where subnet-b, subnet-c and subnet-d pass."},
		{"ww", "The vantages do not differ."},
		{"ss", "The vantages do not differ."},
		{"w", "The vantages do not differ."},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct vantages vantages = vantages_of(cases[i].kinds);
		check_text(i, last_line(compare(&vantages, 120)), cases[i].sentence);
		arena_end(&vantages.arena);
	}
}

static void rows_that_differ_are_marked(void **state)
{
	struct vantages vantages = vantages_of("ws");
	struct text report = compare(&vantages, 100);
	(void)state;
	assert_true(text_starts(row_of(report, "verdict"), T("* ")));
	assert_true(text_starts(row_of(report, "tcp s3"), T("* ")));
	assert_true(text_holds(row_of(report, "tcp s3"), T("FAIL timeout")));
	assert_true(text_starts(row_of(report, "tcp dkr"), T("  ")));
	assert_true(text_starts(row_of(report, "layers s3"), T("* ")));
	assert_true(text_holds(row_of(report, "address api"), T("in the VPC")));
	assert_true(text_holds(row_of(report, "address s3"), T("public")));
	assert_true(text_starts(row_of(report, "principal"), T("  ")));
	assert_true(text_find(report, T("dns s3")) < text_find(report, T("tcp api")));
	arena_end(&vantages.arena);
}

static void a_fact_is_named_where_no_step_differs(void **state)
{
	struct vantages vantages = vantages_of("ww");
	(void)state;
	vantages.reports[1].evidence.vantage.principal = T("arn:other");
	check_text(0, last_line(compare(&vantages, 200)),
		"No step differs; the first difference is the principal: "
		"arn:aws:iam::123456789012:role/task at subnet-a, arn:other at subnet-b.");
	vantages.reports[1].diagnosis.pull = PULL_UNKNOWN;
	check_text(1, last_line(compare(&vantages, 200)),
		"No step differs; the first difference is the verdict: "
		"works at subnet-a, unknown at subnet-b.");
	arena_end(&vantages.arena);
}

static void two_failures_are_told_apart(void **state)
{
	struct vantages vantages = vantages_of("ss");
	(void)state;
	vantages.reports[1].evidence.steps[5].symptom = SYMPTOM_REFUSED;
	check_text(0, last_line(compare(&vantages, 100)),
		"subnet-b differs first at tcp to s3: refused, where subnet-a shows timeout.");
	arena_end(&vantages.arena);
}

static void what_was_not_asked_is_no_difference(void **state)
{
	struct vantages vantages = vantages_of("ww");
	struct evidence *evidence = &vantages.reports[0].evidence;
	(void)state;
	evidence_add(&vantages.arena, evidence,
		(struct step){
			.stage = STAGE_DNS, .endpoint = ENDPOINT_LOGS, .outcome = OUTCOME_PASSED});
	struct text report = compare(&vantages, 100);
	check_text(0, last_line(report), "The vantages do not differ.");
	assert_true(text_ends(row_of(report, "dns logs"), T("-")));
	arena_end(&vantages.arena);
}

static void equal_labels_are_told_apart_by_file(void **state)
{
	struct vantages vantages = vantages_of("ws");
	(void)state;
	vantages.reports[1].evidence.vantage.label = T("subnet-a");
	check_text(0, last_line(compare(&vantages, 120)),
		"subnet-a (subnet-b.json) differs first at tcp to s3: timeout, "
		"where subnet-a (subnet-a.json) passes.");
	arena_end(&vantages.arena);
}

static void every_number_of_vantages_fits(void **state)
{
	static const int widths[] = {60, 80, 100};
	static const char kinds[MOST + 1] = "wswwswsswswwwsswsssw";
	(void)state;
	for (size_t width = 0; width < SIZE(widths); width++)
		for (size_t count = 1; count <= MOST; count++) {
			struct vantages vantages = vantages_of(&kinds[MOST - count]);
			check_width(compare(&vantages, widths[width]), (size_t)widths[width]);
			arena_end(&vantages.arena);
		}
}

static void too_many_are_put_together(void **state)
{
	struct vantages vantages = vantages_of("wswwswsswsww");
	(void)state;
	vantages.reports[2].evidence.vantage.mtu = 1500;
	struct text report = compare(&vantages, 100);
	assert_true(text_holds(report, T("subnet-a +6")));
	assert_true(text_holds(report, T("subnet-b +4: subnet-b, subnet-e, ")));
	assert_true(text_holds(row_of(report, "MTU"), T("varies: ")));
	arena_end(&vantages.arena);
}

/* each unlike the others: nothing can be put together, so the table is continued below */
static void too_many_that_are_unlike_make_several_tables(void **state)
{
	struct vantages vantages = vantages_of("ssssssssssss");
	(void)state;
	for (size_t i = 0; i < vantages.count; i++)
		vantages.reports[i].evidence.steps[5].symptom = (enum symptom)(
			SYMPTOM_TIMEOUT + (int)i);
	struct text report = compare(&vantages, 80);
	check_width(report, 80);
	for (size_t i = 0; i < vantages.count; i++)
		assert_true(text_holds(report, vantages.reports[i].evidence.vantage.label));
	arena_end(&vantages.arena);
}

static void hostile_words_do_no_harm(void **state)
{
	struct vantages vantages = vantages_of("ws");
	(void)state;
	vantages.reports[0].evidence.vantage.label = T("\x1b[2J\nx");
	vantages.reports[1].evidence.vantage.principal = T("\x1b]0;\x07\xff\r");
	vantages.reports[1].evidence.target.image = T("a\nb");
	struct text report = compare(&vantages, 100);
	for (size_t i = 0; i < report.len; i++)
		assert_true(report.at[i] == '\n' || (unsigned char)report.at[i] >= ' ');
	assert_true(text_holds(report, T("\\x1b[2J\\nx")));
	arena_end(&vantages.arena);
}

/* 20.0.0.0/8 is no private range, and yet a VPC may have it */
static void the_vpcs_own_ranges_are_known(void **state)
{
	struct vantages vantages = vantages_of("ww");
	struct evidence *evidence = &vantages.reports[1].evidence;
	(void)state;
	evidence->vantage.addresses.at[0] = T("20.1.1.10");
	evidence->steps[0].seen[0].list.at[0] = T("20.1.7.21");
	evidence->steps[1].seen[0].list.at[0] = T("20.2.7.21");
	evidence->steps[2].seen[0].list.at[0] = T("172.31.0.9");
	struct comparison comparison = comparison_by(&vantages);
	struct text report = compare(&vantages, 200);
	check_text(0, last_line(report),
		"No step differs; the first difference is the address of dkr: in the VPC at "
		"subnet-a, public at subnet-b.");
	assert_true(text_starts(row_of(report, "address api"), T("  ")));
	assert_true(text_ends(row_of(report, "address s3"), T(" private")));
	/* the pull goes another way, which is other behaviour */
	assert_int_equal(comparison.groups.count, 2);
	arena_end(&vantages.arena);
}

static void times_differ_where_one_is_much_longer(void **state)
{
	static const struct {
		int64_t took_us;
		bool differs;
	} cases[] = {{412000, false}, {600000, false}, {1300000, true}, {100000, true}, {0, true}};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct vantages vantages = vantages_of("ww");
		vantages.reports[1].evidence.took_us = cases[i].took_us;
		struct text row = row_of(compare(&vantages, 100), "time in all");
		check_row(i, text_starts(row, T("* ")) == cases[i].differs);
		arena_end(&vantages.arena);
	}
}

static void a_page_has_every_vantage(void **state)
{
	struct vantages vantages = vantages_of("wswwswsswsww");
	(void)state;
	struct text page = page_of(&vantages);
	assert_true(text_starts(page, T("<!DOCTYPE html>")));
	assert_true(text_ends(page, T("</html>\n")));
	assert_false(text_holds(page, T("{{")));
	assert_true(text_holds(page, T("{\"label\":\"subnet-a +6\"")));
	assert_true(text_holds(page, T("subnet-b, subnet-e, subnet-g and 2 more differ first")));
	arena_end(&vantages.arena);
}

static void what_is_kept_is_bounded(void **state)
{
	struct vantages vantages = vantages_of("ww");
	(void)state;
	char *label = arena_new(&vantages.arena, char, 1000000);
	memset(label, 'x', 999999);
	vantages.reports[0].evidence.vantage.label = text_of(label);
	assert_true(page_of(&vantages).len < 200000);
	arena_end(&vantages.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_difference_is_said),
		cmocka_unit_test(rows_that_differ_are_marked),
		cmocka_unit_test(a_fact_is_named_where_no_step_differs),
		cmocka_unit_test(two_failures_are_told_apart),
		cmocka_unit_test(what_was_not_asked_is_no_difference),
		cmocka_unit_test(equal_labels_are_told_apart_by_file),
		cmocka_unit_test(every_number_of_vantages_fits),
		cmocka_unit_test(too_many_are_put_together),
		cmocka_unit_test(too_many_that_are_unlike_make_several_tables),
		cmocka_unit_test(hostile_words_do_no_harm),
		cmocka_unit_test(the_vpcs_own_ranges_are_known),
		cmocka_unit_test(times_differ_where_one_is_much_longer),
		cmocka_unit_test(a_page_has_every_vantage),
		cmocka_unit_test(what_is_kept_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
