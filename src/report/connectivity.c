/* The connectivity as text. Steps are put in the order of reading, endpoint by endpoint; those of
 * one stage make a stage, in which the many that passed are one line. */
#include "report/connectivity.h"
#include "report/words.h"
#include <stdlib.h>

/* columns where things begin; experiments begin where labels do */
enum { MARK = 2, LABEL = 8, ASKS = 14, TIME_WIDTH = 7, TIME_END = 27, WORDS = 29 };

/* so many of a kind are told one by one */
enum { FEW = 4 };

/* a step, and the step of the path that it belongs to: itself, or what an experiment follows */
struct place {
	const struct step *step;
	const struct step *root;
};

static int by_text(struct text a, struct text b)
{
	size_t at = 0;
	while (at < a.len && at < b.len && a.at[at] == b.at[at])
		at++;
	int left = at < a.len ? (unsigned char)a.at[at] : -1;
	int right = at < b.len ? (unsigned char)b.at[at] : -1;
	return left - right;
}

static int by_connectivity_row(const struct step *a, const struct step *b)
{
	if (a->endpoint != b->endpoint)
		return a->endpoint < b->endpoint ? -1 : 1;
	int hosts = by_text(a->host, b->host);
	int stages = (a->stage > b->stage) - (a->stage < b->stage);
	/* a proxy's own stages come before those that it was asked for other hosts */
	if (a->endpoint == ENDPOINT_PROXY)
		return stages ? stages : hosts;
	return hosts ? hosts : stages;
}

static int by_reading(const void *left, const void *right)
{
	const struct place *a = left;
	const struct place *b = right;
	bool a_asks = a->step->experiment != EXPERIMENT_NONE;
	bool b_asks = b->step->experiment != EXPERIMENT_NONE;
	int connectivity = by_connectivity_row(a->root, b->root);
	if (connectivity)
		return connectivity;
	if (a_asks != b_asks)
		return a_asks ? 1 : -1;
	return (a->step > b->step) - (a->step < b->step);
}

static struct place *places_of(struct arena *arena, const struct evidence *evidence)
{
	struct place *places = arena_new(arena, struct place, evidence->count);
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		bool asks = step->experiment != EXPERIMENT_NONE && step->follows < i;
		places[i] = (struct place){step, asks ? places[step->follows].root : step};
	}
	return places;
}

static void put_mark(struct page *page, enum outcome outcome)
{
	static const struct {
		enum ink ink;
		struct text name;
	} marks[] = {
		[OUTCOME_PASSED] = {INK_GOOD, {"ok", 2}},
		[OUTCOME_FAILED] = {INK_BAD, {"FAIL", 4}},
		[OUTCOME_SKIPPED] = {INK_FAINT, {"skip", 4}},
	};
	page_put(page, marks[outcome].ink, marks[outcome].name);
}

/* mark, label, time and words */
static void put_line(struct page *page, enum outcome outcome, struct text label, int64_t took_us,
	struct text words)
{
	struct arena *arena = page->out.arena;
	struct text took = outcome == OUTCOME_SKIPPED ? T("") : units_time(arena, took_us);
	page_tab(page, MARK);
	put_mark(page, outcome);
	page_tab(page, LABEL);
	page_put(page, INK_PLAIN, label);
	page_tab(page, TIME_END - (took.len < TIME_WIDTH ? took.len : TIME_WIDTH));
	page_put(page, INK_PLAIN, took);
	if (words.len) {
		page_tab(page, WORDS);
		page_words(page, WORDS, words);
	}
	page_end(page);
}

static void put_step(struct page *page, const struct step *step)
{
	put_line(page, step->outcome, stage_name(step->stage), step->took_us,
		step_words(page->out.arena, step, false));
}

/* further in, and flowing: names of experiments are long */
static void put_experiment(struct page *page, const struct place *place)
{
	struct arena *arena = page->out.arena;
	const struct step *step = place->step;
	bool elsewhere = !text_equal(step->host, place->root->host);
	struct text took = units_time(arena, step->took_us);
	struct text words = step_words(arena, step, elsewhere);
	page_tab(page, LABEL);
	put_mark(page, step->outcome);
	page_tab(page, ASKS);
	page_words(page, ASKS,
		text_format(arena, "%.*s (%.*s)%s%.*s", TEXT(experiment_name(step->experiment)),
			TEXT(took), words.len ? ": " : "", TEXT(words)));
	page_end(page);
}

/* how many of a stage's steps ended so; the experiments are not counted */
static size_t count_of(const struct place *places, size_t count, enum outcome outcome)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		found += places[i].step->outcome == outcome &&
			places[i].step->experiment == EXPERIMENT_NONE;
	return found;
}

