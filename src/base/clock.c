/* Time: monotonic microseconds for waiting, Unix seconds for the calendar. */
#include "base/clock.h"
#include <string.h>
#include <time.h>

volatile sig_atomic_t interrupted;

static int64_t read_us(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t clock_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_unix(void)
{
	return read_us(CLOCK_REALTIME) / SECOND_US;
}

int64_t clock_unix_us(void)
{
	return read_us(CLOCK_REALTIME);
}

struct text clock_text(struct arena *arena, int64_t unix_seconds)
{
	time_t seconds = (time_t)unix_seconds;
	struct tm tm;
	if (!gmtime_r(&seconds, &tm))
		return T("");
	return text_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

bool clock_parse(struct text t, int64_t *unix_seconds)
{
	static const char *const formats[] = {
		"%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M%SZ", "%a, %d %b %Y %H:%M:%S GMT"};
	char string[40];
	if (t.len == 0 || t.len >= sizeof string || memchr(t.at, '\0', t.len))
		return false;
	memcpy(string, t.at, t.len);
	string[t.len] = '\0';
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct tm tm = {0};
		const char *rest = strptime(string, formats[i], &tm);
		if (rest && i == 0) {
			if (*rest == '.')
				rest += 1 + strspn(rest + 1, "0123456789");
			rest = strcmp(rest, "Z") == 0 || strcmp(rest, "+00:00") == 0 ? "" : NULL;
		}
		if (!rest || *rest)
			continue;
		*unix_seconds = timegm(&tm);
		return true;
	}
	return false;
}
