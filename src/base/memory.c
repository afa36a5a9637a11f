/* Memory for libraries: what they ask for they get, or the program ends. */
#include "base/memory.h"
#include "base/die.h"
#include <stdlib.h>
#include <string.h>

static void *given(void *at)
{
	if (!at)
		die(EXIT_UNABLE, "out of memory");
	return at;
}

void *memory_take(size_t size)
{
	return given(malloc(size ? size : 1));
}

void *memory_take_zeroed(size_t count, size_t size)
{
	return given(count && size ? calloc(count, size) : calloc(1, 1));
}

void *memory_resize(void *at, size_t size)
{
	return given(realloc(at, size ? size : 1));
}

char *memory_copy(const char *string)
{
	return given(strdup(string));
}
