/* Lists of the configuration, and what of it was read. */
#include "model/vpc.h"
#include <string.h>

#define VPC_PART_NAME(name, label) [VPC_##name] = label,
static const char *const part_names[] = {VPC_PARTS(VPC_PART_NAME)};

struct text vpc_part_name(enum vpc_part part)
{
	return text_of(part_names[part]);
}

void *vpc_add(struct arena *arena, struct vpc_list *list, size_t size)
{
	/* room doubles at every power of two */
	if ((list->count & (list->count - 1)) == 0) {
		void *more = arena_take(arena, size, list->count ? list->count * 2 : 1);
		if (list->count)
			memcpy(more, list->at, list->count * size);
		list->at = more;
	}
	return (char *)list->at + list->count++ * size;
}

void vpc_called(struct arena *arena, struct vpc_configuration *configuration, enum vpc_part part,
	struct vpc_call call)
{
	call.part = vpc_part_name(part);
	*(struct vpc_call *)vpc_add(arena, &configuration->calls, sizeof call) = call;
}

/* A call about everything is about this, too; with no `about` any call of the part will do. */
static bool is_about(const struct vpc_call *call, enum vpc_part part, struct text about)
{
	return text_equal(call->part, vpc_part_name(part)) &&
		(!about.len || !call->about.len || text_equal(call->about, about));
}

const struct vpc_call *vpc_unread(
	const struct vpc_configuration *configuration, enum vpc_part part, struct text about)
{
	const struct vpc_call *calls = configuration->calls.at;
	for (size_t i = 0; i < configuration->calls.count; i++)
		if (is_about(&calls[i], part, about) && calls[i].error.len)
			return &calls[i];
	return NULL;
}

bool vpc_was_read(
	const struct vpc_configuration *configuration, enum vpc_part part, struct text about)
{
	const struct vpc_call *calls = configuration->calls.at;
	bool read = false;
	for (size_t i = 0; i < configuration->calls.count; i++)
		read |= is_about(&calls[i], part, about);
	return read && !vpc_unread(configuration, part, about);
}

const void *vpc_find(const struct vpc_list *list, size_t size, struct text id)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *at = (const char *)list->at + i * size;
		if (text_equal(*(const struct text *)at, id))
			return at;
	}
	return NULL;
}

bool vpc_is_empty(const struct vpc_configuration *configuration)
{
	return !configuration->calls.count && !configuration->subject.subnets.count;
}
