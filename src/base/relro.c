/* RELRO for a static PIE on musl: found by the program's own headers, ELF gABI chapter 5. */
#include "base/relro.h"
#include <link.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/* the linker's: where the file's header lies in memory, at the beginning of a page */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

void relro_protect(void)
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
