/* The verb compare: reads the reports, and prints them side by side. Of each only evidence and
 * diagnosis are kept, not its text. */
#include "report/compare.h"
#include "base/die.h"
#include "base/file.h"
#include "diagnose/diagnose.h"
#include "output.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct compared read_report(struct arena *arena, struct text path)
{
	struct arena scratch = {0};
	struct text complaint;
	struct text content = file_argument(&scratch, path, REPORT_BYTES_MAX);
	struct compared report = {.file = text_equal(path, T("-")) ? T("stdin") : path};
	if (!schema_read(arena, content, &report.evidence, &complaint))
		die(EXIT_USAGE, "%.*s: %.*s", TEXT(report.file), TEXT(complaint));
	arena_end(&scratch);
	report.diagnosis = diagnose(arena, &report.evidence);
	return report;
}

int compare(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	size_t count = options->arguments.count;
	struct report_style style = output_style(environment);
	size_t streams = 0;

	/* stdin can be read once */
	for (size_t i = 0; i < count; i++)
		streams += text_equal(options->arguments.at[i], T("-"));
	if (streams > 1)
		die(EXIT_USAGE, "compare takes - once");

	/* read */
	struct compared *reports = arena_new(arena, struct compared, count);
	for (size_t i = 0; i < count; i++)
		reports[i] = read_report(arena, options->arguments.at[i]);

	/* print */
	int fd = output_open(arena, "comparison", options->output);
	style.colour = style.colour && fd < 0;
	struct text result = format_print(arena, options->format,
		&(struct content){.reports = reports, .count = count, .style = style});
	if (fd < 0)
		output_print(result);
	else if (!output_finish(fd, result))
		die(EXIT_UNABLE, "cannot write %.*s: %s", TEXT(options->output), strerror(errno));
	return 0;
}
