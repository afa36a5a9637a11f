/* The text report: for a person in a hurry, so the verdict comes first and what to do second; for a
 * ticket, so the connectivity, the other findings and the vantage follow. */
#include "base/clock.h"
#include "base/encoding.h"
#include "report/page.h"
#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, VALUE = 16 };

/* columns of the connectivity; experiments begin below the labels */
enum { MARK = 2, LABEL = 8, EXPERIMENT = 14, TIME_WIDTH = 7, TIME_END = 27, WORDS = 29 };

/* so many lines that differ, and so many addresses, are printed */
enum { FEW = 4 };

/* The connectivity: steps in the order of reading, endpoint by endpoint. The steps of a stage are
 * lines, those that are equal one line, and the experiments follow below. */

struct entry {
	const struct step *step;
	const struct step *root; /* what an experiment follows, else the step itself */
	struct text place;	 /* of the root: sorts by endpoint, host and stage */
};

static struct entry entry_of(struct arena *arena, const struct step *step, const struct step *root)
{
	/* a proxy's own stages come before those that it was asked for other hosts */
	int first = root->endpoint == ENDPOINT_PROXY ? (int)root->stage : 0;
	return (struct entry){step, root,
		text_format(arena, "%02d %02d %.*s %02d", (int)root->endpoint, first,
			TEXT(root->host), (int)root->stage)};
}

static int by_reading(const void *left, const void *right)
{
	const struct entry *a = left;
	const struct entry *b = right;
	int places = strcmp(a->place.at, b->place.at);
	int experiments = (a->step->experiment != EXPERIMENT_NONE) -
		(b->step->experiment != EXPERIMENT_NONE);
	return places	      ? places
		: experiments ? experiments
			      : (a->step > b->step) - (a->step < b->step);
}

static void put_mark(struct page *page, enum outcome outcome)
{
	static const enum ink inks[] = {
		[OUTCOME_PASSED] = INK_GOOD,
		[OUTCOME_FAILED] = INK_BAD,
		[OUTCOME_SKIPPED] = INK_FAINT,
	};
	static const char *const names[] = {
		[OUTCOME_PASSED] = "ok",
		[OUTCOME_FAILED] = "FAIL",
		[OUTCOME_SKIPPED] = "skip",
	};
	page_put(page, inks[outcome], text_of(names[outcome]));
}

/* equal steps of one stage and outcome */
struct line {
	const struct step *step; /* the first */
	size_t count;
	struct text words; /* what they have in common */
	struct texts peers;
	size_t configs; /* the others are layers */
	int64_t bytes;
	int64_t began_us, ended_us; /* they run side by side */
};

static void line_add(struct arena *arena, struct line *line, const struct step *step)
{
	int64_t ended_us = step->began_us + step->took_us;
	if (line->count++ == 0) {
		line->step = step;
		line->began_us = step->began_us;
	}
	if (line->peers.count <= FEW)
		texts_add(arena, &line->peers, step->peer);
	line->configs += text_equal(seen_text(step, FACT_DOCUMENT), T("config"));
	/* numbers are within 2^53 and steps few, but a sum of many may not fit */
	if (__builtin_add_overflow(line->bytes, seen_number(step, FACT_SIZE), &line->bytes))
		line->bytes = INT64_MAX;
	if (step->began_us < line->began_us)
		line->began_us = step->began_us;
	if (ended_us > line->ended_us)
		line->ended_us = ended_us;
}

/* "config, 30 layers, 12.3 MB: denied", "10.0.1.4:443 and 10.0.2.4:443: timeout" */
static struct text line_words(struct arena *arena, const struct line *line)
{
	struct text what = text_format(arena, "%zu addresses", line->count);
	if (line->count == 1)
		return step_words(arena, line->step, false);
	if (line->step->stage == STAGE_TCP && line->count <= FEW)
		what = units_list(arena, line->peers, FEW);
	else if (line->step->stage == STAGE_LAYERS)
		what = text_format(arena, "%s%.*s%s%.*s", line->configs ? "config, " : "",
			TEXT(units_count(arena, line->count - line->configs, "layer")),
			line->bytes ? ", " : "",
			TEXT(line->bytes ? units_bytes(arena, line->bytes) : T("")));
	return text_format(
		arena, "%.*s%s%.*s", TEXT(what), line->words.len ? ": " : "", TEXT(line->words));
}

