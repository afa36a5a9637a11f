/* Small files, whole. */
#include "base/file.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/die.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_blame(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM ? EXIT_UNABLE : EXIT_USAGE;
}

/* The number of the descriptor that a path names, or -1. Opening such a path again would lose
 * the position, and fails for a socket. */
static int descriptor_of(struct text path)
{
	static const char *const names[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
	static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
	int64_t number;
	for (int i = 0; i < 3; i++)
		if (text_equal(path, text_of(names[i])))
			return i;
	for (size_t i = 0; i < 2; i++) {
		struct text folder = text_of(folders[i]);
		if (text_starts(path, folder) &&
			text_number(text_skip(path, folder.len), &number) && number >= 0 &&
			number <= INT32_MAX)
			return (int)number;
	}
	return -1;
}

int file_open(struct arena *arena, struct text path, int flags, struct text *why)
{
	int given = descriptor_of(path);
	struct stat is;
	int fd;
	do
		fd = given >= 0 ? fcntl(given, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
				: open(text_string(arena, path),
					  flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
	while (fd < 0 && errno == EINTR);
	if (fd >= 0 && fstat(fd, &is) == 0 &&
		(S_ISREG(is.st_mode) || (given >= 0 && !S_ISDIR(is.st_mode))))
		return fd;
	if (fd >= 0) {
		close(fd);
		errno = S_ISDIR(is.st_mode) ? EISDIR : EINVAL;
	}
	/* ENXIO: a named pipe that nobody reads, a socket, or a device without a driver */
	*why = errno == EINVAL || errno == ENXIO
		? T("it is a pipe, a socket or a device, not a regular file")
		: text_of(strerror(errno));
	return -1;
}

static bool cannot_read(
	struct arena *arena, struct text name, struct text why, struct text *complaint)
{
	*complaint = text_format(arena, "cannot read %.*s: %.*s", TEXT(name), TEXT(why));
	return false;
}

bool file_read_open(struct arena *arena, int fd, struct text name, size_t max, struct text *out,
	struct text *complaint)
{
	struct buffer buffer = {.arena = arena};
	char part[4096];
	ssize_t count;
	while ((count = read(fd, part, sizeof part)) != 0) {
		/* a pipe may never end */
		if (count < 0 && errno == EINTR && !interrupted)
			continue;
		if (count < 0)
			return cannot_read(arena, name, text_of(strerror(errno)), complaint);
		if (buffer.len + (size_t)count > max)
			return cannot_read(arena, name, T("it is too large"), complaint);
		buffer_add(&buffer, (struct text){part, (size_t)count});
	}
	*out = buffer_text(&buffer);
	return true;
}

bool file_read(
	struct arena *arena, struct text path, size_t max, struct text *out, struct text *complaint)
{
	struct text why;
	int fd = file_open(arena, path, O_RDONLY, &why);
	if (fd < 0) {
		int error = errno;
		cannot_read(arena, path, why, complaint);
		if (file_blame(error) == EXIT_UNABLE)
			die(EXIT_UNABLE, "%.*s", TEXT(*complaint));
		errno = error;
		return false;
	}
	bool whole = file_read_open(arena, fd, path, max, out, complaint);
	close(fd);
	return whole;
}

struct text file_argument(struct arena *arena, struct text path, size_t max)
{
	struct text content;
	struct text complaint;
	bool whole = text_equal(path, T("-"))
		? file_read_open(arena, STDIN_FILENO, T("stdin"), max, &content, &complaint)
		: file_read(arena, path, max, &content, &complaint);
	if (!whole)
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	return content;
}
