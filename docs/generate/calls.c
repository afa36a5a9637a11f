/* The calls of the control plane: the IAM policy that inspect needs, and the manual's list. */
#include "base/arena.h"
#include "cloud/services.h"
#include "generate.h"
#include <stdio.h>

/* of an earlier row too */
static bool is_repeated(struct arena *arena, size_t index)
{
	struct text action = call_action(arena, call_row_at(index));
	for (size_t i = 0; i < index; i++)
		if (text_equal(call_action(arena, call_row_at(i)), action))
			return true;
	return action.len == 0;
}

/* AssumeRole is asked for where the command line or a profile says so, and of that role alone. */
void put_policy_actions(void)
{
	struct arena arena = {0};
	const char *comma = "";
	for (size_t i = 0; call_row_at(i); i++) {
		struct text action = call_action(&arena, call_row_at(i));
		if (is_repeated(&arena, i) || text_equal(action, T("sts:AssumeRole")))
			continue;
		printf("%s        \"%.*s\"", comma, TEXT(action));
		comma = ",\n";
	}
	putchar('\n');
	arena_end(&arena);
}

void put_calls(void)
{
	struct arena arena = {0};
	puts(".Bl -tag -width Ds -compact");
	for (size_t i = 0; call_row_at(i); i++)
		if (!is_repeated(&arena, i))
			printf(".It %.*s\n%s\n", TEXT(call_action(&arena, call_row_at(i))),
				call_row_at(i)->purpose);
	puts(".El");
	arena_end(&arena);
}

/* of a push: permissions that ECR asks for, whatever is spoken */
void put_policy_push(void)
{
	struct arena arena = {0};
	for (size_t i = 0; i < ECR_PUSH_CALLS; i++)
		printf("        \"%.*s\"%s\n", TEXT(call_action(&arena, &ecr_push_calls[i])),
			i + 1 < ECR_PUSH_CALLS ? "," : "");
	arena_end(&arena);
}

void put_calls_push(void)
{
	struct arena arena = {0};
	puts(".Bl -tag -width Ds -compact");
	for (size_t i = 0; i < ECR_PUSH_CALLS; i++)
		printf(".It %.*s\n%s\n", TEXT(call_action(&arena, &ecr_push_calls[i])),
			ecr_push_calls[i].purpose);
	puts(".El");
	arena_end(&arena);
}
