/* Small files, whole. */
#pragma once
#include "base/arena.h"

/* Reads a file of at most `max` bytes. False: `complaint` says why not, naming the file. */
bool file_read(struct arena *arena, struct text path, size_t max, struct text *out,
	struct text *complaint);

/* Reads an open stream to its end, likewise; `name` is for the complaint. */
bool file_read_open(struct arena *arena, int fd, struct text name, size_t max, struct text *out,
	struct text *complaint);
