/* Bytes that grow in an arena. */
#include "base/buffer.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
	int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len <= 0)
		return;
	/* vsnprintf terminates, so one byte more */
	make_room(buffer, (size_t)len + 1);
	va_start(arguments, format);
	vsnprintf(buffer->at + buffer->len, (size_t)len + 1, format, arguments);
	va_end(arguments);
	buffer->len += (size_t)len;
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
