/* One arena per run: blocks in a chain, each filled from its start. */
#include "base/arena.h"
#include "base/die.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024, ALIGNMENT = 16 };

struct arena_block {
	struct arena_block *previous;
	size_t used;
	size_t room;
	/* aligned, since malloc's result and the header's size are */
	_Alignas(ALIGNMENT) char bytes[];
};

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

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
	struct arena_block *block = memory_take(sizeof *block + room);
	block->previous = arena->last;
	block->used = 0;
	block->room = room;
	arena->last = block;
	return block;
}

void *arena_take(struct arena *arena, size_t size, size_t count)
{
	size_t bytes;
	if (__builtin_mul_overflow(size, count, &bytes) || bytes > PTRDIFF_MAX / 2)
		die(EXIT_UNABLE, "out of memory");
	bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	struct arena_block *block = arena->last;
	if (!block || block->room - block->used < bytes)
		block = add_block(arena, bytes);
	void *at = block->bytes + block->used;
	block->used += bytes;
	return memset(at, 0, bytes);
}

void arena_end(struct arena *arena)
{
	while (arena->last) {
		struct arena_block *block = arena->last;
		arena->last = block->previous;
		free(block);
	}
}

struct text text_keep(struct arena *arena, struct text t)
{
	return (struct text){text_string(arena, t), t.len};
}

char *text_string(struct arena *arena, struct text t)
{
	char *copy = arena_new(arena, char, t.len + 1);
	if (t.len)
		memcpy(copy, t.at, t.len);
	return copy;
}

struct text text_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len < 0)
		die(EXIT_UNABLE, "cannot format a text");
	char *at = arena_new(arena, char, (size_t)len + 1);
	va_start(arguments, format);
	vsnprintf(at, (size_t)len + 1, format, arguments);
	va_end(arguments);
	return (struct text){at, (size_t)len};
}

void *arena_room(struct arena *arena, void *list, size_t size, size_t count)
{
	if (count & (count - 1))
		return list;
	void *more = arena_take(arena, size, count ? count * 2 : 1);
	return count ? memcpy(more, list, count * size) : more;
}

void texts_add(struct arena *arena, struct texts *list, struct text t)
{
	list->at = arena_grow(arena, list->at, list->count);
	list->at[list->count++] = t;
}

void texts_add_once(struct arena *arena, struct texts *list, struct text t)
{
	if (t.len && !texts_hold(*list, t))
		texts_add(arena, list, t);
}
