/* The loop of a Lambda runtime: takes an event, runs the check, posts the report or the failure.
 *
 * Each check is a process of its own. So the runtime does not grow, and a check may die of a usage
 * mistake, as on the command line. */
#include "base/clock.h"
#include "base/die.h"
#include "lambda/lambda.h"
#include "model/json.h"
#include "net/net.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	/* of a synchronous answer: lambda/latest/dg/gettingstarted-limits.html */
	ANSWER_BYTES_MAX = 6 * 1024 * 1024,
	API_ANSWER_MAX = 64 * 1024,
	ACCEPTED = 202,
};

/* Before the deadline: a check ends by itself, is ended, and then still has to be answered for. */
#define MARGIN_US SECOND_US
#define MARGIN_BY_FORCE_US (SECOND_US * 2 / 5)
#define LEAST_US (SECOND_US / 10)

/* An event may not come for days; curl has no shorter patience of its own. */
#define FOREVER_US (SECOND_US * 3600 * 24 * 365)

/* ours are waited for no longer than a function may run */
#define POST_US (SECOND_US * 900)

/* after a SIGTERM Lambda waits so long: lambda/latest/dg/lambda-runtime-environment.html */
#define LAST_WORDS_US (SECOND_US * 2)

struct runtime {
	struct arena *arena; /* of one invocation */
	struct net net;
	struct address address; /* of the API, where its host is a name */
	struct text base;	/* "http://127.0.0.1:9001/2018-06-01/runtime" */
	const struct lambda *lambda;
};

struct invocation {
	int count;
	char **words;	     /* the command line */
	int64_t deadline_ms; /* of the Unix clock; 0: it has none */
	const struct lambda *lambda;
	struct event event;
};

/* what is reported instead of a report */
struct failure {
	struct text type; /* CATEGORY.REASON, the form that Lambda recommends */
	struct text message;
};

/* what ECS says about a task that stopped; nothing of the other changes of its state */
static void read_task(struct arena *arena, const json_t *detail, struct event *out)
{
	const json_t *containers = json_object_get(detail, "containers");
	struct buffer reasons = {.arena = arena};
	buffer_add(&reasons, json_text(arena, detail, "stoppedReason"));
	for (size_t i = 0; i < json_array_size(containers); i++) {
		struct text reason = json_text(arena, json_array_get(containers, i), "reason");
		buffer_addf(
			&reasons, "%s%.*s", reasons.len && reason.len ? "\n" : "", TEXT(reason));
	}
	out->explain = buffer_text(&reasons);
	out->subject = text_format(arena, "Task %.*s (%.*s)",
		TEXT(json_text(arena, detail, "taskArn")), TEXT(json_text(arena, detail, "group")));
}

bool event_read(struct arena *arena, struct text json, struct event *out, struct text *complaint)
{
	struct text why;
	json_t *event = json_read(json, EVENT_BYTES_MAX, &why);
	if (!event)
		return complain(complaint, text_format(arena, "the event: %.*s", TEXT(why)));
	const json_t *detail = json_object_get(event, "detail");
	bool is_task = text_equal(
		json_text(arena, event, "detail-type"), T("ECS Task State Change"));
	bool is_text = json_is_string(json_object_get(event, "explain"));
	const char *image;
	const json_t *options = NULL;
	*out = (struct event){.image = json_text(arena, event, "image"),
		.options = json_texts(arena, json_object_get(event, "options")),
		.explains = is_task || is_text,
		.explain = json_text(arena, event, "explain")};
	bool good = is_task ? json_is_object(detail)
		: is_text
		? json_object_size(event) == 1
		: json_unpack(event, "{s?s,s?o!}", "image", &image, "options", &options) == 0 &&
			(!options || json_is_array(options)) &&
			json_array_size(options) == out->options.count &&
			out->options.count <= EVENT_OPTIONS_MAX;
	if (is_task)
		read_task(arena, detail, out);
	json_decref(event);
	if (!good)
		*complaint = T("the event must be {\"image\": \"IMAGE\", "
			       "\"options\": [\"--timeout\", \"3\"]}, {\"explain\": \"TEXT\"} or "
			       "an ECS Task State Change");
	return good;
}

char **event_words(struct arena *arena, const struct event *event, int *count)
{
	/* a form that the options name comes later, and is seen */
	static const struct text first[] = {
		{"pullprobe", 9}, {"check", 5}, {"--format", 8}, {"json", 4}};
	enum { FIRST = sizeof first / sizeof *first };
	char **words = arena_new(arena, char *, FIRST + event->options.count + 3);
	*count = 0;
	for (size_t i = 0; i < FIRST; i++)
		words[(*count)++] = text_string(arena, first[i]);
	for (size_t i = 0; i < event->options.count; i++)
		words[(*count)++] = text_string(arena, event->options.at[i]);
	if (event->image.len) {
		words[(*count)++] = text_string(arena, T("--"));
		words[(*count)++] = text_string(arena, event->image);
	}
	return words;
}

