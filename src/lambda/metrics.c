/* The metrics of a check as a line of the function's log, in CloudWatch's embedded metric format.
 * The log goes out beside the VPC, so the line arrives from a subnet that nothing else leaves.
 * AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
#include "base/clock.h"
#include "base/die.h"
#include "lambda/lambda.h"
#include "model/json.h"

json_t *metrics_of(const json_t *report)
{
	const json_t *verdict = json_object_get(report, "verdict");
	struct text pull = text_of(json_string_value(json_object_get(verdict, "pull")));
	/* which members of the line are metrics, and by which others they are told apart */
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
	/* what is not known is neither, and an alarm treats missing data as it is told to */
	if (!text_equal(pull, T("unknown")))
		field_put(line, "PullWorks", json_integer(text_equal(pull, T("works"))));
	return line;
}
