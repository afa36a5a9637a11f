/* peak FILE COMMAND...: runs it, and writes its wall time and processor time in microseconds, peak
 * memory in KiB and exit status. Small, because a child's peak begins with its parent's size. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static long long us(struct timeval t)
{
	return t.tv_sec * 1000000LL + t.tv_usec;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status;
	if (argc < 3)
		return 2;
	long long began = now_us();
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return 3;
	FILE *out = fopen(argv[1], "w");
	if (!out)
		return 3;
	fprintf(out, "%lld %lld %ld %d\n", now_us() - began, us(used.ru_utime) + us(used.ru_stime),
		used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return fclose(out) == 0 ? 0 : 3;
}
