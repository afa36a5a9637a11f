/* The list of what is under way. */
#include "net/parts.h"
#include <string.h>

void pending_add(struct net *net, struct pending *pending, struct pending **held, int64_t until_us)
{
	struct underway *underway = net->state;
	pending->held = held;
	pending->owner = net->owner;
	pending->until_us = until_us;
	*held = *underway->last = pending;
	underway->last = &pending->next;
	if (!pending->list)
		pending->polls_max = 1;
	underway->polls_max += pending->polls_max;
}

void forget_answers(void *element, size_t from, size_t size)
{
	memset((char *)element + from, 0, size - from);
}
