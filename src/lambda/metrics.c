/* The metrics of a check as a line of the function's log, in CloudWatch's embedded metric format.
 * The log goes out beside the VPC, so the line arrives from a subnet that nothing else leaves.
 * AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
#include "base/clock.h"
#include "lambda/lambda.h"
#include "model/json.h"

static json_t *metric(const char *name, const char *unit)
{
	json_t *one = json_object();
	field_put(one, "Name", json_string(name));
	field_put(one, "Unit", json_string(unit));
	return one;
}

/* which members of the line are metrics, and by which others they are told apart */
static json_t *directive(void)
{
	json_t *aws = json_object();
	json_t *all = json_array();
	json_t *one = json_object();
	json_t *metrics = json_array();
	field_append(metrics, metric("PullWorks", "None"));
	field_append(metrics, metric("CheckSeconds", "Seconds"));
	field_put(one, "Namespace", json_string("pullprobe"));
	field_put(one, "Dimensions", json_pack("[[ss]]", "Image", "Vantage"));
	field_put(one, "Metrics", metrics);
	field_append(all, one);
	field_put(aws, "Timestamp", json_integer(clock_unix_us() / 1000));
	field_put(aws, "CloudWatchMetrics", all);
	return aws;
}

static json_t *member(const json_t *object, const char *key)
{
	return json_incref(json_object_get(object, key));
}

json_t *metrics_of(const json_t *report)
{
	const json_t *verdict = json_object_get(report, "verdict");
	const char *pull = json_string_value(json_object_get(verdict, "pull"));
	json_t *line = json_object();
	field_put(line, "_aws", directive());
	field_put(line, "Image", member(json_object_get(report, "target"), "image"));
	field_put(line, "Vantage", member(json_object_get(report, "vantage"), "label"));
	field_put(line, "CheckSeconds",
		json_real((double)json_integer_value(json_object_get(report, "took_us")) / 1e6));
	/* what is not known is neither, and an alarm treats missing data as it is told to */
	if (!text_equal(text_of(pull), T("unknown")))
		field_put(line, "PullWorks", json_integer(text_equal(text_of(pull), T("works"))));
	field_put(line, "Class", member(verdict, "class"));
	field_put(line, "Stage", member(verdict, "stage"));
	field_put(line, "Endpoint", member(verdict, "endpoint"));
	field_put(line, "ExitCode", member(verdict, "exit_code"));
	return line;
}
