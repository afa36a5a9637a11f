/* What is seen of a launch while it runs, and what its probes saw. */
#include "diagnose/diagnose.h"
#include "diagnose/verdict_bytes.h"
#include "launch.h"
#include "output.h"
#include "report/report.h"
#include <unistd.h>

/* what is seen while it runs --------------------------------------------------------------------
 */

static void draw(struct view *view)
{
	struct buffer out = {.arena = view->arena};
	size_t count = view->launch.count;
	if (view->drawn)
		buffer_addf(&out, "\033[%zuA", count);
	for (size_t i = 0; i < count; i++)
		buffer_addf(&out, "\r\033[K%-26.*s%.*s\n", TEXT(view->launch.probes[i].subnet),
			TEXT(view->states[i]));
	view->drawn = true;
	(void)output_write(STDERR_FILENO, buffer_text(&out));
}

void view_show(struct view *view, size_t index, struct text what)
{
	struct text line = printable(view->arena, what);
	if (view->rows) {
		size_t columns = (size_t)output_style(&view->launch.cloud->environment).columns;
		view->states[index] = text_head(line, columns > 27 ? columns - 27 : 0);
		draw(view);
		return;
	}
	(void)output_write(STDERR_FILENO,
		text_format(view->arena, "%.*s: %.*s\n", TEXT(view->launch.probes[index].subnet),
			TEXT(line)));
}

/* the reports ------------------------------------------------------------------------------------
 */

/* Takes what a probe saw of image `i`; the element's error says why not. */
static void take_answer(
	struct view *view, struct survey_subnet *element, const struct probe *probe, size_t i)
{
	const struct probe_answer *answer = &probe->answers[i];
	struct evidence walk = element->evidence;
	struct text complaint = T("");
	bool is_same;
	bool read = false;
	element->error = probe->error;
	if (answer->report.len) {
		read = schema_read(view->arena, answer->report, &walk, &complaint);
		/* a function does not see its subnet */
		walk.vantage.subnet_cidr = element->evidence.vantage.subnet_cidr;
		walk.vantage.availability_zone = element->zone;
	} else if (answer->has_codes) {
		walk.vantage.principal = view->launch.execution_role;
		read = verdict_bytes_read(view->arena, answer->codes, &walk, &is_same, &complaint);
	}
	if (answer->has_codes)
		walk.vantage.launch_type = T("FARGATE");
	if (read) {
		element->error = T("");
		survey_join(element, &walk);
	} else if (complaint.len) {
		element->error = text_format(
			view->arena, "the answer is no report: %.*s", TEXT(complaint));
	}
	element->diagnosis = diagnose(view->arena, &element->evidence);
}

void view_take(struct view *view, size_t index)
{
	struct probe *probe = &view->launch.probes[index];
	struct survey *survey = view->survey;
	for (size_t i = 0; i < probe->events.count; i++) {
		struct survey_subnet *element = &survey->subnets[i * view->launch.count + index];
		take_answer(view, element, probe, i);
		if (element->error.len == 0)
			survey_keep(view->arena, survey, i * view->launch.count + index,
				view->options->output);
		view_show(view, index,
			element->error.len ? element->error
					   : verdict_line(view->arena, &element->evidence,
						     &element->diagnosis));
	}
}
