/* The way in, for libFuzzer and replay.c alike; and the one way out that is no finding. */
#include "fuzz.h"
#include "base/die.h"
#include "base/encoding.h"
#include "report/report.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* where a usage mistake leads to; NULL: it is a finding */
static jmp_buf *refuge;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena arena = {0};
	fuzz(&arena, (struct text){(const char *)bytes, size});
	arena_end(&arena);
	return 0;
}

void fuzz_found(const char *file, int line, const char *what, struct text text)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n%.*s\n", file, line, what, TEXT(text));
	abort();
}

/* in the place of base/die.c */
void die(int code, const char *format, ...)
{
	char says[2048];
	va_list arguments;
	va_start(arguments, format);
	int len = vsnprintf(says, sizeof says, format, arguments);
	va_end(arguments);
	if (code == EXIT_USAGE && len > 0 && refuge)
		longjmp(*refuge, 1);
	fuzz_found("die", code, "the program goes on", text_of(says));
}

bool fuzz_dies(void (*work)(void *context), void *context)
{
	jmp_buf here;
	refuge = &here;
	bool died = setjmp(here) != 0;
	if (!died)
		work(context);
	refuge = NULL;
	return died;
}

struct text fuzz_part(struct text *input)
{
	return text_cut(input, T("\n----\n"));
}

bool fuzz_is_line(struct arena *arena, struct text t)
{
	return t.len > 0 && text_equal(printable(arena, t), t);
}

bool fuzz_is_plain(struct arena *arena, struct text t)
{
	while (t.len) {
		struct text line = text_cut(&t, T("\n"));
		if (line.len && !fuzz_is_line(arena, line))
			return false;
	}
	return true;
}