/* mark, label, time and words */
static void put_line(struct page *page, const struct line *line)
{
	struct arena *arena = page->out.arena;
	bool skipped = line->step->outcome == OUTCOME_SKIPPED;
	struct text took = skipped ? T("") : units_time(arena, line->ended_us - line->began_us);
	struct text words = line_words(arena, line);
	page_tab(page, MARK);
	put_mark(page, line->step->outcome);
	page_tab(page, LABEL);
	page_put(page, INK_PLAIN, stage_name(line->step->stage));
	page_tab(page, TIME_END - (took.len < TIME_WIDTH ? took.len : TIME_WIDTH));
	page_put(page, INK_PLAIN, took);
	if (words.len) {
		page_tab(page, WORDS);
		page_words(page, WORDS, words);
	}
	page_end(page);
}

/* The steps of a stage that ended so, until the lines become many. What differs between addresses
 * or blobs that passed is left out. */
static void put_outcome(
	struct page *page, const struct entry *entries, size_t count, enum outcome outcome)
{
	struct arena *arena = page->out.arena;
	struct line *lines = arena_new(arena, struct line, count);
	enum stage stage = entries[0].step->stage;
	bool alike = stage == STAGE_TCP || stage == STAGE_LAYERS;
	size_t found = 0;
	size_t left = 0;
	for (size_t i = 0; i < count; i++) {
		const struct step *step = entries[i].step;
		size_t at = alike ? 0 : found;
		struct text words = T("");
		if (step->outcome != outcome)
			continue;
		if (alike && outcome != OUTCOME_PASSED)
			words = step_words_in_common(arena, step);
		while (at < found && !text_equal(lines[at].words, words))
			at++;
		if (at == found)
			lines[found++].words = words;
		line_add(arena, &lines[at], step);
	}
	/* one more takes no more room than saying so */
	size_t shown = found <= FEW + 1 ? found : FEW;
	for (size_t i = 0; i < shown; i++)
		put_line(page, &lines[i]);
	for (size_t i = shown; i < found; i++)
		left += lines[i].count;
	if (left) {
		page_tab(page, LABEL);
		page_put(page, INK_PLAIN,
			text_format(arena, "and %zu more %.*s", left, TEXT(outcome_name(outcome))));
		page_end(page);
	}
}

/* further in, and flowing: names of experiments are long */
static void put_experiment(struct page *page, const struct entry *entry)
{
	struct arena *arena = page->out.arena;
	const struct step *step = entry->step;
	bool elsewhere = !text_equal(step->host, entry->root->host);
	struct text words = step_words(arena, step, elsewhere);
	page_tab(page, LABEL);
	put_mark(page, step->outcome);
	page_tab(page, EXPERIMENT);
	page_words(page, EXPERIMENT,
		text_format(arena, "%.*s (%.*s)%s%.*s", TEXT(experiment_name(step->experiment)),
			TEXT(units_time(arena, step->took_us)), words.len ? ": " : "",
			TEXT(words)));
	page_end(page);
}

static void put_stage(struct page *page, const struct entry *entries, size_t count)
{
	size_t own = 0;
	while (own < count && entries[own].step->experiment == EXPERIMENT_NONE)
		own++;
	for (enum outcome outcome = 0; own && outcome < OUTCOME_COUNT; outcome++)
		put_outcome(page, entries, own, outcome);
	for (size_t i = own; i < count; i++)
		put_experiment(page, &entries[i]);
}

static void put_connectivity(struct page *page, const struct evidence *evidence)
{
	struct entry *entries = arena_new(page->out.arena, struct entry, evidence->count);
	const struct step *above = NULL;
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		bool follows = step->experiment != EXPERIMENT_NONE && step->follows < i;
		entries[i] = entry_of(
			page->out.arena, step, follows ? entries[step->follows].root : step);
	}
	if (evidence->count)
		qsort(entries, evidence->count, sizeof *entries, by_reading);
	for (size_t at = 0, count; at < evidence->count; at += count) {
		const struct step *root = entries[at].root;
		count = 1;
		while (at + count < evidence->count &&
			text_equal(entries[at].place, entries[at + count].place))
			count++;
		if (!above || above->endpoint != root->endpoint ||
			!text_equal(above->host, root->host)) {
			page_put(page, INK_BOLD, endpoint_kind_name(root->endpoint));
			if (root->host.len)
				page_tab(page, LABEL);
			page_words(page, LABEL, root->host);
			page_end(page);
		}
		put_stage(page, &entries[at], count);
		above = root;
	}
}

