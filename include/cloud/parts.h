/* What src/cloud/call.c shares with its parts. */
#pragma once
#include "cloud/call.h"

enum { CALL_ANSWER_MAX = 8 * 1024 * 1024 };

/* the exchange of a call's next page; its service has a place */
struct exchange request_of(struct cloud *cloud, const struct call *call);

/* an object as a request's body; it is used up */
struct text json_body(struct arena *arena, json_t *object);

/* a call as a line, without the program that it may carry */
struct text call_text(struct arena *arena, const struct call *call);
