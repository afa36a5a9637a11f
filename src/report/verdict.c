/* The verdict in one line, the same in every report. */
#include "report/verdict.h"

const struct finding *verdict_finding(const struct diagnosis *diagnosis)
{
	bool breaks = diagnosis->pull == PULL_BREAKS && diagnosis->verdict < diagnosis->count;
	return breaks ? &diagnosis->findings[diagnosis->verdict] : NULL;
}

static size_t warnings_of(const struct diagnosis *diagnosis)
{
	size_t found = 0;
	for (size_t i = 0; i < diagnosis->count; i++)
		found += diagnosis->findings[i].severity == SEVERITY_WARNING;
	return found;
}

static struct text works_line(struct arena *arena, const struct diagnosis *diagnosis)
{
	size_t warnings = warnings_of(diagnosis);
	if (warnings == 0)
		return T("The pull works");
	return text_format(
		arena, "The pull works, with %zu warning%s", warnings, warnings == 1 ? "" : "s");
}

struct text verdict_line(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	const struct finding *finding = verdict_finding(diagnosis);
	bool beside = finding && finding->endpoint >= ENDPOINT_LOGS &&
		finding->endpoint <= ENDPOINT_ENVFILE;
	if (finding)
		return text_format(arena, "%s at %.*s of %.*s: %.*s (%.*s)",
			beside ? "The task's start breaks" : "The pull breaks",
			TEXT(stage_name(finding->stage)),
			TEXT(endpoint_kind_name(finding->endpoint)),
			TEXT(cause_name(finding->cause)), TEXT(certainty_name(finding->certainty)));
	if (diagnosis->pull == PULL_WORKS)
		return works_line(arena, diagnosis);
	if (diagnosis->pull == PULL_BREAKS)
		return T("The pull breaks");
	if (evidence->interrupted)
		return T("Unknown whether the pull works: the run ended before it was settled");
	return T("Unknown whether the pull works: not all of the path was walked");
}
