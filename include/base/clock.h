/* Time: monotonic microseconds for waiting, Unix seconds for the calendar. */
#pragma once
#include "base/arena.h"
#include <signal.h>

#define SECOND_US INT64_C(1000000)

/* Set by SIGINT and SIGTERM; every wait ends soon after. The only variable at file scope. */
extern volatile sig_atomic_t interrupted;

int64_t clock_us(void);	  /* monotonic, from an arbitrary start */
int64_t clock_unix(void); /* seconds since 1970 */
int64_t clock_unix_us(void);

/* "2026-01-02T03:04:05Z", RFC 3339 */
struct text clock_text(struct arena *arena, int64_t unix_seconds);

/* RFC 3339 (a fraction and "Z" allowed), the basic form "20260102T030405Z", and the HTTP date of
 * RFC 9110 5.6.7 ("Fri, 02 Jan 2026 03:04:05 GMT") */
bool clock_parse(struct text t, int64_t *unix_seconds);
