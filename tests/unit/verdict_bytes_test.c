/* The verdict in bytes, over all golden cases: what is read is what was written, and nothing else
 * is read as a verdict. */
#include "base/file.h"
#include "check.h"
#include "diagnose/code_explain.h"
#include "diagnose/diagnose.h"
#include "diagnose/verdict_bytes.h"
#include "report/report.h"
#include <glob.h>
#include <string.h>

enum { CASES_MIN = 300 };

static void read_case(struct arena *arena, const char *path, struct evidence *out)
{
	struct text content;
	struct text complaint;
	if (!file_read(arena, text_of(path), REPORT_BYTES_MAX, &content, &complaint) ||
		!schema_read(arena, content, out, &complaint))
		fail_msg("%.*s", TEXT(complaint));
}

/* the address of a peer, as the codes tell it */
static struct text told_peer(struct arena *arena, struct text peer)
{
	struct address address;
	if (!address_parse(peer, &address))
		return text_starts(peer, T("*:")) ? peer : T("");
	const uint8_t *end = address.bytes + 12;
	if (address.family == 4 || address_is_nat64(&address))
		return address_text(arena, &address);
	return text_format(arena, "*:%x:%x", end[0] << 8 | end[1], end[2] << 8 | end[3]);
}

#define check_same(a, b)                                         \
	do {                                                     \
		if ((a) != (b))                                  \
			fail_msg("%s: %s is not " #b, path, #a); \
	} while (0)

/* As a report, which launch makes of the codes, it has the same verdict again. */
static void check_written(struct arena *arena, const char *path, const struct evidence *told,
	const struct diagnosis *read)
{
	struct evidence again = {0};
	struct text complaint;
	struct text json = report_json(arena, told, read);
	if (!schema_read(arena, json, &again, &complaint))
		fail_msg("%s: %.*s", path, TEXT(complaint));
	struct diagnosis diagnosis = diagnose(arena, &again);
	if (!text_equal(json, report_json(arena, &again, &diagnosis)))
		fail_msg("%s: told otherwise, once it is told", path);
}

/* true: with its fix */
static bool check_verdict(struct arena *arena, const char *path, const struct evidence *evidence,
	const struct diagnosis *diagnosis, const uint8_t codes[VERDICT_CODES])
{
	struct evidence told = {.target = evidence->target,
		.vantage = {.launch_type = evidence->vantage.launch_type,
			.principal = evidence->vantage.principal,
			.addresses = evidence->vantage.addresses}};
	struct text complaint;
	bool is_same;
	if (!verdict_bytes_read(arena, codes, &told, &is_same, &complaint))
		fail_msg("%s: %.*s", path, TEXT(complaint));
	struct diagnosis read = diagnose(arena, &told);
	check_same(read.pull, diagnosis->pull);
	check_written(arena, path, &told, &read);
	if (read.pull != PULL_BREAKS)
		return true;
	const struct finding *a = &read.findings[read.verdict];
	const struct finding *b = &diagnosis->findings[diagnosis->verdict];
	const struct step *step = &evidence->steps[b->steps[0]];
	check_same(read.exit_code, diagnosis->exit_code);
	check_same(text_equal(a->rule, b->rule), true);
	check_same(a->cause, b->cause);
	check_same(a->certainty, b->certainty);
	check_same(a->stage, b->stage);
	check_same(a->endpoint, b->endpoint);
	check_same(a->symptom == b->symptom || endpoint_use(a->endpoint) != USED_BY_PULL, true);
	check_same(a->alternative_count, b->alternative_count);
	for (size_t i = 0; i < a->alternative_count; i++)
		check_same(a->alternatives[i], b->alternatives[i]);
	check_same(seen_number(&told.steps[0], FACT_STATUS), seen_number(step, FACT_STATUS));
	check_same(text_equal(told_peer(arena, told.steps[0].peer), told_peer(arena, step->peer)),
		true);
	check_same(!is_same || texts_equal(a->fix, b->fix), true);
	return is_same;
}

/* one container that says something else, whatever it says */
static void check_change(
	const char *path, const uint8_t codes[VERDICT_CODES], size_t at, uint8_t foreign)
{
	struct arena arena = {0};
	struct evidence told = {0};
	struct text complaint;
	uint8_t changed[VERDICT_CODES];
	bool is_same;
	memcpy(changed, codes, sizeof changed);
	changed[at] = foreign;
	if (foreign != codes[at] &&
		verdict_bytes_read(&arena, changed, &told, &is_same, &complaint))
		fail_msg("%s: read with %d at %zu", path, foreign, at);
	arena_end(&arena);
}

/* 1: written and read, with its fix word for word; 0: written and read; -1: it has no such codes */
static int check_case(const char *path, size_t number)
{
	struct arena arena = {0};
	struct evidence evidence = {0};
	struct text complaint;
	uint8_t codes[VERDICT_CODES];
	int result = -1;
	size_t at = number % VERDICT_CODES;
	read_case(&arena, path, &evidence);
	struct diagnosis diagnosis = diagnose(&arena, &evidence);
	if (verdict_bytes_make(&arena, &evidence, &diagnosis, codes, &complaint)) {
		result = check_verdict(&arena, path, &evidence, &diagnosis, codes);
		/* other containers and other values, from case to case */
		check_change(path, codes, at,
			number % 2 ? 137 : (uint8_t)(codes[at] + 1 + number % 255));
	}
	check_same(result == -1, evidence.stage_asked);
	arena_end(&arena);
	return result;
}

static void every_case_is_read_as_it_was_written(void **state)
{
	glob_t found;
	size_t whole = 0, written = 0;
	(void)state;
	assert_int_equal(glob("build/golden/*.json", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		int result = check_case(found.gl_pathv[i], i);
		written += result >= 0;
		whole += result > 0;
	}
	globfree(&found);
	assert_true(written > CASES_MIN);
	/* the others' fix has a name that only the report knows: an action, a hop, a proxy */
	assert_true(whole * 8 >= written * 7);
}

/* S3 is silent, as in a subnet without a gateway endpoint */
static void make_sample(struct arena *arena, uint8_t codes[VERDICT_CODES])
{
	struct evidence evidence = {0};
	struct text complaint;
	read_case(arena, "build/golden/tcp-s3-no-route.json", &evidence);
	struct diagnosis diagnosis = diagnose(arena, &evidence);
	assert_true(verdict_bytes_make(arena, &evidence, &diagnosis, codes, &complaint));
}

static void one_foreign_code_is_no_verdict(void **state)
{
	struct arena arena = {0};
	uint8_t codes[VERDICT_CODES];
	(void)state;
	make_sample(&arena, codes);
	assert_int_equal(codes[0], 22);
	for (size_t at = 0; at < VERDICT_CODES; at++)
		for (unsigned value = 0; value < 256; value += 17)
			check_change("sample", codes, at, (uint8_t)value);
	arena_end(&arena);
}

/* two at once, among them two that changed places */
static void two_foreign_codes_are_no_verdict(void **state)
{
	static const uint8_t foreign[] = {0, 1, 2, 3, 137, 139, 143, 255};
	struct arena arena = {0};
	uint8_t codes[VERDICT_CODES];
	uint8_t changed[VERDICT_CODES];
	(void)state;
	make_sample(&arena, codes);
	for (size_t a = 0; a < VERDICT_CODES; a++)
		for (size_t b = 1; b < VERDICT_CODES; b++) {
			memcpy(changed, codes, sizeof changed);
			changed[a] = codes[b];
			check_change("swapped", changed, b, codes[a]);
			changed[a] = foreign[a % SIZE(foreign)];
			check_change("foreign", changed, b, foreign[b % SIZE(foreign)]);
		}
	arena_end(&arena);
}

static void what_the_platform_says_of_all_is_no_verdict(void **state)
{
	(void)state;
	for (unsigned value = 0; value < 256; value++) {
		uint8_t codes[VERDICT_CODES];
		memset(codes, (int)value, sizeof codes);
		check_change("alike", codes, 0, (uint8_t)(value ? 0 : 99));
		codes[0] = (uint8_t)(value ? value - 1 : 1);
		check_change("alike", codes, 0, (uint8_t)value);
	}
}

/* The number is of 56 bits, and an address has 32 of them. What else stands beside the place has
 * 8,136 values: 904 statuses or bits of endpoints, 3 forms of an address, 3 of "the same". */
static void there_is_room_for_every_rule(void **state)
{
	const struct exit_code *row;
	(void)state;
	for (size_t i = 0; (row = exit_code_at(i)); i++) {
		struct code_place place = {0};
		size_t count = 1;
		while (code_place_next(&place, row->code))
			count++;
		check_row(row->code, count * 8136 < 1 << 24);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_is_read_as_it_was_written),
		cmocka_unit_test(one_foreign_code_is_no_verdict),
		cmocka_unit_test(two_foreign_codes_are_no_verdict),
		cmocka_unit_test(there_is_room_for_every_rule),
		cmocka_unit_test(what_the_platform_says_of_all_is_no_verdict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
