/* What an errno says of the network. */
#include "net/parts.h"
#include <errno.h>
#include <string.h>

struct trouble {
	int error;
	struct text name;
	enum cause cause;
};

#define ROW(error, cause)                                 \
	{                                                 \
		error, {#error, sizeof #error - 1}, cause \
	}

static const struct trouble troubles[] = {
	ROW(ETIMEDOUT, CAUSE_TIMEOUT),
	ROW(ECONNREFUSED, CAUSE_REFUSED),
	ROW(ECONNRESET, CAUSE_RESET),
	ROW(ECONNABORTED, CAUSE_RESET),
	/* the peer's reset came before our own write */
	ROW(EPIPE, CAUSE_RESET),
	ROW(ENETUNREACH, CAUSE_UNREACHABLE),
	ROW(EHOSTUNREACH, CAUSE_UNREACHABLE),
	ROW(ENETDOWN, CAUSE_UNREACHABLE),
	ROW(EHOSTDOWN, CAUSE_UNREACHABLE),
	/* what connect to a link-local address gives on Fargate, where no link has one */
	ROW(EINVAL, CAUSE_UNREACHABLE),
	ROW(EACCES, CAUSE_PROHIBITED),
	ROW(EPERM, CAUSE_PROHIBITED),
	ROW(EAFNOSUPPORT, CAUSE_NO_ADDRESS),
	ROW(EADDRNOTAVAIL, CAUSE_NO_ADDRESS),
	ROW(EADDRINUSE, CAUSE_LOCAL),
	ROW(EMFILE, CAUSE_LOCAL),
	ROW(ENFILE, CAUSE_LOCAL),
	ROW(ENOBUFS, CAUSE_LOCAL),
	ROW(ENOMEM, CAUSE_LOCAL),
	ROW(EMSGSIZE, CAUSE_LOCAL),
	ROW(EPROTO, CAUSE_LOCAL),
	ROW(ENOPROTOOPT, CAUSE_LOCAL),
	ROW(EBADF, CAUSE_LOCAL),
};

static const struct trouble *find(int error)
{
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
		if (troubles[i].error == error)
			return &troubles[i];
	}
	return NULL;
}

enum cause trouble_cause(int error)
{
	const struct trouble *trouble = find(error);
	return trouble ? trouble->cause : CAUSE_LOCAL;
}

struct text trouble_name(int error)
{
	const struct trouble *trouble = find(error);
	return trouble ? trouble->name : T("");
}

struct text trouble_text(struct arena *arena, int error)
{
	return text_keep(arena, text_of(strerror(error)));
}
