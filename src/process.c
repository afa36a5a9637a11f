/* What the program asks of its own process. */
#include "process.h"
#include "base/clock.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static void note_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static void catch_signals(void)
{
	struct sigaction note = {.sa_handler = note_signal};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGINT, &note, NULL);
	sigaction(SIGTERM, &note, NULL);
	/* a closed stdout is an error of write, told and survived */
	sigaction(SIGPIPE, &ignore, NULL);
}

/* A socket must not get the number of a closed stdout: the report would be written into it. Opened
 * the wrong way round, so that using it is still an error, and told. */
static void keep_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void process_begin(void)
{
	catch_signals();
	keep_descriptors();
}

void process_hide(void)
{
	prctl(PR_SET_DUMPABLE, 0);
}
