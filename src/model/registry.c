/* The hosts are those that the registries' owners ask firewalls to let through:
 * https://docs.docker.com/desktop/setup/allow-list/
 * https://docs.github.com/en/packages/working-with-a-github-packages-registry
 * https://docs.openshift.com/container-platform/latest/installing/install_config/
 * ECR Public's as its own challenge and redirects name them. */
#include "model/registry.h"
#include "model/partition.h"

#define TEXT_OF(literal)                     \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static const struct registry rows[] = {
	{TEXT_OF("registry-1.docker.io"), TEXT_OF("https://auth.docker.io/token"),
		TEXT_OF("registry.docker.io"), TEXT_OF("production.cloudflare.docker.com")},
	{TEXT_OF("public.ecr.aws"), TEXT_OF("https://public.ecr.aws/token/"),
		TEXT_OF("public.ecr.aws"), TEXT_OF("d5l0dvt14r5h8.cloudfront.net")},
	{TEXT_OF("ghcr.io"), TEXT_OF("https://ghcr.io/token"), TEXT_OF("ghcr.io"),
		TEXT_OF("pkg-containers.githubusercontent.com")},
	{TEXT_OF("quay.io"), TEXT_OF("https://quay.io/v2/auth"), TEXT_OF("quay.io"),
		TEXT_OF("cdn01.quay.io")},
};

const struct registry *registry_known(struct text host)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_equal(rows[i].host, host))
			return &rows[i];
	return NULL;
}

bool cache_prefix_is_known(struct text repository)
{
	struct text prefix = text_cut(&repository, T("/"));
	return repository.len > 0 &&
		is_one_of(prefix,
			T("ecr-public|docker-hub|dockerhub|docker.io|docker|quay|quay.io|k8s|"
			  "kubernetes|registry.k8s.io|github|ghcr|ghcr.io|gitlab|azure|chainguard|"
			  "cgr|pull-through|pull-through-cache|cache"));
}
