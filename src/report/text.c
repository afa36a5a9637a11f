/* The text report: for a person in a hurry, so the verdict comes first and what to do second; for a
 * ticket, so that what was seen and from where stands below it. */
#include "base/clock.h"
#include "report/connectivity.h"
#include "report/page.h"
#include "report/words.h"

enum { INDENT = 2, DEEPER = 4, VALUE = 16 };

/* the verdict */

static void put_alternatives(struct page *page, const struct finding *finding, size_t indent)
{
	bool open = finding->certainty == CERTAINTY_OPEN;
	if (finding->alternative_count == 0)
		return;
	page_item(page, indent, T(""), open ? T("Equally possible:") : T("Could also be:"));
	for (size_t i = 0; i < finding->alternative_count; i++) {
		page_tab(page, indent + 2);
		page_words(page, indent + 4,
			text_format(page->out.arena, "%.*s: %.*s",
				TEXT(cause_name(finding->alternatives[i])),
				TEXT(cause_meaning(finding->alternatives[i]))));
		page_end(page);
	}
}

static void put_meaning(struct page *page, const struct finding *finding, size_t indent)
{
	struct arena *arena = page->out.arena;
	page_item(page, indent, T(""), finding->says);
	put_alternatives(page, finding, indent);
	if (finding->verify.len)
		page_item(page, indent, T(""),
			text_format(arena, "What would decide: %.*s", TEXT(finding->verify)));
}

static void put_commands(struct page *page, size_t indent, struct texts lines)
{
	for (size_t i = 0; i < lines.count; i++)
		page_command(page, indent, lines.at[i]);
}

/* where the last brace of a statement stands, one further; 0 without any */
static size_t statement_end(struct text t)
{
	size_t end = t.len;
	while (end && t.at[end - 1] != '}')
		end--;
	return end;
}

/* A sentence with a policy statement in it: the statement has a line of its own, never broken,
 * so that it can be pasted. */
static void put_sentence(struct page *page, size_t indent, struct text mark, struct text fix)
{
	size_t begin = text_find(fix, T("{\""));
	size_t end = statement_end(fix);
	if (begin >= end) {
		page_item(page, indent, mark, fix);
		return;
	}
	page_item(page, indent, mark, text_trim(text_head(fix, begin)));
	page_command(page, indent + mark.len, text_skip(text_head(fix, end), begin));
	struct text rest = text_skip(fix, end);
	while (rest.len && (rest.at[0] == ',' || rest.at[0] == '.' || rest.at[0] == ' '))
		rest = text_skip(rest, 1);
	if (rest.len)
		page_item(page, indent + mark.len, T(""), rest);
}

/* sentences, and commands among them */
static void put_fixes(struct page *page, size_t indent, struct texts fix)
{
	for (size_t i = 0; i < fix.count; i++) {
		struct text mark = T("- ");
		if (text_starts(fix.at[i], T("aws ")))
			page_command(page, indent + mark.len, fix.at[i]);
		else
			put_sentence(page, indent, mark, fix.at[i]);
	}
}

static void put_verdict(
	struct page *page, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	const struct finding *finding = verdict_finding(diagnosis);
	static const enum ink inks[] = {
		[PULL_WORKS] = INK_GOOD,
		[PULL_BREAKS] = INK_BAD,
		[PULL_UNKNOWN] = INK_BOLD,
	};
	page_line(page, inks[diagnosis->pull], verdict_line(page->out.arena, evidence, diagnosis));
	if (!finding)
		return;
	put_meaning(page, finding, INDENT);
	if (finding->fix.count)
		page_heading(page, T("What to do"));
	put_fixes(page, INDENT, finding->fix);
	if (finding->confirm.count)
		page_heading(page, T("To confirm it from outside"));
	put_commands(page, INDENT, finding->confirm);
}

/* the other findings */

static void put_finding(struct page *page, const struct finding *finding)
{
	page_tab(page, INDENT);
	page_words(page, DEEPER,
		text_format(page->out.arena, "%.*s of %.*s: %.*s (%.*s)",
			TEXT(stage_name(finding->stage)),
			TEXT(endpoint_kind_name(finding->endpoint)),
			TEXT(cause_name(finding->cause)),
			TEXT(certainty_name(finding->certainty))));
	page_end(page);
	put_meaning(page, finding, DEEPER);
	put_fixes(page, DEEPER, finding->fix);
	put_commands(page, DEEPER, finding->confirm);
}

