/* What stands between the static program and its C library in build/failing_allocator, by the
 * linker's
 * --wrap: the chosen allocation fails, or the wall clock jumps at the chosen look at it.
 *
 *   FAIL_MEMORY=N   the N-th allocation fails; N+: and every later one
 *   FAIL_CLOCK=N:S  from the N-th look on, the wall clock is S seconds ahead (or behind: -S)
 *   FAIL_COUNTS=F   "allocations looks" are written to the file F at the end
 *
 * The environment is read by hand, since nothing may be allocated here. */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static long allocations;
static long looks;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
int __real_posix_memalign(void **at, size_t alignment, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_clock_gettime(clockid_t clock, struct timespec *now);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
int __wrap_posix_memalign(void **at, size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_gettimeofday(struct timeval *now, void *zone);
time_t __wrap_time(time_t *now);

static bool fails(void)
{
	const char *wish = getenv("FAIL_MEMORY");
	char *rest;
	allocations++;
	if (!wish)
		return false;
	long chosen = strtol(wish, &rest, 10);
	if (allocations != chosen && !(*rest == '+' && allocations > chosen))
		return false;
	errno = ENOMEM;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *at, size_t size)
{
	return fails() ? NULL : __real_realloc(at, size);
}

int __wrap_posix_memalign(void **at, size_t alignment, size_t size)
{
	return fails() ? ENOMEM : __real_posix_memalign(at, alignment, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	const char *wish = getenv("FAIL_CLOCK");
	char *rest;
	int result = __real_clock_gettime(clock, now);
	if (clock != CLOCK_REALTIME)
		return result;
	looks++;
	if (wish && looks >= strtol(wish, &rest, 10))
		now->tv_sec += strtol(rest + 1, NULL, 10);
	return result;
}

int __wrap_gettimeofday(struct timeval *now, void *zone)
{
	struct timespec precise;
	(void)zone;
	int result = __wrap_clock_gettime(CLOCK_REALTIME, &precise);
	*now = (struct timeval){precise.tv_sec, precise.tv_nsec / 1000};
	return result;
}

time_t __wrap_time(time_t *now)
{
	struct timespec precise;
	__wrap_clock_gettime(CLOCK_REALTIME, &precise);
	if (now)
		*now = precise.tv_sec;
	return precise.tv_sec;
}

__attribute__((destructor)) static void tell(void)
{
	const char *path = getenv("FAIL_COUNTS");
	FILE *file = path ? fopen(path, "w") : NULL;
	if (file) {
		fprintf(file, "%ld %ld\n", allocations, looks);
		fclose(file);
	}
}
