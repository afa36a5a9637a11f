/* DNS answers, from the message to the steps that it becomes. */
#include "fuzz.h"
#include "net/parts.h"

static void check_answer(struct arena *arena, struct text message, enum record record)
{
	struct addresses addresses = {0};
	struct texts cnames = {0};
	enum symptom symptom = dns_read(arena, message, T("a.b"), record, &addresses, &cnames);
	must((symptom == SYMPTOM_NONE) <= (addresses.count > 0));
	must(cnames.count <= 16);
	for (size_t i = 0; i < cnames.count; i++)
		must(cnames.at[i].len < 255);
	for (size_t i = 0; i < addresses.count; i++)
		must(addresses.at[i].family == (record == RECORD_AAAA ? 6 : 4));
}

void fuzz(struct arena *arena, struct text input)
{
	struct world world = {.names = true, .input = input, .stage = STAGE_TCP};
	check_answer(arena, input, RECORD_A);
	check_answer(arena, input, RECORD_AAAA);
	struct evidence evidence = fuzz_walk(arena, &world);
	fuzz_shown(arena, &evidence);
}
