/* Reads what has no fixed wording: the address that was dialled, the host that was asked for, the
 * image and its parts. */
#include "diagnose/error_text_parts.h"
#include "model/target.h"
#include <ctype.h>
#include <string.h>

/* longest words looked at, so that work stays bounded */
enum { ADDRESS_MOST = 64, HOST_MOST = 260, IMAGE_MOST = 512 };

/* First octets of public IPv4 ranges that Amazon announces (ip-ranges.json). An AWS name that was
 * dialled elsewhere resolved inside a VPC with borrowed addresses. */
static const uint8_t amazon_octets[] = {3, 13, 15, 16, 18, 23, 34, 35, 43, 44, 46, 47, 50, 51, 52,
	54, 56, 57, 58, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 75, 76, 78, 79, 87, 96, 98, 99, 100,
	103, 104, 107, 108, 116, 118, 120, 122, 130, 136, 139, 140, 142, 143, 144, 150, 155, 157,
	159, 160, 161, 162, 165, 166, 168, 170, 173, 174, 175, 176, 177, 178, 180, 182, 184, 185,
	192, 195, 198, 199, 203, 204, 205, 207, 208, 209, 210, 212, 216};

static bool amazons(const struct address *address)
{
	return address->family == 6 ||
		memchr(amazon_octets, address->bytes[0], sizeof amazon_octets);
}

/* the bytes of `set` that `t` begins with */
static struct text run(struct text t, const char *set)
{
	t = text_head(t, IMAGE_MOST);
	size_t len = 0;
	while (len < t.len && t.at[len] && strchr(set, t.at[len]))
		len++;
	return text_head(t, len);
}

/* what stands behind a phrase, or empty */
static struct text after(struct text t, const char *phrase)
{
	struct text needle = text_of(phrase);
	return text_skip(t, text_find_same(t, needle) + needle.len);
}

static bool parse_dialled(struct text behind, struct reading *reading)
{
	struct text written = run(text_head(behind, ADDRESS_MOST), "0123456789.");
	if (text_starts(behind, T("["))) {
		written = text_head(text_skip(behind, 1), ADDRESS_MOST);
		written = text_cut(&written, T("]"));
	}
	struct address address;
	bool found = address_parse(written, &address) && !address_is_link_local(&address);
	struct text port = run(text_skip(behind, written.len), "]:0123456789.");
	/* "<ip>", "xx.xx.xx.xx": somebody's mask */
	bool masked = text_starts(behind, T("<")) || text_starts(behind, T("x"));
	if (found)
		reading->address = address;
	if (found || masked || written.len > 4)
		reading->has[PATTERN_DIALLED] = true;
	/* a symptom would follow behind a colon */
	reading->has[PATTERN_DIAL_CUT] = found && !text_ends(port, T(":"));
	return found || masked || written.len > 4;
}

/* Go's "dial tcp", Java's "[host/address]", Node's "ETIMEDOUT address" */
static void read_dialled(struct reading *reading)
{
	static const char *const before[] = {"dialtcp", "etimedout", "econnrefused", "ehostunreach",
		"enetunreach", "amazonaws.com/", "amazonaws.com("};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		struct text rest = reading->bare;
		/* the last one counts: retries and fallbacks come before it */
		while ((rest = after(rest, before[i])).len)
			parse_dialled(rest, reading);
		if (reading->has[PATTERN_DIALLED])
			break;
	}
	const struct address *address = &reading->address;
	reading->has[PATTERN_DIALLED_PRIVATE] = address_is_private(address);
	reading->has[PATTERN_DIALLED_ODD] = address->family && !amazons(address);
	reading->has[PATTERN_DIALLED_SIX] = address->family == 6;
	reading->has[PATTERN_LOOKED_UP] = text_holds(reading->bare, T("lookup"));
	reading->has[PATTERN_DIALLED_NOTHING] = text_holds(reading->bare, T("dialtcp:")) &&
		!reading->has[PATTERN_LOOKED_UP] && !reading->has[PATTERN_DIALLED];
}

#define HOST_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*#<>"

static struct text lower(struct arena *arena, struct text t)
{
	char *copy = text_string(arena, t);
	for (size_t i = 0; i < t.len; i++)
		copy[i] = (char)tolower((unsigned char)copy[i]);
	return (struct text){copy, t.len};
}

