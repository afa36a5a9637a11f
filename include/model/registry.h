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

/* A repository of private ECR whose name begins with a prefix that the console proposes for
 * pull-through caches, or that people use ("docker-hub/library/nginx"). A hint only: any name may
 * be a cache's. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
bool cache_prefix_is_known(struct text repository);
