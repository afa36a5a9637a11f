/* Small files, whole. */
#include "base/file.h"
#include "base/buffer.h"
#include "base/die.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int file_blame(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM ? EXIT_UNABLE : EXIT_USAGE;
}

static bool complain(struct arena *arena, struct text name, const char *why, struct text *complaint)
{
	*complaint = text_format(arena, "cannot read %.*s: %s", TEXT(name), why);
	return false;
}

bool file_read_open(struct arena *arena, int fd, struct text name, size_t max, struct text *out,
	struct text *complaint)
{
	struct buffer buffer = {.arena = arena};
	char part[4096];
	ssize_t count;
	while ((count = read(fd, part, sizeof part)) != 0) {
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return complain(arena, name, strerror(errno), complaint);
		if (buffer.len + (size_t)count > max)
			return complain(arena, name, "it is too large", complaint);
		buffer_add(&buffer, (struct text){part, (size_t)count});
	}
	*out = buffer_text(&buffer);
	return true;
}

bool file_read(
	struct arena *arena, struct text path, size_t max, struct text *out, struct text *complaint)
{
	int fd;
	do
		fd = open(text_string(arena, path), O_RDONLY | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	if (fd < 0) {
		int error = errno;
		if (file_blame(error) == EXIT_UNABLE)
			die(EXIT_UNABLE, "cannot read %.*s: %s", TEXT(path), strerror(error));
		complain(arena, path, strerror(error), complaint);
		errno = error;
		return false;
	}
	bool read_whole = file_read_open(arena, fd, path, max, out, complaint);
	close(fd);
	return read_whole;
}
