/* Prints what an error text or an exit code means. */
#include "report/explain.h"
#include "model/json.h"
#include "report/page.h"

/* JSON */

/* the keys that all explanations have */
static json_t *explanation_json(struct arena *arena, const struct finding *finding,
	struct text name, struct text stage, struct text endpoint, struct text next)
{
	json_t *object = json_object();
	field_put(object, "schema", json_string("pullprobe.explain.v1"));
	field_put(object, "class", field_text(arena, name));
	field_put(object, "certainty", field_text(arena, certainty_name(finding->certainty)));
	field_put(object, "alternatives",
		causes_json(arena, finding->alternatives, finding->alternative_count));
	field_put(object, "stage", field_text(arena, stage));
	field_put(object, "endpoint", field_text(arena, endpoint));
	field_put(object, "says", field_text(arena, finding->says));
	field_put(object, "decide", field_text(arena, finding->verify));
	field_put(object, "fix", field_texts(arena, finding->fix));
	field_put(object, "confirm", field_texts(arena, finding->confirm));
	field_put(object, "next", field_text(arena, next));
	return object;
}

static json_t *finding_json(struct arena *arena, const struct explanation *explanation)
{
	const struct finding *finding = &explanation->finding;
	struct text stage = explanation->has_stage ? stage_name(finding->stage) : T("");
	return explanation_json(arena, finding, cause_name(finding->cause), stage,
		endpoint_kind_name(finding->endpoint), explanation->next);
}

struct text explain_json(struct arena *arena, const struct explanation *explanation)
{
	return json_line(arena, finding_json(arena, explanation));
}

struct text explain_message(
	struct arena *arena, struct text subject, const struct explanation *explanation)
{
	const struct finding *finding = &explanation->finding;
	json_t *object = json_object();
	struct buffer text = {.arena = arena};
	buffer_addf(&text, "%.*s%s", TEXT(subject), subject.len ? ": " : "");
	buffer_addf(&text, "%.*s (%.*s, %.*s)", TEXT(finding->says),
		TEXT(cause_name(finding->cause)), TEXT(certainty_name(finding->certainty)));
	for (size_t i = 0; i < finding->fix.count; i++)
		buffer_addf(&text, "%s%.*s", i ? " " : ". What to do: ", TEXT(finding->fix.at[i]));
	field_put(object, "text", field_text(arena, printable(arena, buffer_text(&text))));
	field_put(object, "explanation", finding_json(arena, explanation));
	return json_line(arena, object);
}

struct code_explanation stages_broken(const struct stages_explanation *stages)
{
	bool works = stages->excluded.count == CODE_STAGES;
	struct code_explanation none = {
		.row = exit_code_row(works ? EXIT_WORKS : EXIT_NOT_REACHED)};
	return stages->broken.row ? stages->broken : none;
}

static json_t *codes_json(const int *codes, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		field_append(list, json_integer(codes[i]));
	return list;
}

struct text explain_code_json(struct arena *arena, const struct code_explanation *explanation,
	const struct stages_explanation *stages)
{
	static const struct field fields[] = {
		{FIELD_AT("decide", code_cause, verify, TEXT, 0)},
		{FIELD(code_cause, fix, TEXTS)},
		{FIELD(code_cause, confirm, TEXTS)},
	};
	struct finding finding = {.certainty = CERTAINTY_PROVEN, .says = explanation->row->says};
	json_t *object = explanation_json(
		arena, &finding, T(""), explanation->row->stage, T(""), T("pullprobe check IMAGE"));
	json_t *causes = json_array();
	for (size_t i = 0; i < explanation->count; i++) {
		enum cause cause = explanation->causes[i].cause;
		json_t *one = json_object();
		field_put(one, "class", field_text(arena, cause_name(cause)));
		field_put(one, "meaning", field_text(arena, list_meaning(LIST_CAUSE, cause)));
		fields_write(arena, one, fields, COUNT(fields), &explanation->causes[i]);
		field_append(causes, one);
	}
	field_put(object, "exit_code", json_integer(explanation->row->code));
	field_put(object, "causes", causes);
	field_put(object, "ways", field_texts(arena, explanation->ways));
	if (stages) {
		field_put(object, "exit_codes", codes_json(stages->codes, CODE_STAGES));
		field_put(object, "excluded", field_texts(arena, stages->excluded));
		field_put(object, "also_failed", field_texts(arena, stages->failed));
		field_put(object, "not_reached", field_texts(arena, stages->not_reached));
	}
	return json_line(arena, object);
}

