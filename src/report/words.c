/* Quantities as a person reads them, and the verdict in one line. */
#include "base/arena.h"
#include "report/report.h"

struct text units_time(struct arena *arena, int64_t us)
{
	double ms = (double)us / 1000;
	if (ms < 9.95)
		return text_format(arena, "%.1f ms", ms);
	if (ms < 999.5)
		return text_format(arena, "%.0f ms", ms);
	return text_format(arena, "%.1f s", ms / 1000);
}

struct text units_bytes(struct arena *arena, int64_t bytes)
{
	static const char *const names[] = {"kB", "MB", "GB", "TB"};
	double value = (double)bytes / 1000;
	size_t name = 0;
	if (bytes < 1000)
		return text_format(arena, "%lld B", (long long)bytes);
	while (value >= 999.95 && name < 3) {
		value /= 1000;
		name++;
	}
	return text_format(arena, "%.1f %s", value, names[name]);
}

struct text units_digest(struct text digest)
{
	return text_starts(digest, T("sha256:")) ? text_head(digest, 7 + 12) : digest;
}

struct text units_count(struct arena *arena, size_t count, const char *noun)
{
	return text_format(arena, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

struct text units_list(struct arena *arena, struct texts list, size_t few)
{
	struct buffer out = {.arena = arena};
	/* one more takes no more room than saying so */
	size_t shown = list.count <= few || list.count - 1 == few ? list.count : few;
	for (size_t i = 0; i < shown; i++) {
		bool last = i + 1 == list.count;
		buffer_addf(&out, "%s%.*s", i == 0 ? "" : last ? " and " : ", ", TEXT(list.at[i]));
	}
	if (shown < list.count)
		buffer_addf(&out, " and %zu more", list.count - shown);
	return buffer_text(&out);
}

const struct finding *verdict_finding(const struct diagnosis *diagnosis)
{
	bool breaks = diagnosis->pull == PULL_BREAKS && diagnosis->verdict < diagnosis->count;
	return breaks ? &diagnosis->findings[diagnosis->verdict] : NULL;
}

struct text alternatives_heading(enum certainty certainty)
{
	return certainty == CERTAINTY_OPEN ? T("Equally possible:") : T("Could also be:");
}

static struct text works_line(struct arena *arena, const struct diagnosis *diagnosis)
{
	size_t warnings = 0;
	for (size_t i = 0; i < diagnosis->count; i++)
		warnings += diagnosis->findings[i].severity == SEVERITY_WARNING;
	return warnings ? text_format(arena, "The pull works, with %.*s",
				  TEXT(units_count(arena, warnings, "warning")))
			: T("The pull works");
}

struct text verdict_line(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	const struct finding *finding = verdict_finding(diagnosis);
	bool beside = finding && endpoint_use(finding->endpoint) != USED_BY_PULL;
	bool starts = finding && endpoint_order(finding->endpoint) != ENDPOINT_ORDER_NONE;
	if (finding)
		return text_format(arena, "%s at %.*s of %.*s: %.*s (%.*s)",
			!beside		 ? "The pull breaks"
				: starts ? "The task's start breaks"
					 : "A service beside the pull breaks",
			TEXT(stage_name(finding->stage)),
			TEXT(endpoint_kind_name(finding->endpoint)),
			TEXT(cause_name(finding->cause)), TEXT(certainty_name(finding->certainty)));
	if (diagnosis->pull == PULL_WORKS)
		return works_line(arena, diagnosis);
	if (diagnosis->pull == PULL_BREAKS)
		return T("The pull breaks");
	if (evidence->stage_asked && diagnosis->exit_code == EXIT_WORKS)
		return text_format(arena, "The pull works up to %.*s; what follows was not checked",
			TEXT(stage_name(evidence->stage)));
	if (evidence->interrupted)
		return T("Unknown whether the pull works: the run ended before the check was "
			 "complete");
	return T("Unknown whether the pull works: part of the path was not checked");
}
