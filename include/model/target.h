/* What is to be pulled: an image reference, taken apart. */
#pragma once
#include "base/arena.h"
#include "model/hosts.h"

enum registry_kind {
	REGISTRY_ECR,	     /* private ECR: Basic token from the ECR API, layers from S3 */
	REGISTRY_ECR_PUBLIC, /* public.ecr.aws */
	REGISTRY_OCI,	     /* any other, Docker Hub among them */
};

enum reference_kind { REFERENCE_TAG, REFERENCE_DIGEST };

/* OCI image index, "platform" */
struct platform {
	struct text os;
	struct text architecture;
	struct text variant;	/* may be empty */
	struct text os_version; /* of Windows: "10.0.20348.169"; may be empty */
};

struct target {
	struct text image; /* as given */
	enum registry_kind kind;
	struct text host;    /* of the registry; with ":port" where one was given */
	struct text account; /* registry id; empty outside ECR, and of a VPC endpoint's own name */
	struct text region;
	const struct partition *partition; /* NULL outside AWS */
	bool fips;
	bool dualstack; /* the host is of the dual-stack spelling */
	struct text repository;
	struct text reference; /* tag or digest */
	enum reference_kind reference_kind;
	struct text tag; /* beside a digest ("app:1@sha256:..."): reported, not used */
	struct platform platform;
};

/* Takes an image reference apart (distribution/reference grammar; a missing tag is "latest").
 * `region` is used where the host does not say. The platform is the one we run on until the caller
 * sets another. False: `complaint` names the mistake in one line and the right form. The texts live
 * in `arena`. */
bool target_parse(struct arena *arena, struct text image, struct text region, struct target *out,
	struct text *complaint);

/* "registry.example:5000", "[fd00::1]:5000": the host (an IPv6 address keeps its brackets) and the
 * port, 0 where there is none. Slices of `authority`. */
bool authority_parse(struct text authority, struct text *host, uint16_t *port);

/* "linux/arm64/v8", "windows(10.0.20348)/amd64"; false when it is not of that form. The machine's
 * own names are understood: x86_64 is amd64, aarch64 is arm64. */
bool platform_parse(struct text t, struct platform *out);
struct text platform_text(struct arena *arena, const struct platform *platform);

/* How well an image for `have` serves a puller that wants `want`, as containerd's platforms.Only
 * judges it: 0 is the platform itself, more is a lower variant or the 32-bit architecture that also
 * runs, and -1 does not serve. */
int platform_rank(const struct platform *want, const struct platform *have);

/* the platform that this program was built for */
struct platform platform_here(void);

/* "sha256:" and 64 hexadecimal digits in lower case (OCI image-spec, descriptor) */
bool digest_is_wellformed(struct text digest);