/* An AWS name that a wrapped line broke: whole again in the bare text, where its end is known. */
static struct text joined_host(struct text bare)
{
	static const char *const before[] = {"lookup", "https://"};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		struct text host = run(after(bare, before[i]), HOST_BYTES);
		struct text rest = host;
		text_cut(&rest, T(".amazonaws.com"));
		size_t end = host.len - rest.len + (text_starts(rest, T(".cn")) ? 3 : 0);
		if (text_holds(host, T(".amazonaws.com")))
			return text_head(host, end);
	}
	return T("");
}

/* the host that a lookup or a request named */
static void read_host(struct arena *arena, struct reading *reading)
{
	static const char *const before[] = {"lookup ", "resolve host: ", "resolve host ",
		"unknownhostexception: ", "enotfound ", "proxyconnect tcp: dial tcp: lookup ",
		"https://", "hostname=", "refhostname=\""};
	for (size_t i = 0; i < sizeof before / sizeof *before && !reading->host.len; i++) {
		struct text host = run(after(reading->plain, before[i]), HOST_BYTES);
		while (host.len && host.at[host.len - 1] == '.')
			host.len--;
		reading->host = lower(arena, text_head(host, HOST_MOST));
	}
	if (error_text_host_kind(reading->host) == HOST_UNSURE) {
		struct text joined = joined_host(reading->bare);
		reading->host = joined.len ? joined : reading->host;
	}
	enum host_kind kind = error_text_host_kind(reading->host);
	reading->has[PATTERN_HOST_GOOD] = kind == HOST_VALID;
	reading->has[PATTERN_HOST_BAD] = kind == HOST_WRONG;
}

#define IMAGE_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*#<>/:@$"

static struct text trim_image(struct text image)
{
	while (image.len && strchr(".:/@", image.at[image.len - 1]))
		image.len--;
	return image;
}

/* "https://HOST/v2/NAME/manifests/REFERENCE" names an image, too */
static struct text image_of_url(struct arena *arena, struct text plain)
{
	struct text rest = after(plain, "https://");
	struct text host = run(rest, HOST_BYTES);
	rest = text_skip(rest, host.len);
	if (!text_same(text_head(rest, 4), T("/v2/")))
		return T("");
	rest = run(text_skip(rest, 4), IMAGE_BYTES);
	size_t end = text_find_same(rest, T("/manifests/"));
	struct text name = text_head(rest, end);
	rest = trim_image(text_skip(rest, end + sizeof "/manifests/" - 1));
	if (!name.len || !rest.len)
		return T("");
	const char *between = text_holds(rest, T(":")) ? "@" : ":";
	return text_format(arena, "%.*s/%.*s%s%.*s", TEXT(host), TEXT(name), between, TEXT(rest));
}

/* the word around an ECR host, wherever it stands */
static struct text image_around(struct text plain, const char *host)
{
	struct text rest = plain;
	for (;;) {
		size_t at = text_find_same(rest, text_of(host));
		if (at == rest.len)
			return T("");
		size_t begin = at;
		while (begin && at - begin < IMAGE_MOST && strchr(IMAGE_BYTES, rest.at[begin - 1]))
			begin--;
		struct text word = run(text_skip(rest, begin), IMAGE_BYTES);
		struct text path = word;
		text_cut(&path, T("/"));
		if (path.len && !text_starts(path, T("/")) && !text_starts(path, T("v2/")))
			return trim_image(word);
		rest = text_skip(rest, at + 1);
	}
}

/* an image as messages quote it: behind one of these words */
static struct text image_behind(struct text plain)
{
	static const struct {
		const char *words;
		bool plainer; /* prose may follow them, so the image must have a tag */
	} before[] = {
		{"docker://", false},
		{"resolve reference \"", false},
		{"resolve ref \"", false},
		{"resolve ref ", false},
		{"failed to pull image \"", false},
		{"pull and unpack image \"", false},
		{"pull access denied for ", false},
		{"pulling image \"", false},
		{"cannot pull '", false},
		{"manifest for ", true},
		{"repository ", true},
		{"image: ", true},
		{"image ", true},
	};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		struct text image = trim_image(run(after(plain, before[i].words), IMAGE_BYTES));
		if (image.len && (!before[i].plainer || text_holds(image, T(":"))))
			return image;
	}
	return T("");
}