/* True: the API took it. */
static bool post(struct runtime *runtime, struct text url, struct text body, struct text error_type)
{
	const struct header headers[] = {{T("Content-Type"), T("application/json")},
		{T("Lambda-Runtime-Function-Error-Type"), error_type}};
	struct exchange exchange = {
		.url = url,
		.address = runtime->address,
		.post = true,
		.body = body,
		.send = headers,
		.send_count = error_type.len ? 2 : 1,
		.body_keep = API_ANSWER_MAX,
		.body_max = API_ANSWER_MAX,
	};
	/* an answer is owed, a signal or not; another one ends this too */
	bool last = interrupted;
	int64_t within_us = last ? LAST_WORDS_US : POST_US;
	if (last)
		interrupted = 0;
	net_exchange(&runtime->net, &exchange, 1, within_us, clock_us() + within_us);
	if (last)
		interrupted = 1;
	if (exchange.status != ACCEPTED)
		fprintf(stderr, "pullprobe: the runtime API did not accept an answer: %d %.*s\n",
			exchange.status, TEXT(exchange.detail));
	return exchange.status == ACCEPTED;
}

static void post_failure(struct runtime *runtime, struct text url, const struct failure *failure)
{
	json_t *error = json_pack("{s:o,s:o,s:[]}", "errorMessage",
		field_text(runtime->arena, failure->message), "errorType",
		field_text(runtime->arena, failure->type), "stackTrace");
	char *body = json_dumps(error, JSON_COMPACT | JSON_ENSURE_ASCII);
	if (!body)
		die(EXIT_UNABLE, "out of memory");
	post(runtime, url, text_of(body), failure->type);
	free(body);
	json_decref(error);
}

/* until so long before the deadline; 0: there is no deadline */
static int64_t left_us(int64_t deadline_ms, int64_t margin_us)
{
	if (deadline_ms <= 0 || deadline_ms > INT64_MAX / 1000)
		return 0;
	int64_t left_us = deadline_ms * 1000 - clock_unix_us() - margin_us;
	return left_us > LEAST_US ? left_us : LEAST_US;
}

static int check(void *context)
{
	const struct invocation *invocation = context;
	if (invocation->event.explains)
		return invocation->lambda->explain(
			invocation->event.subject, invocation->event.explain);
	return invocation->lambda->check(
		invocation->count, invocation->words, left_us(invocation->deadline_ms, MARGIN_US));
}

static int start(void *context)
{
	const struct runtime *runtime = context;
	return runtime->lambda->start();
}

/* True: the child ended by itself, with a code that is no failure of its own. */
static bool run(struct runtime *runtime, struct child *child, struct failure *failure)
{
	bool ended = child_run(runtime->arena, child);
	*failure = (struct failure){T("Pullprobe.Unable"), child->err};
	if (child->signal == SIGALRM)
		*failure = (struct failure){T("Pullprobe.Timeout"),
			T("the check did not end before the invocation's deadline")};
	else if (child->signal)
		*failure = (struct failure){T("Pullprobe.Crash"),
			text_format(
				runtime->arena, "the check was ended by signal %d", child->signal)};
	else if (child->code == EXIT_USAGE)
		failure->type = T("Pullprobe.Usage");
	return ended && child->code >= 0 && child->code != EXIT_USAGE && child->code != EXIT_UNABLE;
}

/* the report of the check that an event asks for */
static bool make_report(struct runtime *runtime, const struct exchange *asked, struct text *report,
	struct failure *failure)
{
	struct invocation invocation = {.lambda = runtime->lambda};
	struct child child = {.work = check, .context = &invocation, .out_max = ANSWER_BYTES_MAX};
	text_number(header_value(asked, T("Lambda-Runtime-Deadline-Ms")), &invocation.deadline_ms);
	child.within_us = left_us(invocation.deadline_ms, MARGIN_BY_FORCE_US);
	failure->type = T("Pullprobe.Event");
	if (!event_read(runtime->arena, asked->kept, &invocation.event, &failure->message))
		return false;
	invocation.words = event_words(runtime->arena, &invocation.event, &invocation.count);
	if (!run(runtime, &child, failure))
		return false;
	*report = child.out;
	*failure = (struct failure){T("Pullprobe.Usage"), T("these options produce no report")};
	return text_starts(child.out, T("{"));
}