/* The report's fix, and no word of it stands for what the reader has not told. */
static bool is_exact(const struct verdict_explanation *verdict)
{
	const struct texts *fix = &verdict->diagnosis.findings[verdict->diagnosis.verdict].fix;
	for (size_t i = 0; i < fix->count; i++)
		if (text_holds(fix->at[i], T("TASK_ADDRESS")))
			return false;
	return verdict->is_same && verdict->evidence.target.image.len &&
		verdict->evidence.vantage.principal.len;
}

static struct explanation explanation_of(
	struct arena *arena, const struct verdict_explanation *verdict)
{
	struct text image = verdict->evidence.target.image;
	return (struct explanation){
		.finding = verdict->diagnosis.findings[verdict->diagnosis.verdict],
		.has_stage = true,
		.next = text_format(
			arena, "pullprobe check %.*s", TEXT(image.len ? image : T("IMAGE")))};
}

struct text explain_verdict_json(struct arena *arena, const struct verdict_explanation *verdict)
{
	struct explanation explanation = explanation_of(arena, verdict);
	const struct step *step = &verdict->evidence.steps[0];
	json_t *object = finding_json(arena, &explanation);
	json_t *codes = json_array();
	for (size_t i = 0; i < VERDICT_CODES; i++)
		json_array_append_new(codes, json_integer(verdict->codes[i]));
	field_put(object, "rule", field_text(arena, explanation.finding.rule));
	field_put(object, "peer", field_text(arena, step->peer));
	field_put(object, "status", json_integer(seen_number(step, FACT_STATUS)));
	field_put(object, "exit_code", json_integer(verdict->codes[0]));
	field_put(object, "exit_codes", codes);
	field_put(object, "exact", json_boolean(is_exact(verdict)));
	return json_line(arena, object);
}

/* text */

enum { INDENT = 2, MEANING = 28 };

/* "proven: auth.scp (token, api)", "open: one of those below (tcp, dkr)" */
static struct text headline(struct arena *arena, const struct explanation *explanation)
{
	const struct finding *finding = &explanation->finding;
	struct text certainty = certainty_name(finding->certainty);
	struct text what = cause_name(finding->cause);
	if (finding->alternative_count && finding->certainty == CERTAINTY_OPEN)
		what = text_format(arena, "one of those below, most often %.*s", TEXT(what));
	if (!explanation->has_stage)
		return text_format(arena, "%.*s: %.*s", TEXT(certainty), TEXT(what));
	return text_format(arena, "%.*s: %.*s (%.*s, %.*s)", TEXT(certainty), TEXT(what),
		TEXT(stage_name(finding->stage)), TEXT(endpoint_kind_name(finding->endpoint)));
}

/* a cause and what it means */
static void put_cause(struct page *page, enum cause cause)
{
	page_pair(page, INDENT, INK_PLAIN, cause_name(cause), MEANING,
		list_meaning(LIST_CAUSE, cause));
}

static void put_lines(struct page *page, struct text heading, struct texts lines, bool commands)
{
	if (lines.count)
		page_heading(page, heading);
	for (size_t i = 0; i < lines.count && commands; i++)
		page_command(page, INDENT, lines.at[i]);
	for (size_t i = 0; i < lines.count && !commands; i++)
		page_item(page, INDENT, T("- "), lines.at[i]);
}

/* all but the headline */
static void put_explanation(struct page *page, const struct explanation *explanation)
{
	const struct finding *finding = &explanation->finding;
	page_item(page, INDENT, T(""), finding->says);
	page_heading(page, T("What it may be"));
	put_cause(page, finding->cause);
	for (size_t i = 0; i < finding->alternative_count; i++)
		put_cause(page, finding->alternatives[i]);
	if (finding->verify.len) {
		page_heading(page, T(VERIFY_HEADING));
		page_item(page, INDENT, T(""), finding->verify);
	}
	put_lines(page, T("What to do"), finding->fix, false);
	put_lines(page, T(CONFIRM_HEADING), finding->confirm, true);
	if (explanation->next.len) {
		page_heading(page, T("Run this in the subnet"));
		page_command(page, INDENT, explanation->next);
	}
}

