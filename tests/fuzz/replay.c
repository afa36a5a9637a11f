/* Runs a target over files, each a test: `replay FILE...`. Needs no libFuzzer. */
#include "base/file.h"
#include "check.h"

enum { INPUT_BYTES_MAX = 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void nothing_is_found(void **state)
{
	struct arena arena = {0};
	struct text path = text_of(*state);
	struct text content;
	struct text complaint;
	if (!file_read(&arena, path, INPUT_BYTES_MAX, &content, &complaint))
		fail_msg("%.*s", TEXT(complaint));
	struct text input = exact(content);
	LLVMFuzzerTestOneInput((const uint8_t *)input.at, input.len);
	exact_end(input);
	arena_end(&arena);
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	size_t count = argc > 1 ? (size_t)argc - 1 : 0;
	struct CMUnitTest *tests = arena_new(&arena, struct CMUnitTest, count);
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){
			.name = argv[i + 1],
			.test_func = nothing_is_found,
			.initial_state = argv[i + 1],
		};
	/* a target without a seed tests nothing */
	int failed = count ? _cmocka_run_group_tests("seeds", tests, count, NULL, NULL) : 1;
	arena_end(&arena);
	return failed;
}
