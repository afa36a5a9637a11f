/* Work in a forked process, whose output goes to files in memory: nothing has to be read while it
 * runs, and no file system is needed. */
#include "base/clock.h"
#include "base/file.h"
#include "lambda/lambda.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ERR_BYTES_MAX = 64 * 1024 };

_Noreturn static void work(const struct child *child, int out, int err)
{
	const struct itimerval until = {.it_value = {.tv_sec = child->within_us / SECOND_US,
						.tv_usec = child->within_us % SECOND_US}};
	setitimer(ITIMER_REAL, &until, NULL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	exit(child->work(child->context));
}

static void wait_for(pid_t pid, struct child *child)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return;
		if (interrupted)
			kill(pid, SIGTERM);
	}
	if (WIFEXITED(status))
		child->code = WEXITSTATUS(status);
	if (WIFSIGNALED(status))
		child->signal = WTERMSIG(status);
}

static bool read_back(struct arena *arena, int fd, size_t max, struct text *out, struct text *error)
{
	return lseek(fd, 0, SEEK_SET) == 0 &&
		file_read_open(arena, fd, T("what the check printed"), max, out, error);
}

bool child_run(struct arena *arena, struct child *child)
{
	int out = memfd_create("out", MFD_CLOEXEC);
	int err = memfd_create("err", MFD_CLOEXEC);
	struct text error = T(""), rest = T("");
	const struct text name = T("pullprobe: ");
	pid_t pid = out < 0 || err < 0 ? -1 : fork();
	bool done = false;
	if (pid == 0)
		work(child, out, err);
	child->code = -1;
	child->err = pid < 0 ? text_of(strerror(errno)) : T("");
	if (pid > 0) {
		wait_for(pid, child);
		if (!read_back(arena, err, ERR_BYTES_MAX, &rest, &error))
			rest = error;
		/* the last line, without the program's name */
		while (rest.len)
			child->err = text_cut(&rest, T("\n"));
		if (text_starts(child->err, name))
			child->err = text_skip(child->err, name.len);
		done = read_back(arena, out, child->out_max, &child->out, &error);
		if (!done)
			child->err = error;
	}
	if (out >= 0)
		close(out);
	if (err >= 0)
		close(err);
	return done;
}
