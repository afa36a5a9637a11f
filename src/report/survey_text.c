/* A survey for a person: what to change comes first, then how the packets and requests go. */
#include "report/page.h"
#include "report/survey.h"

enum { INDENT = 2, NAMED = 8 };

/* the subject --------------------------------------------------------------------------------- */

static void put_words(struct page *page, const struct survey *survey)
{
	struct arena *arena = page->out.arena;
	if (survey->stopped_reason.len + survey->reasons.count + survey->events.count == 0)
		return;
	page_heading(page, T("What ECS says"));
	if (survey->stopped_reason.len)
		page_item(page, INDENT, T(""),
			text_format(arena, "task %.*s: %.*s", TEXT(survey->task),
				TEXT(survey->stopped_reason)));
	for (size_t i = 0; i < survey->reasons.count; i++)
		page_item(page, INDENT, T(""), survey->reasons.at[i]);
	for (size_t i = 0; i < survey->events.count; i++)
		page_item(page, INDENT, T(""), survey->events.at[i]);
	if (survey->is_explained)
		page_item(page, INDENT, T(""),
			text_format(arena, "This means: %.*s (%.*s, %.*s)",
				TEXT(survey->explained.finding.says),
				TEXT(cause_name(survey->explained.finding.cause)),
				TEXT(certainty_name(survey->explained.finding.certainty))));
}

/* the subnets --------------------------------------------------------------------------------- */

/* the same image breaks at the same place for the same reason, or nothing breaks */
static bool alike(const struct survey_subnet *a, const struct survey_subnet *b)
{
	const struct finding *one = verdict_finding(&a->diagnosis);
	const struct finding *two = verdict_finding(&b->diagnosis);
	if (a->diagnosis.pull != b->diagnosis.pull || !one != !two ||
		!text_equal(a->evidence.target.image, b->evidence.target.image) ||
		!text_equal(a->error, b->error))
		return false;
	return !one ||
		(one->cause == two->cause && one->endpoint == two->endpoint &&
			one->certainty == two->certainty &&
			texts_equal(one->resources, two->resources));
}

/* one that was told with an earlier one */
static bool is_told(const struct survey *survey, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (alike(&survey->subnets[i], &survey->subnets[index]))
			return true;
	return false;
}

static struct text names_of(struct arena *arena, const struct survey *survey, size_t index)
{
	struct texts names = {0};
	for (size_t i = index; i < survey->count; i++) {
		const struct survey_subnet *subnet = &survey->subnets[i];
		if (alike(subnet, &survey->subnets[index]))
			texts_add(arena, &names,
				subnet->zone.len ? text_format(arena, "%.*s (%.*s)",
							   TEXT(subnet->subnet), TEXT(subnet->zone))
						 : subnet->subnet);
	}
	return units_list(arena, names, NAMED);
}

static void put_subnets(struct page *page, const struct survey *survey, size_t index)
{
	static const enum ink inks[] = {
		[PULL_WORKS] = INK_GOOD,
		[PULL_BREAKS] = INK_BAD,
		[PULL_UNKNOWN] = INK_BOLD,
	};
	struct arena *arena = page->out.arena;
	const struct survey_subnet *subnet = &survey->subnets[index];
	const struct finding *finding = verdict_finding(&subnet->diagnosis);
	page_heading(page, names_of(arena, survey, index));
	if (survey->images.count > 1)
		page_line(page, INK_PLAIN, subnet->evidence.target.image);
	if (text_equal(subnet->by, T("lambda")) && survey->subject.role.len &&
		text_equal(survey->verb, T("launch")))
		page_line(page, INK_FAINT,
			text_format(arena,
				"The probe had a role of its own; what %.*s may do was read, not "
				"tried.",
				TEXT(survey->subject.role)));
	if (subnet->error.len)
		page_line(page, INK_BAD,
			text_format(
				arena, "No probe reports from there: %.*s", TEXT(subnet->error)));
	if (subnet->diagnosis.pull == PULL_UNKNOWN && subnet->evidence.count == 0)
		page_line(page, INK_GOOD, T("Nothing in the configuration stops the pull."));
	else
		page_line(page, inks[subnet->diagnosis.pull],
			verdict_line(arena, &subnet->evidence, &subnet->diagnosis));
	if (finding && finding->resources.count)
		page_line(page, INK_BOLD,
			text_format(arena, "To change: %.*s",
				TEXT(units_list(arena, finding->resources, NAMED))));
	if (finding)
		page_finding(page, finding, INDENT, false);
	page_further_findings(page, &subnet->diagnosis);
	if (finding)
		page_chains(page, &subnet->evidence, finding->endpoint);
	else
		page_unknown_links(page, &subnet->evidence);
}

/* what was made ------------------------------------------------------------------------------- */

static void put_left(struct page *page, const struct survey *survey, bool all)
{
	bool any = false;
	for (size_t i = 0; i < survey->made.count; i++) {
		const struct made *made = (const struct made *)survey->made.at + i;
		if (made->removed && !all)
			continue;
		if (!any && !all)
			page_heading(page, T("Left in the account"));
		any = true;
		page_item(page, all ? 0 : INDENT, T(""),
			text_format(page->out.arena, "%s%.*s %.*s%s%.*s",
				!all			? ""
					: made->removed ? "removed: "
							: "left: ",
				TEXT(made->kind), TEXT(made->id), made->left.len ? ": " : "",
				TEXT(made->left)));
	}
}

struct text survey_made_text(
	struct arena *arena, const struct survey *survey, const struct report_style *style)
{
	struct page page = page_new(arena, style);
	if (survey->made.count == 0)
		page_line(&page, INK_PLAIN, T("Nothing is left of earlier runs."));
	put_left(&page, survey, true);
	return buffer_text(&page.out);
}

/* what was not read --------------------------------------------------------------------------- */

static void put_unread(struct page *page, const struct survey *survey)
{
	const struct vpc_call *calls = survey->unread.at;
	if (survey->unread.count)
		page_heading(page, T("Not read, and so not judged"));
	for (size_t i = 0; i < survey->unread.count; i++) {
		bool denied = calls[i].action.len && !text_equal(calls[i].error, T("NoAnswer"));
		page_item(page, INDENT, T(""),
			text_format(page->out.arena, "%.*s: %.*s%s%.*s", TEXT(calls[i].call),
				TEXT(calls[i].error), denied ? "; it needs the permission " : "",
				TEXT(denied ? calls[i].action : T(""))));
	}
}

struct text survey_text(
	struct arena *arena, const struct survey *survey, const struct report_style *style)
{
	struct page page = page_new(arena, style);
	size_t broken = 0;
	for (size_t i = 0; i < survey->count; i++)
		broken += survey->subnets[i].diagnosis.pull == PULL_BREAKS;
	struct text where = units_count(arena, survey->count, "subnet");
	page_line(&page, broken ? INK_BAD : INK_GOOD,
		broken ? text_format(arena, "The pull breaks in %zu of %.*s.", broken, TEXT(where))
		       : text_format(arena, "Nothing%s stops the pull in %.*s.",
				 survey->unread.count ? " that was read" : "", TEXT(where)));
	for (int breaks = 1; breaks >= 0; breaks--)
		for (size_t i = 0; i < survey->count; i++)
			if ((survey->subnets[i].diagnosis.pull == PULL_BREAKS) == breaks &&
				!is_told(survey, i))
				put_subnets(&page, survey, i);
	put_words(&page, survey);
	put_unread(&page, survey);
	put_left(&page, survey, false);
	return buffer_text(&page.out);
}
