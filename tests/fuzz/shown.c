/* Whatever was seen, reports of it keep their form. */
#include "base/arena.h"
#include "diagnose/diagnose.h"
#include "fuzz.h"
#include "report/compare.h"
#include "walk/probe.h"

#define IMAGE "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1"

static const struct report_style style = {.columns = 80};

static struct text read_and_printed(struct arena *arena, struct text json)
{
	struct evidence retry;
	struct text complaint;
	must_of(complaint, schema_read(arena, json, &retry, &complaint));
	struct diagnosis diagnosis = diagnose(arena, &retry);
	return report_json(arena, &retry, &diagnosis);
}

struct text fuzz_shown(struct arena *arena, const struct evidence *evidence)
{
	struct diagnosis diagnosis = diagnose(arena, evidence);
	struct text json = report_json(arena, evidence, &diagnosis);
	struct text text = report_text(arena, evidence, &diagnosis, &style);
	must_of(text, fuzz_is_plain(arena, text));
	must_of(json, text_find(json, T("\n")) == json.len - 1);
	must_of(json, text_equal(read_and_printed(arena, json), json));
	/* what breaks the pull has a code of its own */
	must(diagnosis.pull != PULL_BREAKS || diagnosis.exit_code >= 10);
	return json;
}

void fuzz_compared(struct arena *arena, const struct evidence *evidence)
{
	struct evidence other = {.version = T("0"), .vantage.label = T("other")};
	struct compared reports[] = {
		{.file = T("a.json"),
			.evidence = *evidence,
			.diagnosis = diagnose(arena, evidence)},
		{.file = T("b.json"), .evidence = other, .diagnosis = diagnose(arena, &other)},
	};
	struct comparison comparison = comparison_of(arena, reports, 2, T("0"));
	comparison.style = style;
	struct text text = compare_text(arena, &comparison);
	struct text json = compare_json(arena, &comparison);
	must_of(text, fuzz_is_plain(arena, text));
	must(text_find(json, T("\n")) == json.len - 1);
	/* The page's own markup holds no "fuzz"; seeds do, behind what would begin markup. */
	must(!text_holds(compare_html(arena, &comparison), T("<fuzz")));
}

void fuzz_error(struct arena *arena, int status, const struct aws_error *error)
{
	struct evidence evidence = {.version = T("0")};
	struct text complaint;
	must(target_parse(arena, T(IMAGE), T(""), &evidence.target, &complaint));
	struct walk_options options = {0};
	struct plan plan = {0};
	struct probe probe = {
		.arena = arena, .plan = &plan, .options = &options, .evidence = &evidence};
	enum symptom symptom = symptom_of_error(status, error);
	struct step *step = record(&probe, STAGE_MANIFEST, ENDPOINT_DKR, evidence.target.host,
		symptom, error->message, 1, 1);
	step_counted(arena, step, FACT_STATUS, status);
	saw_error(&probe, step, error);
	fuzz_shown(arena, &evidence);
}