/* the platform that was asked for in vain */
static void read_platform(struct reading *reading)
{
	static const char *const known[] = {
		"linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_holds(reading->bare, text_of(known[i])))
			reading->platform = text_of(known[i]);
}

static void read_image(struct arena *arena, struct reading *reading)
{
	struct text image = image_around(reading->plain, ".dkr.ecr");
	if (!image.len)
		image = image_behind(reading->plain);
	if (!image.len)
		image = image_of_url(arena, reading->plain);
	reading->image = image;
	reading->has[PATTERN_PINNED] = text_holds(image, T("@sha256")) ||
		text_holds(reading->bare, T("@sha256")) ||
		text_holds(reading->bare, T("/blobs/sha256"));
}

/* whose registry an image's name leads to */
static void read_registry(struct arena *arena, struct reading *reading)
{
	struct text path = lower(arena, reading->image);
	struct text first = text_cut(&path, T("/"));
	bool hub = text_same(first, T("docker.io")) || text_holds(first, T("docker.com"));
	bool named = first.len && isalnum((unsigned char)first.at[0]);
	bool host = path.len && named && (text_holds(first, T(".")) || text_holds(first, T(":")));
	bool official = text_starts(path, T("library/"));
	bool aws = text_holds(first, T("ecr")) || text_holds(first, T("amazonaws"));
	reading->has[PATTERN_OTHER_REGISTRY] = host && !hub && !aws;
	reading->has[PATTERN_UNQUALIFIED] = named && !path.len;
	reading->has[PATTERN_NAMESPACED] = path.len && !official &&
		(hub ? text_holds(path, T("/")) : !host);
}

/* Repositories of pull-through caches keep the upstream's path behind a prefix, by custom the
 * upstream's name; docs.aws.amazon.com/AmazonECR, "Pull through cache rules". */
static bool looks_cached(struct text bare)
{
	static const char *const marks[] = {"/ecr-public/", "nameecr-public/", "/docker-hub/",
		"namedocker-hub/", "/dockerhub/", "namedockerhub/", "/docker-io/", "namedocker-io/",
		"amazonaws.com/docker.io/", "namedocker.io/", "/quay/", "namequay/", "/quay.io/",
		"namequay.io/", "amazonaws.com/k8s/", "namek8s/", "/registry.k8s.io/", "/ghcr/",
		"nameghcr/", "/ghcr.io/", "nameghcr.io/", "/github/", "namegithub/", "/gitlab/",
		"namekubernetes/", "amazonaws.com/kubernetes/", "/chainguard/", "/datadog/agent",
		"/library/", "/pull-through", "ptc/", "pull-through", "pullthrough"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (text_holds(bare, text_of(marks[i])))
			return true;
	return false;
}

/* what several signs say together */
static void read_kind(struct reading *reading)
{
	bool *has = reading->has;
	bool elsewhere = has[PATTERN_HUB] || has[PATTERN_OTHER_REGISTRY];
	bool layer = has[PATTERN_LAYER_FETCH] && !has[PATTERN_MANIFEST_URL] &&
		!has[PATTERN_ECR_PUBLIC];
	has[PATTERN_ECR_LAYER] = has[PATTERN_STARPORT] || (layer && !elsewhere);
	has[PATTERN_CACHED_PATH] = !elsewhere && looks_cached(reading->bare);
	has[PATTERN_ASKED_DKR] = has[PATTERN_LOOKED_UP] && text_holds(reading->host, T("dkr.ecr"));
}

/* the parts of an ECR image's name that commands need */
static void read_parts(struct arena *arena, struct reading *reading)
{
	struct target target;
	struct text complaint;
	if (!target_parse(arena, reading->image, T(""), &target, &complaint)) {
		reading->image = T("");
		return;
	}
	reading->account = target.account;
	reading->region = error_text_region_known(target.region) ? target.region : T("");
	reading->repository = target.repository;
	if (target.reference_kind == REFERENCE_TAG)
		reading->tag = target.reference;
}

/* where only a host is named, the Region stands in it */
static void read_region(struct reading *reading)
{
	struct text host = reading->host;
	while (host.len && !reading->region.len) {
		struct text label = text_cut(&host, T("."));
		if (error_text_region_known(label))
			reading->region = label;
	}
}

void error_text_details(struct arena *arena, struct reading *reading)
{
	read_dialled(reading);
	read_host(arena, reading);
	read_image(arena, reading);
	read_registry(arena, reading);
	read_kind(reading);
	read_parts(arena, reading);
	read_region(reading);
	read_platform(reading);
}
