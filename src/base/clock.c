/* Time: monotonic microseconds for waiting, Unix seconds for the calendar. */
#include "base/clock.h"
#include <string.h>
#include <time.h>

volatile sig_atomic_t interrupted;

int64_t clock_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t clock_unix(void)
{
	return (int64_t)time(NULL);
}

int64_t clock_unix_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
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

/* Days since 1970 of a Gregorian date: timegm is not POSIX. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	/* years start in March, so that the leap day is the last */
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* what strptime reads wholly, but for `rest` */
static bool read_as(const char *string, const char *format, struct tm *tm, const char **rest)
{
	memset(tm, 0, sizeof *tm);
	*rest = strptime(string, format, tm);
	return *rest != NULL;
}

bool clock_parse(struct text t, int64_t *unix_seconds)
{
	char string[40];
	if (t.len == 0 || t.len >= sizeof string)
		return false;
	memcpy(string, t.at, t.len);
	string[t.len] = '\0';
	if (strlen(string) != t.len)
		return false;
	struct tm tm;
	const char *rest;
	if (read_as(string, "%Y-%m-%dT%H:%M:%S", &tm, &rest)) {
		if (*rest == '.')
			rest += 1 + strspn(rest + 1, "0123456789");
		if (strcmp(rest, "Z") != 0 && strcmp(rest, "+00:00") != 0)
			return false;
	} else if (read_as(string, "%Y%m%dT%H%M%SZ", &tm, &rest) ||
		read_as(string, "%a, %d %b %Y %H:%M:%S GMT", &tm, &rest)) {
		if (*rest)
			return false;
	} else {
		return false;
	}
	int64_t days = days_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	*unix_seconds = ((days * 24 + tm.tm_hour) * 60 + tm.tm_min) * 60 + tm.tm_sec;
	return true;
}
