/* The text report: what a person in a hurry relies on. */
#include "base/arena.h"
#include "base/encoding.h"
#include "check.h"
#include "report/report.h"
#include "sample.h"

static struct text report_of(struct arena *arena, const struct sample *sample, int columns)
{
	struct report_style style = {.columns = columns};
	return report_text(arena, &sample->evidence, &sample->diagnosis, &style);
}

static struct text first_line(struct text report)
{
	return text_cut(&report, T("\n"));
}

static bool stands_before(struct text report, struct text first, struct text second)
{
	return text_find(report, first) < text_find(report, second) && text_holds(report, second);
}

/* no line is too wide but commands, none ends in white space, none has a character of control */
static void check_page(struct text report, size_t columns)
{
	assert_true(text_ends(report, T("\n")));
	while (report.len) {
		struct text line = text_cut(&report, T("\n"));
		struct text rest = line;
		size_t width = 0;
		while (rest.len) {
			uint32_t point;
			assert_true(utf8_take(&rest, &point));
			assert_true(point >= ' ' && !(point >= 0x7f && point < 0xa0));
			width++;
		}
		if (!text_starts(text_trim(line), T("aws ")) && width > columns)
			fail_msg("%zu columns: %.*s", columns, TEXT(line));
		assert_false(text_ends(line, T(" ")));
	}
}

static void the_verdict_comes_first(void **state)
{
	struct arena arena = {0};
	struct sample broken = sample_without_s3(&arena, "subnet-b");
	struct sample working = sample_working(&arena, "subnet-a");
	(void)state;
	struct text report = report_of(&arena, &broken, 100);
	check_text(0, first_line(report), "The pull breaks at tcp of s3: s3.no_route (likely)");
	check_text(1, first_line(report_of(&arena, &working, 100)), "The pull works");
	assert_true(stands_before(report, T("no way to S3"), T("s3.security_group: ")));
	assert_true(stands_before(report, T("net.nacl: "), T("What would decide")));
	assert_true(stands_before(report, T("What would decide"), T("What to do")));
	assert_true(stands_before(report, T("What to do"), T("  aws ec2 ")));
	assert_true(stands_before(report, T("  aws ec2 "), T("The path to ")));
	assert_true(stands_before(report, T("FAIL  tcp "), T("FAIL  tcp_control_public")));
	assert_true(stands_before(report, T("tcp_control_public"), T("skip  tls")));
	assert_true(stands_before(report, T("skip  layers"), T("Seen from")));
	arena_end(&arena);
}

static void an_unsettled_pull_is_called_so(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_start("a");
	(void)state;
	sample.diagnosis.pull = PULL_UNKNOWN;
	check_text(0, first_line(report_of(&arena, &sample, 100)),
		"Unknown whether the pull works: part of the path was not checked");
	sample.evidence.interrupted = true;
	check_text(1, first_line(report_of(&arena, &sample, 100)),
		"Unknown whether the pull works: the run ended before the check was complete");
	sample.evidence = (struct evidence){.stage_asked = true, .stage = STAGE_MANIFEST};
	sample.diagnosis.exit_code = EXIT_WORKS;
	check_text(2, first_line(report_of(&arena, &sample, 100)),
		"The pull works up to manifest; what follows was not checked");
	sample.diagnosis.exit_code = EXIT_UNSETTLED;
	check_text(3, first_line(report_of(&arena, &sample, 100)),
		"Unknown whether the pull works: part of the path was not checked");
	arena_end(&arena);
}

/* it fits where Kubernetes keeps a termination message, however long what was found is */
static void a_summary_is_the_beginning_and_fits(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_without_s3(&arena, "subnet-b");
	(void)state;
	struct text whole = report_of(&arena, &sample, 100);
	struct text summary = report_summary(&arena, &sample.evidence, &sample.diagnosis);
	assert_true(summary.len > 200 && text_starts(whole, summary));
	assert_true(text_holds(summary, T("What to do")));
	assert_false(text_holds(summary, T("Seen from")));
	struct buffer long_text = {.arena = &arena};
	while (long_text.len < 2 * SUMMARY_BYTES)
		buffer_add(&long_text, T("\xc3\xa9\xe2\x82\xac "));
	for (size_t cut = 0; cut < 5; cut++) {
		sample.diagnosis.findings[sample.diagnosis.verdict].says = text_format(
			&arena, "%.*s%.*s", (int)cut, "aaaaa", TEXT(buffer_text(&long_text)));
		summary = report_summary(&arena, &sample.evidence, &sample.diagnosis);
		check_row(cut, summary.len <= SUMMARY_BYTES && summary.len > SUMMARY_BYTES - 16);
	}
	arena_end(&arena);
}

