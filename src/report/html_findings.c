/* What to do, group by group: the first member's findings in full, the others' behind a fold. */
#include "report/html.h"
#include "report/words.h"

static void put_lines(struct buffer *out, struct texts lines)
{
	if (lines.count == 0)
		return;
	html_add(out, "<ul class=\"fix\">\n");
	for (size_t i = 0; i < lines.count; i++) {
		bool command = text_starts(lines.at[i], T("aws ")) ||
			text_holds(lines.at[i], T("{\"")) || text_holds(lines.at[i], T(" --"));
		HTML(out, command ? "<li><code>$</code>" : "<li><span>$</span>", lines.at[i]);
		html_add(out, "<button type=\"button\" hidden>Copy</button></li>\n");
	}
	html_add(out, "</ul>\n");
}

static void put_alternatives(struct buffer *out, const struct finding *finding)
{
	if (finding->alternative_count == 0)
		return;
	HTML(out, "<p>$</p><ul>\n",
		finding->certainty == CERTAINTY_OPEN ? T("Equally possible:")
						     : T("Could also be:"));
	for (size_t i = 0; i < finding->alternative_count; i++)
		HTML(out, "<li><b>$</b>: $</li>\n", cause_name(finding->alternatives[i]),
			cause_meaning(finding->alternatives[i]));
	html_add(out, "</ul>\n");
}

static void put_finding(struct buffer *out, const struct finding *finding)
{
	bool broken = finding->severity == SEVERITY_BROKEN;
	HTML(out, "<article>\n<h4>$ of $: <span class=\"$\">$</span> ($, $)</h4>\n<p>$</p>\n",
		stage_name(finding->stage), endpoint_kind_name(finding->endpoint),
		broken ? T("bad") : T(""), cause_name(finding->cause),
		severity_name(finding->severity), certainty_name(finding->certainty),
		finding->says);
	put_alternatives(out, finding);
	if (finding->verify.len)
		HTML(out, "<p>What would decide: $</p>\n", finding->verify);
	put_lines(out, finding->fix);
	if (finding->confirm.count)
		html_add(out, "<p>To confirm it from outside:</p>\n");
	put_lines(out, finding->confirm);
	html_add(out, "</article>\n");
}

static bool texts_equal(struct texts a, struct texts b)
{
	size_t i = 0;
	while (i < a.count && i < b.count && text_equal(a.at[i], b.at[i]))
		i++;
	return i == a.count && i == b.count;
}

/* whether all that would be read is the same */
static bool reads_alike(const struct diagnosis *a, const struct diagnosis *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct finding *one = &a->findings[i];
		const struct finding *other = &b->findings[i];
		if (!text_equal(one->rule, other->rule) || !text_equal(one->says, other->says) ||
			!text_equal(one->verify, other->verify) ||
			!texts_equal(one->fix, other->fix) ||
			!texts_equal(one->confirm, other->confirm))
			return false;
	}
	return a->count == b->count;
}

static void put_findings(struct buffer *out, const struct compared *report)
{
	for (size_t i = 0; i < report->diagnosis.count; i++)
		put_finding(out, &report->diagnosis.findings[i]);
}

static void put_group(struct buffer *out, const struct comparison *comparison,
	const struct group *group, const struct sink *sink)
{
	const struct compared *first = &comparison->reports[group->members[0]];
	HTML(out, "<h3>$</h3>\n<p class=\"$\">$</p>\n", group->label,
		html_cause(pull_name(first->diagnosis.pull)),
		verdict_line(out->arena, &first->evidence, &first->diagnosis));
	put_findings(out, first);
	for (size_t i = 1; i < group->count; i++) {
		const struct compared *report = &comparison->reports[group->members[i]];
		if (reads_alike(&report->diagnosis, &first->diagnosis))
			continue;
		HTML(out, "<details><summary>For $</summary>\n", report->label);
		put_findings(out, report);
		html_add(out, "</details>\n");
		html_flush(out, sink);
	}
}

void html_findings(const struct comparison *comparison, const struct sink *sink)
{
	struct arena arena = {0};
	struct buffer out = {.arena = &arena};
	for (size_t i = 0; i < comparison->groups.count; i++) {
		put_group(&out, comparison, &comparison->groups.at[i], sink);
		html_flush(&out, sink);
	}
}
