/* The verb explain: a report, exit codes of the program, an error text; and a report's verdict as a
 * byte. */
#include "report/explain.h"
#include "base/die.h"
#include "base/file.h"
#include "diagnose/diagnose.h"
#include "diagnose/error_text.h"
#include "diagnose/verdict_bytes.h"
#include "output.h"
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 1024 * 1024, CODES_MAX = VERDICT_CODES };

static struct text explain_report(struct arena *arena, const struct options *options,
	const struct report_style *style, struct text content)
{
	struct compared report = {0};
	struct text complaint;
	if (!schema_read(arena, content, &report.evidence, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	report.diagnosis = diagnose(arena, &report.evidence);
	return format_print(arena, options->format,
		&(struct content){.reports = &report, .count = 1, .style = *style});
}

static struct text explain_error_text(struct arena *arena, const struct options *options,
	const struct report_style *style, struct text error_text)
{
	struct explanation explanation = error_text_explain(arena, error_text);
	return format_is_json(options->format) ? explain_json(arena, &explanation)
					       : explain_text(arena, &explanation, style);
}

static struct text explain_code(struct arena *arena, const struct options *options,
	const struct report_style *style, int code)
{
	if (!exit_code_row(code))
		die(EXIT_USAGE, "%.*s is no exit code of pullprobe",
			TEXT(options->arguments.at[0]));
	struct code_explanation explanation = code_explain(arena, code);
	return format_is_json(options->format)
		? explain_code_json(arena, &explanation, NULL)
		: explain_code_text(arena, &explanation, NULL, style);
}

static struct text explain_stages(struct arena *arena, const struct options *options,
	const struct report_style *style, const int codes[CODE_STAGES])
{
	struct stages_explanation stages;
	struct text complaint;
	if (!stages_explain(arena, codes, &stages, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	struct code_explanation broken = stages_broken(&stages);
	return format_is_json(options->format) ? explain_code_json(arena, &broken, &stages)
					       : explain_code_text(arena, &broken, &stages, style);
}

/* the codes of fargate-verdict.json's containers */
static struct text explain_verdict(struct arena *arena, const struct options *options,
	const struct report_style *style, const int numbers[VERDICT_CODES])
{
	struct verdict_explanation out = {0};
	struct target *target = &out.evidence.target;
	struct text complaint;
	for (size_t i = 0; i < VERDICT_CODES; i++) {
		out.codes[i] = (uint8_t)numbers[i];
		if (numbers[i] < 0)
			die(EXIT_USAGE, "an exit code is from 0 to 255");
	}
	struct text image = options->subject.image;
	if (image.len && !target_parse(arena, image, T(""), target, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	out.evidence.vantage.principal = options->subject.role;
	if (!verdict_bytes_read(arena, out.codes, &out.evidence, &out.is_same, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	out.diagnosis = diagnose(arena, &out.evidence);
	if (out.diagnosis.pull != PULL_BREAKS)
		return explain_code(arena, options, style, out.codes[0]);
	return format_is_json(options->format) ? explain_verdict_json(arena, &out)
					       : explain_verdict_text(arena, &out, style);
}

/* One byte of a report's verdict: what a container of fargate-verdict.json ends with. Prints the
 * codes of all ten, as explain reads them. */
static int verdict_byte(struct arena *arena, const struct options *options)
{
	struct evidence evidence;
	struct text complaint;
	uint8_t codes[VERDICT_CODES];
	if (options->arguments.count != 1)
		die(EXIT_USAGE, "--byte takes one report: pullprobe explain --byte N REPORT.json");
	struct text content = file_argument(arena, options->arguments.at[0], REPORT_BYTES_MAX);
	if (!schema_read(arena, content, &evidence, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	struct diagnosis diagnosis = diagnose(arena, &evidence);
	if (!verdict_bytes_make(arena, &evidence, &diagnosis, codes, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	struct buffer line = {.arena = arena};
	for (size_t i = 0; i < VERDICT_CODES; i++)
		buffer_addf(&line, "%s%u", i ? "," : "", (unsigned)codes[i]);
	buffer_addf(&line, "\n");
	output_write(STDOUT_FILENO, buffer_text(&line)); /* the exit code says enough without */
	return codes[options->byte];
}

/* The numbers of words like "0", "22" and "22,3,17": how many, or 0 where a word is none. What no
 * exit code can be is -1. */
static size_t read_codes(struct texts words, int codes[CODES_MAX])
{
	size_t count = 0;
	int64_t number = 0;
	for (size_t i = 0; i < words.count; i++)
		for (struct text rest = words.at[i]; rest.len; count++) {
			if (!text_number(text_trim(text_cut(&rest, T(","))), &number))
				return 0;
			if (count < CODES_MAX)
				codes[count] = number > 255 || number < 0 ? -1 : (int)number;
		}
	return count;
}

/* of what is no report */
static void refuse_format(const struct format *format)
{
	if (!format->explains)
		die(EXIT_USAGE, "--format %s is for reports", format->name);
}

static struct text explain_codes(struct arena *arena, const struct options *options,
	const struct report_style *style, const int *codes, size_t count)
{
	refuse_format(options->format);
	if (count == VERDICT_CODES)
		return explain_verdict(arena, options, style, codes);
	if (count == CODE_STAGES)
		return explain_stages(arena, options, style, codes);
	if (count != 1)
		die(EXIT_USAGE,
			"explain takes one exit code, the eight of --stage dns to layers, or the "
			"ten of fargate-verdict.json, not %zu",
			count);
	return explain_code(arena, options, style, codes[0]);
}

static struct text explain_words(struct arena *arena, const struct options *options,
	const struct report_style *style, struct texts words)
{
	struct text what = words.at[0];
	for (size_t i = 1; i < words.count; i++)
		what = text_format(arena, "%.*s %.*s", TEXT(what), TEXT(words.at[i]));
	bool is_file = text_equal(what, T("-")) ||
		(what.len < 4096 && access(text_string(arena, what), F_OK) == 0);
	if (is_file)
		what = file_argument(arena, what, REPORT_BYTES_MAX);
	bool is_report = is_file && text_starts(text_trim(what), T("{")) &&
		text_holds(what, T("\"pullprobe.report."));
	if (is_report)
		return explain_report(arena, options, style, what);
	refuse_format(options->format);
	return explain_error_text(arena, options, style, text_head(what, TEXT_MAX));
}

int explain(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct report_style style = output_style(environment);
	style.markdown = options->format->markdown;
	int codes[CODES_MAX];
	size_t count = read_codes(options->arguments, codes);
	bool is_verdict = count == VERDICT_CODES;
	if (!is_verdict && (options->subject.image.len || options->subject.role.len))
		die(EXIT_USAGE, "--image and --role are for the ten codes of fargate-verdict.json");
	if (options->byte)
		return verdict_byte(arena, options);
	output_print(count ? explain_codes(arena, options, &style, codes, count)
			   : explain_words(arena, options, &style, options->arguments));
	return 0;
}