static void other_findings_follow_the_connectivity(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_without_s3(&arena, "b");
	struct finding findings[3] = {sample.diagnosis.findings[0], sample.diagnosis.findings[0],
		sample.diagnosis.findings[0]};
	(void)state;
	findings[0].severity = SEVERITY_WARNING;
	findings[2].endpoint = ENDPOINT_LOGS;
	sample.diagnosis.findings = findings;
	sample.diagnosis.count = 3;
	sample.diagnosis.verdict = 1;
	struct text report = report_of(&arena, &sample, 100);
	assert_true(stands_before(report, T("skip  layers"), T("Also broken")));
	assert_true(stands_before(report, T("Also broken"), T("tcp of logs: ")));
	assert_true(stands_before(report, T("tcp of logs: "), T("Warnings")));
	assert_true(stands_before(report, T("Warnings"), T("Seen from")));
	assert_false(text_holds(report, T("Notes")));
	sample.diagnosis.pull = PULL_WORKS;
	check_text(
		0, first_line(report_of(&arena, &sample, 100)), "The pull works, with 1 warning");
	arena_end(&arena);
}

static void what_is_equal_is_one_line(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_working(&arena, "a");
	size_t changed = 0;
	(void)state;
	struct text report = report_of(&arena, &sample, 200);
	assert_true(text_holds(report, T("config, 30 layers, 12.3 MB\n")));
	/* the config and 30 layers fail alike, but for the keys of their objects */
	for (size_t i = 0; i < sample.evidence.count; i++) {
		struct step *step = &sample.evidence.steps[i];
		if (step->endpoint != ENDPOINT_S3 || step->stage != STAGE_LAYERS)
			continue;
		step->outcome = OUTCOME_FAILED;
		step->symptom = SYMPTOM_DENIED;
		step->peer = text_format(&arena, "10.0.0.%zu:443", i);
		step->detail = text_format(&arena, "no right on arn:aws:s3:::bucket/%zu here", i);
	}
	report = report_of(&arena, &sample, 200);
	assert_true(text_holds(report,
		T("config, 30 layers, 12.3 MB: denied: no right on arn:aws:s3:::bucket/... "
		  "here\n")));
	assert_false(text_holds(report, T("more failed")));
	/* one of them fails otherwise, and is shown with what is its own */
	for (size_t i = 0; i < sample.evidence.count && !changed; i++)
		if (sample.evidence.steps[i].symptom == SYMPTOM_DENIED) {
			sample.evidence.steps[i].symptom = SYMPTOM_RESET;
			changed = i;
		}
	report = report_of(&arena, &sample, 200);
	assert_true(text_holds(report, T("30 layers, 12.3 MB: denied: ")));
	assert_true(text_holds(report, text_format(&arena, "10.0.0.%zu:443, reset: ", changed)));
	/* many that differ are shown one by one, but not all of them */
	for (size_t i = 0; i < sample.evidence.count; i++)
		if (sample.evidence.steps[i].stage == STAGE_LAYERS)
			sample.evidence.steps[i].detail = text_format(&arena, "error %zu", i);
	report = report_of(&arena, &sample, 200);
	assert_true(text_holds(report, T("and 27 more failed\n")));
	arena_end(&arena);
}

static void addresses_that_fail_alike_are_one_line(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_start("a");
	(void)state;
	for (int i = 0; i < 8; i++) {
		struct step step = {.stage = STAGE_TCP, .outcome = OUTCOME_FAILED};
		step.endpoint = i < 2 ? ENDPOINT_API : ENDPOINT_S3;
		step.symptom = SYMPTOM_TIMEOUT;
		step.peer = text_format(&arena, "10.0.0.%d:443", i);
		evidence_add(&arena, &sample.evidence, step);
	}
	struct text report = report_of(&arena, &sample, 200);
	assert_true(text_holds(report, T("10.0.0.0:443 and 10.0.0.1:443: timeout\n")));
	assert_true(text_holds(report, T("6 addresses: timeout\n")));
	arena_end(&arena);
}

