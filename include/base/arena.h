/* One arena per run. What is taken from it is zeroed, lives until the arena's end, and is never
 * NULL: running out of memory ends the program (exit 3). */
#pragma once
#include "base/text.h"

struct arena {
	struct arena_block *last;
};

/* `count` zeroed elements of a type */
#define arena_new(arena, type, count) ((type *)arena_take((arena), sizeof(type), (count)))

void *arena_take(struct arena *arena, size_t size, size_t count);

/* `list` of `count` elements, or a copy of it that has room for one more: to be called before each
 * addition, from the first on, since room doubles at every power of two. */
#define arena_grow(arena, list, count) arena_room((arena), (list), sizeof *(list), (count))
void *arena_room(struct arena *arena, void *list, size_t size, size_t count);

/* gives everything back */
void arena_end(struct arena *arena);

/* copies that live as long as the arena; text_keep's result ends with a zero byte too */
struct text text_keep(struct arena *arena, struct text t);

/* printf into the arena; the result ends with a zero byte too */
struct text text_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull(2)));

/* a terminated copy, for libraries that want one */
char *text_string(struct arena *arena, struct text t);

/* appends to a list that grows in the arena */
void texts_add(struct arena *arena, struct texts *list, struct text t);
void texts_add_once(struct arena *arena, struct texts *list, struct text t);

/* "a, b, c" */
struct text texts_joined(struct arena *arena, struct texts list);

/* bytes that grow in an arena */
struct buffer {
	struct arena *arena;
	char *at;
	size_t len;
	size_t room;
};

void buffer_add(struct buffer *buffer, struct text t);
void buffer_addf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull(2)));

/* what is in the buffer; valid until the next addition */
struct text buffer_text(const struct buffer *buffer);

/* What libraries are given for malloc and its kin: running out of memory ends the program here,
 * too. A library that went on without would take it for the network's doing. */
void *memory_take(size_t size);
void *memory_take_zeroed(size_t count, size_t size);
void *memory_resize(void *at, size_t size);
char *memory_copy(const char *string);
