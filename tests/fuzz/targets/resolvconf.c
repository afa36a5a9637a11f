/* resolv.conf, by c-ares, which opens the file itself: what it opens here is the input. */
#include "fuzz.h"
#include "net/parts.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static struct text file;

/* In the place of libc's. */
FILE *fopen(const char *path, const char *mode)
{
	if (strcmp(path, "/etc/resolv.conf") == 0 && file.len)
		return fmemopen((void *)(uintptr_t)file.at, file.len, "r");
	int fd = open(path, mode[0] == 'r' ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0644);
	return fd < 0 ? NULL : fdopen(fd, mode);
}

void fuzz(struct arena *arena, struct text input)
{
	struct world world = {.stage = STAGE_DNS};
	file = input;
	resolve_configured(arena, &world.resolvers);
	file = T("");
	for (size_t i = 0; i < world.resolvers.count; i++)
		must(world.resolvers.at[i].port != 0 && world.resolvers.at[i].family != 0);
	struct evidence evidence = fuzz_walk(arena, &world);
	fuzz_shown(arena, &evidence);
}