/* stdout is the function's log */
static void log_metrics(struct text report)
{
	json_t *read = json_loadb(report.at, report.len, 0, NULL);
	if (json_object_get(read, "verdict")) {
		json_t *metrics = metrics_of(read);
		json_dumpf(metrics, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
		putchar('\n');
		fflush(stdout);
		json_decref(metrics);
	}
	json_decref(read);
}

static void answer(struct runtime *runtime, const struct exchange *asked)
{
	struct failure failure;
	struct text report;
	struct text url = text_format(runtime->arena, "%.*s/invocation/%.*s", TEXT(runtime->base),
		TEXT(header_value(asked, T("Lambda-Runtime-Aws-Request-Id"))));
	if (make_report(runtime, asked, &report, &failure)) {
		struct text to = text_format(runtime->arena, "%.*s/response", TEXT(url));
		log_metrics(report);
		if (post(runtime, to, report, T("")))
			return;
		failure = (struct failure){
			T("Pullprobe.Unable"), T("Lambda did not accept the report")};
	}
	post_failure(runtime, text_format(runtime->arena, "%.*s/error", TEXT(url)), &failure);
}

static int serve(struct runtime *runtime)
{
	struct child child = {.work = start, .context = runtime, .out_max = API_ANSWER_MAX};
	struct failure failure;
	struct exchange asked;
	struct text base = runtime->base;
	/* what would fail every invocation fails the start */
	if (!run(runtime, &child, &failure)) {
		fprintf(stderr, "pullprobe: %.*s\n", TEXT(failure.message));
		post_failure(runtime, text_format(runtime->arena, "%.*s/init/error", TEXT(base)),
			&failure);
		return EXIT_UNABLE;
	}
	for (;;) {
		asked = (struct exchange){
			.url = text_format(runtime->arena, "%.*s/invocation/next", TEXT(base)),
			.address = runtime->address,
			.body_keep = EVENT_BYTES_MAX + 1,
			.body_max = ANSWER_BYTES_MAX * 2,
		};
		net_exchange(&runtime->net, &asked, 1, FOREVER_US, clock_us() + FOREVER_US);
		if (asked.symptom != SYMPTOM_NONE || asked.status != 200)
			break;
		answer(runtime, &asked);
		/* all that an invocation took goes, its connection too: nothing grows */
		net_end(&runtime->net);
		arena_end(runtime->arena);
		net_begin(&runtime->net, runtime->arena);
	}
	if (interrupted)
		return 0;
	fprintf(stderr, "pullprobe: the runtime API returned no event: %d %.*s\n", asked.status,
		TEXT(asked.detail));
	return EXIT_UNABLE;
}

int lambda_serve(struct text api, const struct lambda *lambda)
{
	struct arena arena = {0};
	struct arena texts = {0};
	struct runtime runtime = {
		.arena = &arena,
		.base = text_format(&texts, "http://%.*s/2018-06-01/runtime", TEXT(api)),
		.lambda = lambda,
	};
	struct text port = api;
	if (text_same(text_cut(&port, T(":")), T("localhost")))
		address_parse(T("127.0.0.1"), &runtime.address);
	net_begin(&runtime.net, &arena);
	int code = serve(&runtime);
	net_end(&runtime.net);
	arena_end(&arena);
	arena_end(&texts);
	return code;
}

/* The metrics of a check as a line of the function's log, in CloudWatch's embedded metric format.
 * The log goes out beside the VPC, so the line arrives from a subnet that nothing else leaves.
 * AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */

json_t *metrics_of(const json_t *report)
{
	const json_t *verdict = json_object_get(report, "verdict");
	struct text pull = text_of(json_string_value(json_object_get(verdict, "pull")));
	/* which members of the line are metrics, and which are their dimensions */
	json_t *directive = json_pack("{s:I,s:[{s:s,s:[[s,s]],s:[{s:s,s:s},{s:s,s:s}]}]}",
		"Timestamp", (json_int_t)(clock_unix_us() / 1000), "CloudWatchMetrics", "Namespace",
		"pullprobe", "Dimensions", "Image", "Vantage", "Metrics", "Name", "PullWorks",
		"Unit", "None", "Name", "CheckSeconds", "Unit", "Seconds");
	json_t *line = json_pack("{s:o,s:O,s:O,s:f,s:O,s:O,s:O,s:O}", "_aws", directive, "Image",
		json_object_get(json_object_get(report, "target"), "image"), "Vantage",
		json_object_get(json_object_get(report, "vantage"), "label"), "CheckSeconds",
		(double)json_integer_value(json_object_get(report, "took_us")) / 1e6, "Class",
		json_object_get(verdict, "class"), "Stage", json_object_get(verdict, "stage"),
		"Endpoint", json_object_get(verdict, "endpoint"), "ExitCode",
		json_object_get(verdict, "exit_code"));
	if (!line)
		die(EXIT_UNABLE, "out of memory");
	/* An unknown verdict is neither: the alarm sees missing data. */
	if (!text_equal(pull, T("unknown")))
		field_put(line, "PullWorks", json_integer(text_equal(pull, T("works"))));
	return line;
}
