/* Error texts: nothing is proven by what says nothing, and no advice is more than words. */
#include "report/explain.h"
#include "base/arena.h"
#include "diagnose/error_text.h"
#include "fuzz.h"
#include "model/json.h"
#include <ctype.h>

/* what a shell would do more with than pass it on; the braces are of our own templates */
static void check_advice(struct arena *arena, struct texts lines)
{
	static const char *const breaks[] = {"$(fuzz", "`fuzz", ";fuzz", "|fuzz", "&fuzz", "'fuzz"};
	for (size_t i = 0; i < lines.count; i++) {
		must_of(lines.at[i], fuzz_is_line(arena, lines.at[i]));
		for (size_t k = 0; k < sizeof breaks / sizeof *breaks; k++)
			must_of(lines.at[i], !text_holds(lines.at[i], text_of(breaks[k])));
	}
}

static void check_honest(const struct finding *finding)
{
	must(finding->cause > CAUSE_NONE && finding->cause < CAUSE_COUNT);
	must(finding->certainty != CERTAINTY_PROVEN ||
		(finding->alternative_count == 0 && finding->verify.len == 0));
	for (size_t i = 0; i < finding->alternative_count; i++)
		must(finding->alternatives[i] != finding->cause &&
			finding->alternatives[i] > CAUSE_NONE &&
			finding->alternatives[i] < CAUSE_COUNT);
}

static void check_printed(struct arena *arena, const struct explanation *explanation)
{
	struct text complaint;
	struct text json = explain_json(arena, explanation);
	struct text text = explain_text(arena, explanation, &(struct report_style){.columns = 80});
	must_of(text, fuzz_is_plain(arena, text));
	must(text_find(json, T("\n")) == json.len - 1);
	json_t *root = json_read(json, 1024 * 1024, &complaint);
	must_of(json, root != NULL);
	json_decref(root);
}

/* the same without a word in it: letters and figures are all alike */
static struct text garbled(struct arena *arena, struct text t)
{
	char *copy = text_string(arena, t);
	for (size_t i = 0; i < t.len; i++) {
		if (isalpha((unsigned char)copy[i]))
			copy[i] = 'q';
		else if (isdigit((unsigned char)copy[i]))
			copy[i] = '0';
	}
	return (struct text){copy, t.len};
}

void fuzz(struct arena *arena, struct text input)
{
	struct explanation explanation = error_text_explain(arena, input);
	check_honest(&explanation.finding);
	check_printed(arena, &explanation);
	check_advice(arena, explanation.finding.fix);
	check_advice(arena, explanation.finding.confirm);
	check_advice(arena, (struct texts){&explanation.next, explanation.next.len > 0});
	/* what is no pull needs no check */
	bool pull = !text_starts(cause_name(explanation.finding.cause), T("ecs."));
	must_of(explanation.next, pull == text_starts(explanation.next, T("pullprobe check ")));

	struct explanation nothing = error_text_explain(arena, garbled(arena, input));
	must(nothing.finding.certainty != CERTAINTY_PROVEN);
	check_honest(&nothing.finding);

	struct buffer wrapped = {.arena = arena};
	buffer_add(&wrapped, T(" \n\t"));
	buffer_add(&wrapped, input);
	buffer_add(&wrapped, T("\n "));
	struct explanation same = error_text_explain(arena, buffer_text(&wrapped));
	must(same.finding.cause == explanation.finding.cause &&
		same.finding.certainty == explanation.finding.certainty);
}
