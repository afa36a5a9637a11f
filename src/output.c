/* Results: their formats, a row each, and where they go: stdout and files. */
#include "output.h"
#include "base/die.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS = 100, COLUMNS_MAX = 1000 };

bool output_write(int fd, struct text t)
{
	while (t.len) {
		ssize_t count = write(fd, t.at, t.len);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		t = text_skip(t, (size_t)count);
	}
	return true;
}

void output_print(struct text t)
{
	if (!output_write(STDOUT_FILENO, t))
		die(EXIT_UNABLE, "cannot write to stdout: %s", strerror(errno));
}

int output_open(struct arena *arena, const char *what, struct text path)
{
	if (path.len == 0)
		return -1;
	struct text why;
	int fd = file_open(arena, path, O_WRONLY | O_CREAT, &why);
	if (fd < 0)
		die(file_blame(errno), "cannot write the %s %.*s: %.*s", what, TEXT(path),
			TEXT(why));
	return fd;
}

bool output_finish(int fd, struct text t)
{
	/* a file that others also write to (/dev/stderr) is not emptied */
	if (lseek(fd, 0, SEEK_CUR) == 0 && !(fcntl(fd, F_GETFL) & O_APPEND))
		(void)!ftruncate(fd, 0);
	bool written = output_write(fd, t);
	return close(fd) == 0 && written;
}

struct report_style output_style(const struct environment *environment)
{
	struct report_style style = {.columns = COLUMNS};
	bool terminal = isatty(STDOUT_FILENO);
	struct winsize size;
	int64_t columns;
	if (text_number(environment_get(environment, T("COLUMNS")), &columns) && columns > 0)
		style.columns = columns < COLUMNS_MAX ? (int)columns : COLUMNS_MAX;
	else if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		style.columns = size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
	style.colour = terminal && environment_get(environment, T("NO_COLOR")).len == 0 &&
		!text_equal(environment_get(environment, T("TERM")), T("dumb"));
	return style;
}

enum {
	CHECK = 1 << VERB_CHECK,
	EXPLAIN = 1 << VERB_EXPLAIN,
	SEVERAL = 1 << VERB_COMPARE | 1 << VERB_INSPECT | 1 << VERB_LAUNCH
};

const struct format formats[FORMATS] = {
	{"text", CHECK | EXPLAIN | SEVERAL, true, false, compare_text},
	{"json", CHECK | EXPLAIN | SEVERAL, true, false, compare_json},
	{"html", SEVERAL, false, false, compare_html},
	{"markdown", CHECK | EXPLAIN | SEVERAL, true, true, compare_text},
	{"junit", CHECK | EXPLAIN | SEVERAL, false, false, compare_junit},
	{"openmetrics", CHECK | EXPLAIN | SEVERAL, false, false, compare_openmetrics},
};

bool format_is_json(const struct format *format)
{
	return format->compare == compare_json;
}

/* text and JSON have forms of their own for a survey, and for one report */
static struct text print_one(
	struct arena *arena, const struct format *format, const struct content *content)
{
	const struct compared *report = content->reports;
	bool is_json = format_is_json(format);
	if (!is_json && format->compare != compare_text)
		return T("");
	if (content->survey)
		return is_json ? survey_json(arena, content->survey)
			       : survey_text(arena, content->survey, &content->style);
	if (content->count != 1)
		return T("");
	return is_json ? report_json(arena, &report->evidence, &report->diagnosis)
		       : report_text(arena, &report->evidence, &report->diagnosis, &content->style);
}

struct text format_print(struct arena *arena, const struct format *format, struct content *content)
{
	content->style.markdown = format->markdown;
	struct text begin = print_one(arena, format, content);
	/* what probes saw is put side by side behind the survey's text */
	bool probed = content->survey && content->count > 1 && !format_is_json(format) &&
		text_equal(content->survey->verb, T("launch"));
	if (begin.len && !probed)
		return begin;
	struct comparison comparison = comparison_of(
		arena, content->reports, content->count, text_of(PULLPROBE_VERSION));
	comparison.style = content->style;
	struct text table = format->compare(arena, &comparison);
	return begin.len ? text_format(arena, "%.*s\n%.*s", TEXT(begin), TEXT(table)) : table;
}
