/* Credentials of the container endpoint and of IMDS: what is taken fits a header, and no report
 * holds what is secret of it. */
#include "fuzz.h"

static char uri[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/x";
static char *variables[] = {uri, NULL};

static void check_header(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		must(value.at[i] > ' ' && value.at[i] != 0x7f);
}

/* Only what no report holds by itself is looked for: a hostile key may be "dns". */
static void check_secret(struct text report, struct text secret)
{
	if (text_starts(secret, T("fuzzsecret")))
		must_of(secret, !text_holds(report, secret));
}

void fuzz(struct arena *arena, struct text input)
{
	struct world world = {.input = input, .stage = STAGE_TOKEN, .variables = variables};
	struct credentials got = {0};
	struct text complaint = T("");
	struct text first = input;
	bool has = credentials_parse(arena, fuzz_part(&first), &got, &complaint);
	must(has || complaint.len);
	struct evidence evidence = fuzz_walk(arena, &world);
	struct text report = fuzz_shown(arena, &evidence);
	if (!has)
		return;
	must(got.access_key.len && got.secret_key.len);
	check_header(got.access_key);
	check_header(got.secret_key);
	check_header(got.session_token);
	check_secret(report, got.secret_key);
	check_secret(report, got.session_token);
}
