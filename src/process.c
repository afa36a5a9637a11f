/* What the program asks of its own process. */
#include "base/clock.h"
#include "output.h"
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* the linker's: where the file's header lies in memory, at the beginning of a page */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* Makes read-only what the program's headers call so after relocation (PT_GNU_RELRO): tables of
 * pointers, and among them the callbacks of the libraries. glibc has done it already; musl does
 * it for shared programs alone, not for a static one (ldso/dynlink.c, and nothing in crt/). The
 * headers are found by ELF gABI chapter 5. */
static void protect_relro(void)
{
	char *file = (char *)&__ehdr_start;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const ElfW(Phdr) *row = (const void *)(file + __ehdr_start.e_phoff);
	for (size_t i = 0; i < __ehdr_start.e_phnum; i++, row++) {
		size_t from = row->p_vaddr - row->p_vaddr % page;
		size_t to = row->p_vaddr + row->p_memsz;
		to -= to % page;
		/* where it fails nothing is worse than before */
		if (row->p_type == PT_GNU_RELRO && to > from)
			(void)mprotect(file + from, to - from, PROT_READ);
	}
}

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
	/* a closed stdout is an error of write, which is reported */
	sigaction(SIGPIPE, &ignore, NULL);
}

/* A socket must not get the number of a closed stdout: the report would be written into it. Opened
 * the wrong way round, so that using it is still an error, which is reported. */
static void keep_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void process_begin(void)
{
	protect_relro();
	catch_signals();
	keep_descriptors();
}

void process_hide(void)
{
	prctl(PR_SET_DUMPABLE, 0);
}
