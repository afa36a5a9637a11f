/* The parts of the Lambda runtime that need no API: the event, and work in a process of its own. */
#include "base/clock.h"
#include "check.h"
#include "lambda/lambda.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

static void an_event_becomes_a_command_line(void **state)
{
	static const struct {
		const char *event;
		const char *words; /* NULL: it is refused */
	} cases[] = {
		{"{}", "pullprobe check --format json"},
		{"{\"image\": \"a/b:1\"}", "pullprobe check --format json -- a/b:1"},
		{"{\"options\": [\"--full\", \"--timeout\", \"3\"], \"image\": \"a\"}",
			"pullprobe check --format json --full --timeout 3 -- a"},
		{"{\"image\": \"--full\"}", "pullprobe check --format json -- --full"},
		{"", NULL},
		{"[]", NULL},
		{"{\"image\": 1}", NULL},
		{"{\"image\": \"a\", \"image\": \"b\"}", NULL},
		{"{\"image\": \"a\", \"option\": []}", NULL},
		{"{\"image\": \"a\", \"options\": \"--full\"}", NULL},
		{"{\"image\": \"a\", \"options\": [\"--timeout\", 3]}", NULL},
		{"{\"image\": \"a\\u0000b\"}", NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct event event;
		struct text complaint = {0};
		struct text json = exact(text_of(cases[i].event));
		bool read = event_read(&arena, json, &event, &complaint);
		check_row(i, read == (cases[i].words != NULL));
		check_row(i, read || complaint.len);
		if (read) {
			int count;
			char **words = event_words(&arena, &event, &count);
			struct text all = text_of(words[0]);
			for (int w = 1; w < count; w++)
				all = text_format(&arena, "%.*s %s", TEXT(all), words[w]);
			check_text(i, all, cases[i].words);
			check_row(i, words[count] == NULL);
		}
		free((void *)json.at);
		arena_end(&arena);
	}
}

static void an_event_may_ask_for_an_explanation(void **state)
{
	static const struct {
		const char *event;
		const char *explain; /* NULL: it is refused, or asks for a check */
		const char *subject;
	} cases[] = {
		{"{\"explain\": \"i/o timeout\"}", "i/o timeout", ""},
		{"{\"detail-type\": \"ECS Task State Change\", \"detail\": {\"taskArn\": "
		 "\"arn:t\", "
		 "\"group\": \"service:web\", \"stoppedReason\": \"a\", \"containers\": "
		 "[{\"reason\": "
		 "\"b\"}, {}, {\"reason\": \"c\"}]}}",
			"a\nb\nc", "Task arn:t (service:web)"},
		{"{\"detail-type\": \"ECS Task State Change\", \"detail\": {\"lastStatus\": "
		 "\"RUNNING\"}}",
			"", "Task  ()"},
		{"{\"detail-type\": \"ECS Task State Change\"}", NULL, NULL},
		{"{\"detail-type\": \"ECS Service Action\", \"detail\": {}}", NULL, NULL},
		{"{\"explain\": 1}", NULL, NULL},
		{"{\"explain\": \"a\", \"image\": \"b\"}", NULL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct event event;
		struct text complaint = {0};
		bool read = event_read(&arena, text_of(cases[i].event), &event, &complaint);
		check_row(i, read == (cases[i].explain != NULL));
		if (read) {
			check_row(i, event.explains);
			check_text(i, event.explain, cases[i].explain);
			check_text(i, event.subject, cases[i].subject);
		}
		arena_end(&arena);
	}
}

static void an_event_has_a_bounded_number_of_options(void **state)
{
	struct arena arena = {0};
	struct event event;
	struct text complaint;
	struct text options = T("\"-\"");
	(void)state;
	for (int i = 0; i < EVENT_OPTIONS_MAX; i++)
		options = text_format(&arena, "%.*s,\"-\"", TEXT(options));
	struct text json = text_format(&arena, "{\"options\":[%.*s]}", TEXT(options));
	assert_false(event_read(&arena, json, &event, &complaint));
	arena_end(&arena);
}

static void a_checks_metrics_are_a_line_of_the_log(void **state)
{
	static const struct {
		const char *pull;
		const char *works; /* what the line has; NULL: no such metric */
	} cases[] = {
		{"works", "\"PullWorks\":1"}, {"breaks", "\"PullWorks\":0"}, {"unknown", NULL}};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		json_t *report = json_pack("{s:i, s:{s:s}, s:{s:s}, s:{s:s, s:s, s:s, s:s, s:i}}",
			"took_us", 2500000, "target", "image", "a/b:1", "vantage", "label", "here",
			"verdict", "pull", cases[i].pull, "class", "s3.no_route", "stage", "tcp",
			"endpoint", "s3", "exit_code", 22);
		json_t *metrics = metrics_of(report);
		char *line = json_dumps(metrics, JSON_COMPACT);
		check_row(i,
			strstr(line,
				"\"CloudWatchMetrics\":[{\"Namespace\":\"pullprobe\","
				"\"Dimensions\":[["
				"\"Image\",\"Vantage\"]],\"Metrics\":[{\"Name\":\"PullWorks\","
				"\"Unit\":\"None\"},{\"Name\":\"CheckSeconds\",\"Unit\":"
				"\"Seconds\"}]}]"));
		check_row(i,
			strstr(line,
				"\"Image\":\"a/b:1\",\"Vantage\":\"here\",\"CheckSeconds\":2.5,"));
		check_row(i,
			cases[i].works ? strstr(line, cases[i].works) != NULL
				       : !strstr(line, "\"PullWorks\":"));
		check_row(i,
			strstr(line,
				"\"Class\":\"s3.no_route\",\"Stage\":\"tcp\",\"Endpoint\":\"s3\","
				"\"ExitCode\":22"));
		free(line);
		json_decref(metrics);
		json_decref(report);
	}
}

static int prints(void *context)
{
	fputs(context, stdout);
	fputs("noise\npullprobe: it is said\n", stderr);
	return 42;
}

static int dies(void *context)
{
	(void)context;
	raise(SIGKILL);
	return 0;
}

static int lingers(void *context)
{
	const int *forever = context;
	while (*forever)
		pause();
	return 0;
}

static void a_child_is_known_by_what_it_leaves(void **state)
{
	static const struct {
		int (*work)(void *context);
		size_t out_max;
		int64_t within_us;
		bool done;
		int code, signal;
		const char *out, *err;
	} cases[] = {
		{prints, 100, 0, true, 42, 0, "report", "it is said"},
		{prints, 3, 0, false, 42, 0, "",
			"cannot read what the check printed: it is too large"},
		{dies, 100, 0, true, -1, SIGKILL, "", ""},
		{lingers, 100, SECOND_US / 50, true, -1, SIGALRM, "", ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct child child = {.work = cases[i].work,
			.context = (char[]){"report"},
			.within_us = cases[i].within_us,
			.out_max = cases[i].out_max};
		fflush(NULL);
		check_row(i, child_run(&arena, &child) == cases[i].done);
		check_row(i, child.code == cases[i].code);
		check_row(i, child.signal == cases[i].signal);
		check_text(i, child.out, cases[i].out);
		check_text(i, child.err, cases[i].err);
		arena_end(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_becomes_a_command_line),
		cmocka_unit_test(an_event_may_ask_for_an_explanation),
		cmocka_unit_test(an_event_has_a_bounded_number_of_options),
		cmocka_unit_test(a_checks_metrics_are_a_line_of_the_log),
		cmocka_unit_test(a_child_is_known_by_what_it_leaves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
