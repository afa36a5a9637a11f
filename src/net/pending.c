/* The list of what is under way. */
#include "net/parts.h"

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

void pending_remove(struct underway *underway, struct pending **at)
{
	struct pending *pending = *at;
	*at = pending->next;
	if (!*at)
		underway->last = at;
	underway->polls_max -= pending->polls_max;
	*pending->held = NULL;
}