/* the vantage */

/* two texts, whichever are there */
static struct text both(struct arena *arena, struct text a, struct text b)
{
	return text_format(arena, "%.*s%s%.*s", TEXT(a), a.len && b.len ? ", " : "", TEXT(b));
}

static void put_vantage(
	struct page *page, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	struct arena *arena = page->out.arena;
	const struct vantage *vantage = &evidence->vantage;
	struct text error = T("");
	if (vantage->clock_error_ms >= 0 && vantage->clock_status.len)
		error = text_format(arena, "within %lld ms", (long long)vantage->clock_error_ms);
	struct text mtu = text_format(arena, "%lld", (long long)vantage->mtu);
	struct text took = text_format(arena, "%.*s from %.*s, by pullprobe %.*s%s",
		TEXT(units_time(arena, evidence->took_us)),
		TEXT(clock_text(arena, evidence->started_at)), TEXT(evidence->version),
		evidence->interrupted ? ", interrupted" : "");
	struct text code = text_format(arena, "%d%s%.*s", diagnosis->exit_code,
		evidence->stage_asked ? ", for this stage alone: " : "",
		TEXT(evidence->stage_asked ? stage_name(evidence->stage) : T("")));
	const struct {
		const char *name;
		struct text value; /* no line if it is empty */
	} rows[] = {
		{"label", vantage->label},
		{"task", vantage->task_arn},
		{"where", both(arena, vantage->launch_type, vantage->availability_zone)},
		{"subnet", both(arena, vantage->subnet_cidr, vantage->subnet_cidr6)},
		{"addresses", units_list(arena, vantage->addresses, 6)},
		{"resolvers", units_list(arena, vantage->resolvers, 6)},
		{"MTU", vantage->mtu ? mtu : T("")},
		{"principal", vantage->principal},
		{"credentials", vantage->credential_source},
		{"clock", both(arena, vantage->clock_status, error)},
		{"took", took},
		{"exit code", code},
	};
	page_heading(page, T("Seen from"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].value.len)
			page_pair(page, INDENT, INK_PLAIN, text_of(rows[i].name), VALUE,
				rows[i].value);
	}
}

struct text report_summary(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	static const struct report_style style = {.columns = 100};
	struct page page = page_new(arena, &style);
	const struct finding *verdict = verdict_finding(diagnosis);
	page_line(&page, INK_BOLD, verdict_line(arena, evidence, diagnosis));
	if (verdict)
		page_finding(&page, verdict, INDENT, true);
	/* a character that is cut in two ends as U+FFFD */
	struct text cut = text_head(buffer_text(&page.out), SUMMARY_BYTES - 9);
	return utf8_repair(arena, cut);
}

struct text report_text(struct arena *arena, const struct evidence *evidence,
	const struct diagnosis *diagnosis, const struct report_style *style)
{
	static const enum ink inks[] = {
		[PULL_WORKS] = INK_GOOD,
		[PULL_BREAKS] = INK_BAD,
		[PULL_UNKNOWN] = INK_BOLD,
	};
	struct page page = page_new(arena, style);
	const struct finding *verdict = verdict_finding(diagnosis);
	const struct platform *platform = &evidence->target.platform;
	bool known = platform->os.len > 0;
	page_line(&page, inks[diagnosis->pull], verdict_line(arena, evidence, diagnosis));
	if (verdict)
		page_finding(&page, verdict, INDENT, true);
	if (verdict)
		page_chains(&page, evidence, verdict->endpoint);
	if (evidence->count) {
		page_heading(&page,
			text_format(arena, "The path to %.*s%s%.*s%s", TEXT(evidence->target.image),
				known ? " (" : "",
				TEXT(known ? platform_text(arena, platform) : T("")),
				known ? ")" : ""));
		page_fixed(&page, true);
		put_connectivity(&page, evidence);
		page_fixed(&page, false);
	}
	page_further_findings(&page, diagnosis);
	put_vantage(&page, evidence, diagnosis);
	return buffer_text(&page.out);
}