static void put_findings(struct page *page, const struct diagnosis *diagnosis,
	enum severity severity, struct text heading)
{
	const struct finding *verdict = verdict_finding(diagnosis);
	bool first = true;
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *finding = &diagnosis->findings[i];
		if (finding->severity != severity || finding == verdict)
			continue;
		if (first)
			page_heading(page, heading);
		put_finding(page, finding);
		first = false;
	}
}

/* the vantage */

static void put_value(struct page *page, struct text name, struct text value)
{
	if (!value.len)
		return;
	page_tab(page, INDENT);
	page_put(page, INK_PLAIN, name);
	page_tab(page, VALUE);
	page_words(page, VALUE, value);
	page_end(page);
}

/* two texts, whichever are there */
static struct text both(struct arena *arena, struct text a, struct text b)
{
	return text_format(arena, "%.*s%s%.*s", TEXT(a), a.len && b.len ? ", " : "", TEXT(b));
}

static struct text clock_words(struct arena *arena, const struct vantage *vantage)
{
	struct text error = T("");
	if (vantage->clock_error_ms >= 0 && vantage->clock_status.len)
		error = text_format(arena, "within %lld ms", (long long)vantage->clock_error_ms);
	return both(arena, vantage->clock_status, error);
}

static void put_vantage(struct page *page, const struct vantage *vantage)
{
	struct arena *arena = page->out.arena;
	struct text zone = both(arena, vantage->launch_type, vantage->availability_zone);
	struct text subnet = both(arena, vantage->subnet_cidr, vantage->subnet_cidr6);
	page_heading(page, T("Seen from"));
	put_value(page, T("label"), vantage->label);
	put_value(page, T("task"), vantage->task_arn);
	put_value(page, T("where"), zone);
	put_value(page, T("subnet"), subnet);
	put_value(page, T("addresses"), units_list(arena, vantage->addresses, 6));
	put_value(page, T("resolvers"), units_list(arena, vantage->resolvers, 6));
	if (vantage->mtu)
		put_value(page, T("MTU"), text_format(arena, "%lld", (long long)vantage->mtu));
	put_value(page, T("principal"), vantage->principal);
	put_value(page, T("credentials"), vantage->credential_source);
	put_value(page, T("clock"), clock_words(arena, vantage));
}

static void put_run(
	struct page *page, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	struct arena *arena = page->out.arena;
	struct text took = units_time(arena, evidence->took_us);
	struct text when = clock_text(arena, evidence->started_at);
	struct text stage = evidence->stage_asked ? stage_name(evidence->stage) : T("");
	put_value(page, T("took"),
		text_format(arena, "%.*s from %.*s, by pullprobe %.*s%s", TEXT(took), TEXT(when),
			TEXT(evidence->version), evidence->interrupted ? ", interrupted" : ""));
	put_value(page, T("exit code"),
		text_format(arena, "%d%s%.*s", diagnosis->exit_code,
			stage.len ? ", for this stage alone: " : "", TEXT(stage)));
}

static struct text path_heading(struct arena *arena, const struct target *target)
{
	struct text platform = target->platform.os.len ? platform_text(arena, &target->platform)
						       : T("");
	return text_format(arena, "The path to %.*s%s%.*s%s", TEXT(target->image),
		platform.len ? " (" : "", TEXT(platform), platform.len ? ")" : "");
}

struct text report_text(struct arena *arena, const struct evidence *evidence,
	const struct diagnosis *diagnosis, const struct report_style *style)
{
	struct page page = page_new(arena, style);
	put_verdict(&page, evidence, diagnosis);

	page_heading(&page, path_heading(arena, &evidence->target));
	connectivity_print(&page, evidence);

	put_findings(&page, diagnosis, SEVERITY_BROKEN, T("Also broken"));
	put_findings(&page, diagnosis, SEVERITY_WARNING, T("Warnings"));
	put_findings(&page, diagnosis, SEVERITY_NOTE, T("Notes"));

	put_vantage(&page, &evidence->vantage);
	put_run(&page, evidence, diagnosis);
	return buffer_text(&page.out);
}