/* "config, 30 layers, 12.3 MB" of the blobs that passed */
static struct text blobs_words(struct arena *arena, const struct place *places, size_t count)
{
	size_t layers = 0;
	size_t configs = 0;
	int64_t bytes = 0;
	for (size_t i = 0; i < count; i++) {
		const struct step *step = places[i].step;
		if (step->outcome != OUTCOME_PASSED)
			continue;
		bool config = text_equal(seen_text(step, FACT_DOCUMENT), T("config"));
		configs += config;
		layers += !config;
		/* numbers are within 2^53 and steps few, but a sum of many may not fit */
		if (__builtin_add_overflow(bytes, seen_number(step, FACT_SIZE), &bytes))
			bytes = INT64_MAX;
	}
	struct text names = units_count(arena, layers, "layer");
	struct text size = units_bytes(arena, bytes);
	return text_format(arena, "%s%.*s%s%.*s: ok %zu", configs ? "config, " : "", TEXT(names),
		bytes ? ", " : "", TEXT(bytes ? size : T("")), layers + configs);
}

/* the peers when they are few, else how many */
static struct text peers_words(struct arena *arena, const struct place *places, size_t count)
{
	struct texts peers = {0};
	for (size_t i = 0; i < count; i++)
		if (places[i].step->outcome == OUTCOME_PASSED)
			texts_add(arena, &peers, places[i].step->peer);
	if (peers.count <= FEW)
		return units_list(arena, peers, FEW);
	return text_format(arena, "%zu addresses: ok %zu", peers.count, peers.count);
}

/* from the first beginning to the last end of what passed: such steps run side by side */
static int64_t span_us(const struct place *places, size_t count)
{
	int64_t from = INT64_MAX;
	int64_t to = 0;
	for (size_t i = 0; i < count; i++) {
		const struct step *step = places[i].step;
		if (step->outcome != OUTCOME_PASSED)
			continue;
		from = step->began_us < from ? step->began_us : from;
		to = step->began_us + step->took_us > to ? step->began_us + step->took_us : to;
	}
	return to > from ? to - from : 0;
}

static void put_passed(struct page *page, const struct place *places, size_t count)
{
	struct arena *arena = page->out.arena;
	enum stage stage = places[0].step->stage;
	struct text words = stage == STAGE_TCP ? peers_words(arena, places, count)
					       : blobs_words(arena, places, count);
	put_line(page, OUTCOME_PASSED, stage_name(stage), span_us(places, count), words);
}

/* Each step that ended so, until they become many. */
static void put_each(
	struct page *page, const struct place *places, size_t count, enum outcome outcome)
{
	size_t left = count_of(places, count, outcome);
	size_t shown = left <= FEW + 1 ? left : FEW;
	for (size_t i = 0; i < count && shown; i++)
		if (places[i].step->outcome == outcome) {
			put_step(page, places[i].step);
			shown--;
			left--;
		}
	if (left) {
		page_tab(page, LABEL);
		page_put(page, INK_PLAIN,
			text_format(page->out.arena, "and %zu more %.*s", left,
				TEXT(outcome_name(outcome))));
		page_end(page);
	}
}

/* A stage: the steps of one endpoint and stage, then the experiments that they called for. */
static void put_connectivity_row(struct page *page, const struct place *places, size_t count)
{
	size_t own = 0;
	while (own < count && places[own].step->experiment == EXPERIMENT_NONE)
		own++;
	enum stage stage = places[0].step->stage;
	bool many = count_of(places, own, OUTCOME_PASSED) > 1 &&
		(stage == STAGE_TCP || stage == STAGE_LAYERS);
	if (many)
		put_passed(page, places, own);
	else
		put_each(page, places, own, OUTCOME_PASSED);
	put_each(page, places, own, OUTCOME_FAILED);
	put_each(page, places, own, OUTCOME_SKIPPED);
	for (size_t i = own; i < count; i++)
		put_experiment(page, &places[i]);
}

static void put_endpoint(struct page *page, const struct step *step)
{
	page_end(page);
	page_put(page, INK_BOLD, endpoint_kind_name(step->endpoint));
	if (step->host.len) {
		page_tab(page, LABEL);
		page_words(page, LABEL, step->host);
	}
	page_end(page);
}

void connectivity_print(struct page *page, const struct evidence *evidence)
{
	struct place *places = places_of(page->out.arena, evidence);
	const struct step *above = NULL;
	size_t at = 0;
	if (evidence->count)
		qsort(places, evidence->count, sizeof *places, by_reading);
	while (at < evidence->count) {
		const struct step *root = places[at].root;
		size_t count = 1;
		while (at + count < evidence->count &&
			by_connectivity_row(root, places[at + count].root) == 0)
			count++;
		if (!above || above->endpoint != root->endpoint ||
			!text_equal(above->host, root->host))
			put_endpoint(page, root);
		put_connectivity_row(page, &places[at], count);
		above = root;
		at += count;
	}
}
