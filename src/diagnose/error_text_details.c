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
	return text_head(t, text_span(t, text_of(set)));
}

/* what stands behind a phrase, or empty */
static struct text after(struct text t, const char *phrase)
{
	struct text needle = text_of(phrase);
	return text_skip(t, text_find_same(t, needle) + needle.len);
}

/* `sure`: an address stands there, even where it is masked */
static void parse_dialled(struct text behind, bool sure, struct reading *reading)
{
	struct text written = run(text_head(behind, ADDRESS_MOST), DIGITS ".");
	if (text_starts(behind, T("["))) {
		written = text_head(text_skip(behind, 1), ADDRESS_MOST);
		written = text_cut(&written, T("]"));
	}
	struct address address;
	bool found = address_parse(written, &address);
	/* the metadata services are no endpoint */
	if (found && address_is_link_local(&address))
		return;
	struct text port = run(text_skip(behind, written.len), "]:." DIGITS);
	/* "<ip>", "xx.xx.xx.xx": somebody's mask */
	bool masked = text_starts(behind, T("<")) || text_starts(behind, T("x"));
	if (found)
		reading->address = address;
	if (found || (sure && (masked || written.len > 4)))
		reading->has[PATTERN_DIALLED] = true;
	/* a symptom would follow behind a colon */
	reading->has[PATTERN_DIAL_CUT] = found && !text_ends(port, T(":"));
}

/* Go's "dial tcp", Java's "[host/address]", Node's "ETIMEDOUT address", Python's pool of a host */
static void read_dialled(struct reading *reading)
{
	enum { SURE = 5 };
	static const char *const before[] = {"dialtcp", "etimedout", "econnrefused", "ehostunreach",
		"enetunreach", "amazonaws.com/", "amazonaws.com(", "connectionpool(host="};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		struct text rest = reading->bare;
		/* the last one counts: retries and fallbacks come before it */
		while ((rest = after(rest, before[i])).len)
			parse_dialled(rest, i < SURE, reading);
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

#define HOST_BYTES ALPHANUMERIC ".-_*#<>"

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
		"unknownhostexception: ", "enotfound ", "eai_again ", "inaccessible host: `",
		"proxyconnect tcp: dial tcp: lookup ", "connectionpool(host='", "https://",
		"hostname=", "refhostname=\"", " host=\""};
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

#define IMAGE_BYTES HOST_BYTES "/:@$"

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
		bool plainer; /* prose may follow them, so the image must have a tag or a host */
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
		struct text path = image;
		bool host = error_text_owner(text_cut(&path, T("/"))) != OWNER_UNKNOWN;
		if (image.len &&
			(!before[i].plainer || text_holds(image, T(":")) || (host && path.len)))
			return image;
	}
	return T("");
}

/* a word of the form HOST.DOMAIN/NAME:TAG, wherever it stands; stack traces have files of Go */
static struct text image_anywhere(struct text plain)
{
	while (plain.len) {
		struct text word = run(plain, IMAGE_BYTES);
		struct text path = word;
		struct text host = text_cut(&path, T("/"));
		plain = text_skip(plain, word.len ? word.len : 1);
		if (text_holds(path, T(":")) && !text_holds(word, T("//")) &&
			!text_holds(word, T(".go:")) && error_text_owner(host) == OWNER_OTHER &&
			!text_starts(path, T(":")))
			return trim_image(word);
	}
	return T("");
}

