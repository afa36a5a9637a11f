/* Small files, whole. */
#pragma once
#include "base/arena.h"

/* The exit code of a file that could not be opened, by the errno: EXIT_UNABLE when the machine has
 * no descriptor or memory left, EXIT_USAGE when the path is to blame. */
int file_blame(int error);

/* Reads a file of at most `max` bytes. False: `complaint` says why not, naming the file, and errno
 * is that of opening it. Where descriptors are used up the program ends (exit 3). */
bool file_read(struct arena *arena, struct text path, size_t max, struct text *out,
	struct text *complaint);

/* Reads an open stream to its end, likewise; `name` is for the complaint. */
bool file_read_open(struct arena *arena, int fd, struct text name, size_t max, struct text *out,
	struct text *complaint);