struct text explain_text(struct arena *arena, const struct explanation *explanation,
	const struct report_style *style)
{
	struct page page = page_new(arena, style);
	page_line(&page, INK_BOLD, headline(arena, explanation));
	put_explanation(&page, explanation);
	return buffer_text(&page.out);
}

/* "exit code 22, rule tcp-s3-no-route, peer 52.216.0.10:443, HTTP status 403" */
static struct text codes_line(struct arena *arena, const struct verdict_explanation *verdict)
{
	const struct finding *finding = &verdict->diagnosis.findings[verdict->diagnosis.verdict];
	const struct step *step = &verdict->evidence.steps[0];
	int64_t status = seen_number(step, FACT_STATUS);
	struct buffer out = {.arena = arena};
	buffer_addf(&out, "exit code %d, rule %.*s", verdict->codes[0], TEXT(finding->rule));
	if (step->peer.len)
		buffer_addf(&out, ", peer %.*s", TEXT(step->peer));
	if (status)
		buffer_addf(&out, ", HTTP status %d", (int)status);
	return buffer_text(&out);
}

struct text explain_verdict_text(struct arena *arena, const struct verdict_explanation *verdict,
	const struct report_style *style)
{
	struct explanation explanation = explanation_of(arena, verdict);
	struct page page = page_new(arena, style);
	page_line(&page, INK_BOLD, headline(arena, &explanation));
	page_item(&page, INDENT, T(""), codes_line(arena, verdict));
	put_explanation(&page, &explanation);
	if (!is_exact(verdict))
		page_heading(&page,
			verdict->is_same
				? T("The fix is the report's, but for words in capitals, which "
				    "stand for values of the image and the task: add --image and "
				    "--role.")
				: T("The report's fix has names that the codes cannot tell, where "
				    "this one has general words."));
	return buffer_text(&page.out);
}

/* causes are shown whole up to here, so that all stands on one screen; rarer ones by their names */
enum { WHOLE_CAUSES = 4, RARE_CAUSES = 8 };

static void put_code_cause(struct page *page, const struct code_cause *cause, size_t fixes)
{
	put_cause(page, cause->cause);
	if (cause->verify.len)
		page_item(page, INDENT * 2, T("told apart by: "), cause->verify);
	for (size_t i = 0; i < cause->fix.count && i < fixes; i++)
		page_item(page, INDENT * 2, T("- "), cause->fix.at[i]);
}

static void put_code(
	struct arena *arena, struct page *page, const struct code_explanation *explanation)
{
	struct texts rare = {0};
	struct texts confirm = {0};
	if (explanation->count)
		page_heading(page, T("What leads to it, the most frequent first"));
	for (size_t i = 0; i < explanation->count; i++) {
		const struct code_cause *cause = &explanation->causes[i];
		bool common = cause->order < CODE_COMMON ||
			explanation->causes[0].order >= CODE_COMMON;
		if (i >= WHOLE_CAUSES || !common) {
			if (rare.count < RARE_CAUSES)
				texts_add(arena, &rare, cause_name(cause->cause));
			continue;
		}
		put_code_cause(page, cause, i ? 1 : 2);
		if (cause->confirm.count)
			texts_add_once(arena, &confirm, cause->confirm.at[0]);
	}
	if (rare.count)
		page_item(page, INDENT, T("less often: "), texts_joined(arena, rare));
	put_lines(page, T(CONFIRM_HEADING), confirm, true);
	put_lines(page, T("What tells more"), explanation->ways, false);
}

static struct text code_line(struct arena *arena, const struct exit_code *row)
{
	struct text stage = row->stage;
	return text_format(arena, "exit code %d%s%.*s%s", row->code, stage.len ? " (" : "",
		TEXT(stage), stage.len ? ")" : "");
}

struct text explain_code_text(struct arena *arena, const struct code_explanation *explanation,
	const struct stages_explanation *stages, const struct report_style *style)
{
	struct page page = page_new(arena, style);
	page_line(&page, INK_BOLD, code_line(arena, explanation->row));
	page_item(&page, INDENT, T(""), explanation->row->says);
	if (stages) {
		put_lines(&page, T("Broken besides"), stages->failed, false);
		put_lines(&page, T("Excluded, since these stages passed"), stages->excluded, false);
		if (stages->not_reached.count)
			page_item(&page, INDENT, T("not reached: "),
				texts_joined(arena, stages->not_reached));
	}
	put_code(arena, &page, explanation);
	return buffer_text(&page.out);
}
