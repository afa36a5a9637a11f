/* What src/cloud/call.c shares with its parts. */
#pragma once
#include "cloud/call.h"

enum { CALL_ANSWER_MAX = 8 * 1024 * 1024 };

/* the exchange of a call's next page; its service has a place */
struct exchange request_of(struct cloud *cloud, const struct call *call);

/* Finds where the services of a batch are, those that are not known yet. */
void places_find(struct cloud *cloud, const struct calls *calls);
