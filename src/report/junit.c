/* Reports as JUnit's XML, for what shows the results of tests: GitLab, Jenkins, CodeBuild. */
#include "base/clock.h"
#include "report/compare.h"
#include "report/page.h"

/* a case's result: what is inside its element, "failure", "error" or "skipped", and the text there
 */
struct test_case {
	struct text name;
	int64_t took_us;
	const char *element; /* NULL: the case passed */
	struct text type, message;
	struct text more;
};

struct suite {
	struct arena *arena;
	struct text label;
	struct buffer cases;
	size_t tests, failures, errors, skipped;
};

static struct text seconds(struct arena *arena, int64_t us)
{
	return text_format(arena, "%.6f", (double)us / 1e6);
}

static void add_case(struct suite *suite, const struct test_case *test)
{
	struct text element = text_of(test->element);
	suite->tests++;
	suite->failures += text_equal(element, T("failure"));
	suite->errors += text_equal(element, T("error"));
	suite->skipped += text_equal(element, T("skipped"));
	fill(&suite->cases, &xml_escapes, "<testcase classname=\"$\" name=\"$\" time=\"$\">",
		suite->label, test->name, seconds(suite->arena, test->took_us));
	if (element.len)
		fill(&suite->cases, &xml_escapes, "<$ type=\"$\" message=\"$\">", element,
			test->type, test->message);
	/* of several lines, so it is not made printable as one */
	add_escaped(&suite->cases, &xml_escapes, test->more);
	if (element.len)
		fill(&suite->cases, &xml_escapes, "</$>", element);
	buffer_add(&suite->cases, T("</testcase>\n"));
}

/* "tcp s3", which is the same whether it passes or fails */
static struct text case_name(struct arena *arena, enum stage stage, enum endpoint_kind endpoint)
{
	struct text of = endpoint == ENDPOINT_CALLER ? T("") : endpoint_kind_name(endpoint);
	return text_format(
		arena, "%.*s%s%.*s", TEXT(stage_name(stage)), of.len ? " " : "", TEXT(of));
}

static void add_finding(struct suite *suite, const struct finding *finding, int64_t took_us)
{
	static const struct report_style style = {.columns = 100};
	struct page page = page_new(suite->arena, &style);
	page_finding(&page, finding, 0, false);
	struct test_case test = {
		.name = case_name(suite->arena, finding->stage, finding->endpoint),
		.took_us = took_us,
		.element = "failure",
		.type = cause_name(finding->cause),
		.message = text_format(suite->arena, "%.*s (%.*s)", TEXT(finding->says),
			TEXT(certainty_name(finding->certainty))),
		.more = buffer_text(&page.out),
	};
	add_case(suite, &test);
}

/* The broken findings of a stage and endpoint, a case each, or of all that no result has. */
static size_t add_findings(
	struct suite *suite, const struct compared *report, const struct stage_result *result)
{
	size_t found = 0;
	for (size_t i = 0; i < report->diagnosis.count; i++) {
		const struct finding *finding = &report->diagnosis.findings[i];
		const struct stage_result *own = stage_result_of(
			report, finding->stage, finding->endpoint, EXPERIMENT_NONE);
		if (finding->severity != SEVERITY_BROKEN || own != result)
			continue;
		add_finding(suite, finding, result ? result->ended_us - result->began_us : 0);
		found++;
	}
	return found;
}

static void add_result(
	struct suite *suite, const struct compared *report, const struct stage_result *result)
{
	struct test_case test = {
		.name = case_name(suite->arena, result->stage, result->endpoint),
		.took_us = result->ended_us - result->began_us,
		.element = result->tried ? NULL : "skipped",
		.type = symptom_name(result->step->symptom),
		.message = step_words(suite->arena, result->step, false),
	};
	if (result->experiment == EXPERIMENT_NONE && !add_findings(suite, report, result))
		add_case(suite, &test);
}

/* What was not settled must not look as if all had passed. */
static void add_verdict(struct suite *suite, const struct compared *report)
{
	bool walked = report->evidence.count > 0;
	bool asked = report->evidence.stage_asked && report->diagnosis.exit_code == EXIT_WORKS;
	struct test_case test = {
		.name = walked ? T("verdict") : T("configuration"),
		.element = walked && !asked ? "error" : NULL,
		.type = T("unknown"),
		.message = verdict_line(suite->arena, &report->evidence, &report->diagnosis),
	};
	if (report->diagnosis.pull == PULL_UNKNOWN)
		add_case(suite, &test);
}

static void add_suite(struct buffer *out, const struct compared *report, size_t id)
{
	struct arena arena = {0};
	const struct evidence *evidence = &report->evidence;
	struct text time = clock_text(&arena, evidence->started_at);
	struct suite suite = {.arena = &arena,
		.label = report->label.len ? report->label : T("localhost"),
		.cases = {.arena = &arena}};
	for (size_t i = 0; i < report->count; i++)
		add_result(&suite, report, &report->results[i]);
	add_findings(&suite, report, NULL);
	add_verdict(&suite, report);
	fill(out, &xml_escapes,
		"<testsuite id=\"$\" package=\"pullprobe\" name=\"$\" hostname=\"$\" "
		"timestamp=\"$\" "
		"time=\"$\" tests=\"$\" failures=\"$\" errors=\"$\" skipped=\"$\">\n<properties>"
		"<property name=\"image\" value=\"$\"/></properties>\n",
		text_format(&arena, "%zu", id), suite.label, suite.label,
		text_head(time, time.len - 1), seconds(&arena, evidence->took_us),
		text_format(&arena, "%zu", suite.tests), text_format(&arena, "%zu", suite.failures),
		text_format(&arena, "%zu", suite.errors), text_format(&arena, "%zu", suite.skipped),
		evidence->target.image);
	buffer_add(out, buffer_text(&suite.cases));
	fill(out, &xml_escapes, "<system-out>$</system-out><system-err/>\n</testsuite>\n",
		verdict_line(&arena, evidence, &report->diagnosis));
	arena_end(&arena);
}

struct text compare_junit(struct arena *arena, const struct comparison *comparison)
{
	struct buffer out = {.arena = arena};
	buffer_add(&out, T("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"));
	for (size_t i = 0; i < comparison->count; i++)
		add_suite(&out, &comparison->reports[i], i);
	buffer_add(&out, T("</testsuites>\n"));
	return buffer_text(&out);
}
