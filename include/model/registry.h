/* Registries that are well known: what their challenge and redirect will say, before they do, so
 * that all their hosts can be tried at once. Each is corrected by what the registry really says. */
#pragma once
#include "base/text.h"

struct registry {
	struct text host;
	struct text realm;     /* of its token service, as its challenge names it */
	struct text service;   /* likewise */
	struct text blob_host; /* where its blobs are redirected to; empty: not foreseen */
};

/* the row of a registry's host, or NULL */
const struct registry *registry_known(struct text host);