static void the_page_keeps_to_its_width(void **state)
{
	static const int widths[] = {60, 72, 80, 100, 132};
	(void)state;
	for (size_t i = 0; i < SIZE(widths); i++) {
		struct arena arena = {0};
		struct sample broken = sample_without_s3(&arena, "subnet-b");
		struct sample working = sample_working(&arena, "subnet-a");
		check_page(report_of(&arena, &broken, widths[i]), (size_t)widths[i]);
		check_page(report_of(&arena, &working, widths[i]), (size_t)widths[i]);
		arena_end(&arena);
	}
}

static void a_narrower_page_is_sixty_wide(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_without_s3(&arena, "subnet-b");
	(void)state;
	assert_true(text_equal(report_of(&arena, &sample, 60), report_of(&arena, &sample, -1)));
	arena_end(&arena);
}

static void hostile_words_do_no_harm(void **state)
{
	const struct text evil = T("\x1b[2J\r\n\xc2\x9b x\xff\xe2\x80\xae \t\0 end");
	struct arena arena = {0};
	struct sample sample = sample_without_s3(&arena, "b");
	struct evidence *evidence = &sample.evidence;
	(void)state;
	evidence->target.image = evil;
	evidence->version = evil;
	evidence->vantage = (struct vantage){.label = evil,
		.principal = evil,
		.task_arn = evil,
		.launch_type = evil,
		.subnet_cidr = evil,
		.clock_status = evil,
		.credential_source = evil};
	texts_add(&arena, &evidence->vantage.addresses, evil);
	for (size_t i = 0; i < evidence->count; i++) {
		struct step *step = &evidence->steps[i];
		step->host = step->peer = step->detail = evil;
		step->outcome = OUTCOME_FAILED;
		if (!seen_at_all(step, FACT_ERROR_TEXT))
			step_saw(&arena, step, FACT_ERROR_TEXT, evil);
	}
	sample.diagnosis.findings->says = evil;
	sample.diagnosis.findings->verify = evil;
	sample.diagnosis.findings->fix.at[0] = evil;
	sample.diagnosis.findings->confirm.at[0] = evil;
	check_page(report_of(&arena, &sample, 80), 80);
	arena_end(&arena);
}

static void long_words_are_cut_at_the_edge(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_without_s3(&arena, "b");
	char *words = arena_new(&arena, char, 3001);
	(void)state;
	for (size_t i = 0; i < 3000; i += 3) {
		words[i] = '\xe2';
		words[i + 1] = '\x82';
		words[i + 2] = '\xac';
	}
	sample.evidence.target.image = text_of(words);
	sample.evidence.vantage.label = text_of(words);
	sample.evidence.steps[5].detail = text_of(words);
	sample.diagnosis.findings->says = text_of(words);
	check_page(report_of(&arena, &sample, 60), 60);
	arena_end(&arena);
}

static void an_experiment_that_follows_nothing_is_still_shown(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_start("a");
	(void)state;
	sample_ask(&arena, &sample, 7, EXPERIMENT_TCP_RETRY, "lost.example", true);
	struct text report = report_of(&arena, &sample, 100);
	assert_true(text_holds(report, T("ok    tcp_again")));
	arena_end(&arena);
}

static void colour_is_on_request_and_adds_no_words(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_without_s3(&arena, "b");
	struct report_style style = {.columns = 80, .colour = true};
	struct buffer bare = {.arena = &arena};
	(void)state;
	struct text rest = report_text(&arena, &sample.evidence, &sample.diagnosis, &style);
	assert_true(text_holds(rest, T("\x1b[1;31mFAIL\x1b[0m")));
	while (rest.len) {
		buffer_add(&bare, text_cut(&rest, T("\x1b[")));
		if (rest.len)
			text_cut(&rest, T("m"));
	}
	assert_true(text_equal(buffer_text(&bare), report_of(&arena, &sample, 80)));
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_verdict_comes_first),
		cmocka_unit_test(an_unsettled_pull_is_called_so),
		cmocka_unit_test(a_summary_is_the_beginning_and_fits),
		cmocka_unit_test(other_findings_follow_the_connectivity),
		cmocka_unit_test(what_is_equal_is_one_line),
		cmocka_unit_test(addresses_that_fail_alike_are_one_line),
		cmocka_unit_test(the_page_keeps_to_its_width),
		cmocka_unit_test(a_narrower_page_is_sixty_wide),
		cmocka_unit_test(hostile_words_do_no_harm),
		cmocka_unit_test(long_words_are_cut_at_the_edge),
		cmocka_unit_test(an_experiment_that_follows_nothing_is_still_shown),
		cmocka_unit_test(colour_is_on_request_and_adds_no_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
