/* What every unit test needs: cmocka's headers in their order, and checks of texts. */
#pragma once
#include "base/arena.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
/* after those */
#include <cmocka.h>

#define SIZE(array) (sizeof(array) / sizeof *(array))

/* the row of the table that is checked, told when a check fails */
#define check_row(row, condition)                                           \
	do {                                                                \
		if (!(condition))                                           \
			fail_msg("row %zu: %s", (size_t)(row), #condition); \
	} while (0)

/* a text against a string; a string of NULL is the empty text */
#define check_text(row, text, string) check_text_(row, #text, text, string, __FILE__, __LINE__)

static inline void check_text_(size_t row, const char *what, struct text got, const char *wanted,
	const char *file, int line)
{
	if (text_equal(got, text_of(wanted)))
		return;
	print_error("row %zu: %s is \"%.*s\", not \"%s\"\n", row, what, TEXT(got),
		wanted ? wanted : "");
	_fail(file, line);
}

/* a copy of exactly its length, so that the sanitizer sees a byte read too many */
static inline struct text exact(struct text t)
{
	char *copy = malloc(t.len ? t.len : 1);
	for (size_t i = 0; i < t.len; i++)
		copy[i] = t.at[i];
	return (struct text){copy, t.len};
}

static inline void exact_end(struct text t)
{
	free((char *)(uintptr_t)t.at);
}
