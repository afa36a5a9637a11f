/* Bytes that grow in an arena. */
#pragma once
#include "base/arena.h"

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

/* "a, b, c" */
struct text texts_joined(struct arena *arena, struct texts list);
