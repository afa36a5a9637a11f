/* One arena per run: blocks in a chain, each filled from its start; and the texts, lists and
 * buffers that grow in it. */
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

/* of what is printed, without the byte that terminates it */
static size_t printed_length(const char *format, va_list arguments)
{
	va_list copy;
	va_copy(copy, arguments);
	int len = vsnprintf(NULL, 0, format, copy);
	va_end(copy);
	if (len < 0)
		die(EXIT_UNABLE, "cannot format a text");
	return (size_t)len;
}

struct text text_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	size_t len = printed_length(format, arguments);
	char *at = arena_new(arena, char, len + 1);
	vsnprintf(at, len + 1, format, arguments);
	va_end(arguments);
	return (struct text){at, len};
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

static void make_room(struct buffer *buffer, size_t more)
{
	if (buffer->room - buffer->len >= more)
		return;
	size_t room = (buffer->len + more) * 2 + 256;
	char *at = arena_new(buffer->arena, char, room);
	if (buffer->len)
		memcpy(at, buffer->at, buffer->len);
	buffer->at = at;
	buffer->room = room;
}

void buffer_add(struct buffer *buffer, struct text t)
{
	if (t.len == 0)
		return;
	make_room(buffer, t.len);
	memcpy(buffer->at + buffer->len, t.at, t.len);
	buffer->len += t.len;
}

void buffer_addf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	size_t len = printed_length(format, arguments);
	/* vsnprintf terminates, so one byte more */
	make_room(buffer, len + 1);
	vsnprintf(buffer->at + buffer->len, len + 1, format, arguments);
	va_end(arguments);
	buffer->len += len;
}

struct text buffer_text(const struct buffer *buffer)
{
	return (struct text){buffer->at, buffer->len};
}

struct text texts_joined(struct arena *arena, struct texts list)
{
	struct buffer out = {.arena = arena};
	for (size_t i = 0; i < list.count; i++) {
		buffer_add(&out, i ? T(", ") : T(""));
		buffer_add(&out, list.at[i]);
	}
	return buffer_text(&out);
}
