/* Small files, whole. */
#pragma once
#include "base/arena.h"

/* The exit code of a file that could not be opened, by the errno: EXIT_UNABLE when the machine has
 * no descriptor or memory left, EXIT_USAGE when the path is to blame. */
int file_blame(int error);

/* Opens a regular file (`flags` as of open), or gives a copy of a descriptor that the caller has
 * open already: "/dev/stdin", "/dev/stdout", "/dev/fd/63" of a shell's process substitution.
 * Nothing else, since a named pipe would wait for its other end, and a device may have no end.
 * -1: `why` says why not; errno is open's, EISDIR of a directory, EINVAL or ENXIO of the others. */
int file_open(struct arena *arena, struct text path, int flags, struct text *why);

/* Reads a file of at most `max` bytes. False: `complaint` says why not, naming the file, and errno
 * is that of opening it. Where descriptors are used up the program ends (exit 3). */
bool file_read(struct arena *arena, struct text path, size_t max, struct text *out,
	struct text *complaint);

/* Reads an open stream to its end in the same way; `name` is for the complaint. A signal ends it.
 */
bool file_read_open(struct arena *arena, int fd, struct text name, size_t max, struct text *out,
	struct text *complaint);

/* Reads what an argument of the command line names, "-" being stdin. Where that cannot be read the
 * program ends (exit 2). */
struct text file_argument(struct arena *arena, struct text path, size_t max);
