/* The calls of the control plane: the IAM policy of inspect, launch and push, and the manual's
 * lists. */
#include "base/arena.h"
#include "cloud/call.h"
#include "generate.h"
#include <stdio.h>

enum { SEATS = CALL_LAMBDA | CALL_FARGATE | CALL_PUSH };

/* A row is of the statement of each verb and seat that it has, or of the one for reading. */
static bool is_of(const struct call_row *row, unsigned seat)
{
	return seat ? (row->traits & seat) != 0 : (row->traits & SEATS) == 0;
}

/* of an earlier row too */
static bool is_repeated(struct arena *arena, size_t index, unsigned seat)
{
	struct text action = call_action(arena, call_row_at(index));
	for (size_t i = 0; i < index; i++)
		if (is_of(call_row_at(i), seat) &&
			text_equal(call_action(arena, call_row_at(i)), action))
			return true;
	return action.len == 0;
}

/* AssumeRole is asked for where the command line or a profile says so, and of that role alone. */
static void put_actions(unsigned seat)
{
	struct arena arena = {0};
	const char *comma = "";
	for (size_t i = 0; call_row_at(i); i++) {
		struct text action = call_action(&arena, call_row_at(i));
		if (!is_of(call_row_at(i), seat) || is_repeated(&arena, i, seat) ||
			text_equal(action, T("sts:AssumeRole")))
			continue;
		printf("%s        \"%.*s\"", comma, TEXT(action));
		comma = ",\n";
	}
	putchar('\n');
	arena_end(&arena);
}

static void put_call_list(unsigned seat)
{
	struct arena arena = {0};
	puts(".Bl -tag -width Ds -compact");
	for (size_t i = 0; call_row_at(i); i++)
		if (is_of(call_row_at(i), seat) && !is_repeated(&arena, i, seat))
			printf(".It %.*s\n%s\n", TEXT(call_action(&arena, call_row_at(i))),
				call_row_at(i)->purpose);
	puts(".El");
	arena_end(&arena);
}

void put_policy_reading(void)
{
	put_actions(0);
}

void put_policy_lambda(void)
{
	put_actions(CALL_LAMBDA);
}

void put_policy_fargate(void)
{
	put_actions(CALL_FARGATE);
}

void put_calls(void)
{
	put_call_list(0);
}

void put_calls_lambda(void)
{
	put_call_list(CALL_LAMBDA);
}

void put_calls_fargate(void)
{
	put_call_list(CALL_FARGATE);
}

void put_policy_push(void)
{
	put_actions(CALL_PUSH);
}

void put_calls_push(void)
{
	put_call_list(CALL_PUSH);
}