static void read_image(struct arena *arena, struct reading *reading)
{
	/* what the registry refused, whatever else the paste names: a login to ECR before it */
	struct text behind = after(reading->plain, "pull access denied for ");
	struct text refused = run(behind, IMAGE_BYTES);
	bool elsewhere = text_starts(text_skip(behind, refused.len), T(",")) &&
		!text_holds(refused, T("dkr"));
	struct text image = elsewhere ? trim_image(refused)
				      : image_around(reading->plain, ".dkr.ecr");
	reading->has[PATTERN_DKR] &= !elsewhere;
	if (!image.len)
		image = image_behind(reading->plain);
	if (!image.len)
		image = image_of_url(arena, reading->plain);
	for (size_t i = 0; !image.len && error_text_registries[i]; i++)
		image = image_around(reading->plain, error_text_registries[i]);
	if (!image.len)
		image = image_anywhere(reading->plain);
	reading->image = image;
	reading->has[PATTERN_PINNED] = text_holds(image, T("@sha256")) ||
		text_holds(reading->bare, T("@sha256")) ||
		text_holds(reading->bare, T("/blobs/sha256"));
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

/* The image's own host tells whose registry it is; where it has none, the host that was asked. */
static void read_registry(struct arena *arena, struct reading *reading)
{
	bool *has = reading->has;
	struct text path = lower(arena, reading->image);
	struct text first = text_cut(&path, T("/"));
	enum owner owner = path.len ? error_text_owner(first) : OWNER_UNKNOWN;
	bool host = owner != OWNER_UNKNOWN;
	bool named = first.len && isalnum((unsigned char)first.at[0]);
	enum owner asked = error_text_owner(reading->host);
	/* a mirror stands in another registry's place */
	if (!host || (owner == OWNER_HUB && asked == OWNER_OTHER))
		owner = asked;
	for (size_t i = 0; owner == OWNER_UNKNOWN && error_text_registries[i]; i++)
		if (text_holds(reading->bare, text_of(error_text_registries[i])))
			owner = error_text_owner(text_of(error_text_registries[i]));
	reading->registry = owner;
	has[PATTERN_HOST_ALONE] = !path.len && error_text_owner(first) == OWNER_ECR;
	/* Docker's tools write "docker.io/library/" before a name alone */
	bool hub_alone = owner == OWNER_HUB &&
		(text_starts(path, T("library/")) || !text_holds(path, T("/")));
	has[PATTERN_UNQUALIFIED] = named && !has[PATTERN_HOST_ALONE] && (!path.len || hub_alone);
	has[PATTERN_NAMESPACED] = path.len && !text_starts(path, T("library/")) &&
		(error_text_owner(first) == OWNER_HUB ? text_holds(path, T("/")) : !host);
	has[PATTERN_NAMELESS] = owner == OWNER_UNKNOWN && !reading->image.len;
	has[PATTERN_OTHER_REGISTRY] = owner == OWNER_OTHER;
	has[PATTERN_FOREIGN] = !has[PATTERN_DKR] && (owner == OWNER_OTHER || owner == OWNER_HUB);
}

/* Repositories of pull-through caches keep the upstream's path behind a prefix, by custom the
 * upstream's name; docs.aws.amazon.com/AmazonECR, "Pull through cache rules". */
static bool looks_cached(struct text bare)
{
	return error_text_holds(bare,
		T("/ecr-public/|nameecr-public/|/docker-hub/|namedocker-hub/|/dockerhub/|"
		  "namedockerhub/|/docker-io/|namedocker-io/|amazonaws.com/docker.io/|"
		  "namedocker.io/|/quay/|namequay/|/quay.io/|namequay.io/|amazonaws.com/k8s/|"
		  "namek8s/|/registry.k8s.io/|/ghcr/|nameghcr/|/ghcr.io/|nameghcr.io/|/github/|"
		  "namegithub/|/gitlab/|namekubernetes/|amazonaws.com/kubernetes/|/chainguard/|"
		  "/datadog/agent|/library/|/pull-through|ptc/|pull-through|pullthrough"));
}

/* "https://registry-1.docker.io/v2/: Forbidden": Go prints a status alone where a proxy refused
 * the CONNECT; a registry's own answer has its number or its error code. */
static bool connect_was_refused(struct text plain)
{
	static const char *const statuses[] = {"Forbidden", "Bad Gateway", "Bad Request",
		"Proxy Authentication Required", "Service Unavailable", "Gateway Timeout",
		"Method Not Allowed", "Internal Server Error"};
	struct text rest = plain;
	while ((rest = after(rest, "https://")).len) {
		size_t end = 0;
		while (end < rest.len && !memchr(" \"'", rest.at[end], 3))
			end++;
		/* the colon stands before or behind the quote */
		bool colon = end && rest.at[end - 1] == ':';
		rest = text_skip(rest, end);
		while (rest.len && memchr("\"': ", rest.at[0], 4)) {
			colon |= rest.at[0] == ':';
			rest = text_skip(rest, 1);
		}
		for (size_t i = 0; i < sizeof statuses / sizeof *statuses && colon; i++)
			if (text_same(text_head(rest, strlen(statuses[i])), text_of(statuses[i])))
				return true;
	}
	return false;
}

/* containerd's "failed size validation: 25165824 != 18802122": what arrived, what was listed */
static void read_sizes(struct reading *reading)
{
	struct text rest = after(reading->bare, "failedsizevalidation:");
	struct text arrived = run(rest, DIGITS);
	struct text listed = run(after(rest, "!="), DIGITS);
	int64_t have = 0;
	int64_t want = 0;
	if (!text_number(arrived, &have) || !text_number(listed, &want))
		return;
	reading->has[PATTERN_SIZE_SHORT] = have < want;
	reading->has[PATTERN_SIZE_LONG] = have > want;
}

/* what several patterns say together */
static void read_kind(struct reading *reading)
{
	bool *has = reading->has;
	bool foreign = has[PATTERN_HUB] || has[PATTERN_FOREIGN];
	bool layer = has[PATTERN_LAYER_FETCH] && !has[PATTERN_MANIFEST_URL] &&
		!has[PATTERN_ECR_PUBLIC];
	has[PATTERN_ECR_LAYER] = has[PATTERN_STARPORT] || (!foreign && (layer || has[PATTERN_S3]));
	has[PATTERN_CACHED_PATH] = !foreign && looks_cached(reading->bare);
	has[PATTERN_ASKED_DKR] = has[PATTERN_LOOKED_UP] && text_holds(reading->host, T("dkr.ecr"));
	has[PATTERN_UNANSWERED] = has[PATTERN_WAITED] || has[PATTERN_NOT_CONNECTED];
	has[PATTERN_ECR_ASKED] = has[PATTERN_API] || has[PATTERN_DKR];
	has[PATTERN_CONNECT_REFUSED] = connect_was_refused(reading->plain);
	/* The lower level is the cause: without a connection there were no credentials, and what
	 * the registry then says is the consequence. */
	bool no_answer = has[PATTERN_WAITED] || has[PATTERN_REFUSED] || has[PATTERN_UNREACHABLE];
	bool unreached = (has[PATTERN_DIALLED] && no_answer) || has[PATTERN_NO_SUCH_HOST] ||
		has[PATTERN_NAME_SLOW] || has[PATTERN_NAME_REFUSED] || has[PATTERN_TLS_SLOW];
	has[PATTERN_NO_SOURCE] &= !unreached;
	has[PATTERN_NO_BASIC_AUTH] &= !unreached && !(has[PATTERN_NOT_CONNECTED] && no_answer);
}

/* What commands need of the image's name. Foreign bytes stay out: people paste commands. */
static void read_target(struct arena *arena, struct reading *reading)
{
	struct target *target = &reading->target;
	struct text complaint;
	if (!target_parse(arena, reading->image, T(""), target, &complaint)) {
		reading->image = T("");
		*target = (struct target){0};
	}
	/* where only a host is named, the Region stands in it */
	struct text host = reading->host;
	while (host.len && !target->region.len) {
		struct text label = text_cut(&host, T("."));
		if (region_exists(label))
			target->region = label;
	}
	if (!region_exists(target->region))
		target->region = T("");
	target->partition = partition_of_region(target->region);
	if (!text_only(reading->host, T(LOWER DIGITS "-.")))
		reading->host = T("");
}

void error_text_details(struct arena *arena, struct reading *reading)
{
	read_dialled(reading);
	read_host(arena, reading);
	read_image(arena, reading);
	read_registry(arena, reading);
	read_sizes(reading);
	error_text_codes(reading);
	read_kind(reading);
	read_target(arena, reading);
	read_platform(reading);
}
