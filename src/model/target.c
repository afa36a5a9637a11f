/* Image references, by the grammar of github.com/distribution/reference:
 *
 *     [host[:port]/]path[:tag][@digest]
 *
 * What comes first is a host when it holds a dot, a colon or an upper-case letter, or is
 * "localhost"; else all of it is a name on Docker Hub. */
#include "model/target.h"
#include "base/die.h"
#include "base/encoding.h"
#include <ctype.h>

enum { TAG_MAX = 128, REPOSITORY_MAX = 255, HOST_MAX = 253, IMAGE_MAX = 1024, SHOWN_MAX = 100 };

/* what stays the same from one check to the next */
struct image_reader {
	struct arena *arena;
	struct text region; /* the caller's */
	struct target *target;
	struct text *complaint;
};

/* The complaint: the wrong text, short and without what a terminal would obey, and the mistake. */
static bool image_refuse(struct image_reader *r, struct text wrong, const char *mistake)
{
	char *copy = text_string(r->arena, text_head(wrong, SHOWN_MAX));
	const char *more = wrong.len > SHOWN_MAX ? "..." : "";
	for (char *at = copy; *at; at++)
		if (!isprint((unsigned char)*at))
			*at = '?';
	return complain(r->complaint, text_format(r->arena, "\"%s%s\" %s", copy, more, mistake));
}

bool digest_is_wellformed(struct text digest)
{
	return digest.len == 7 + 64 && text_starts(digest, T("sha256:")) &&
		text_only(text_skip(digest, 7), T("0123456789abcdef"));
}

/* The mistakes that no part of the grammar would name well. */
static bool check_whole(struct image_reader *r, struct text image)
{
	if (image.len == 0)
		return complain(r->complaint,
			T("the image is empty: write "
			  "<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>"));
	if (image.len > IMAGE_MAX)
		return image_refuse(r, image, "is longer than any image reference");
	for (size_t i = 0; i < image.len; i++)
		if (!isgraph((unsigned char)image.at[i]))
			return image_refuse(r, image,
				"holds white space or a control character: write the image "
				"without it");
	if (text_holds(image, T("$")) || text_holds(image, T("{")))
		return image_refuse(
			r, image, "holds a variable that was not replaced: write its value");
	if (text_starts(image, T("http://")))
		return image_refuse(r, image,
			"is a URL: write the image without \"http://\"; registries are asked over "
			"https only");
	if (text_holds(image, T("://")))
		return image_refuse(r, image, "is a URL: write the image without \"https://\"");
	if (text_starts(image, T("arn:")))
		return image_refuse(r, image,
			"is an ARN: write <account>.dkr.ecr.<region>.amazonaws.com/<repository>");
	return true;
}

static bool read_digest(struct image_reader *r, struct text digest)
{
	struct text digits = text_skip(digest, 7);
	if (!text_starts(digest, T("sha256:")))
		return image_refuse(
			r, digest, "is no digest: write @sha256: and 64 hexadecimal digits");
	if (digits.len != 64)
		return complain(r->complaint,
			text_format(r->arena,
				"the digest has %zu digits behind \"sha256:\": write all 64",
				digits.len));
	if (!digest_is_wellformed(digest))
		return image_refuse(
			r, digest, "is no digest: its digits are 0-9 and a-f, in lower case");
	r->target->reference = digest;
	r->target->reference_kind = REFERENCE_DIGEST;
	return true;
}

static bool read_tag(struct image_reader *r, struct text tag)
{
	if (tag.len == 0)
		return complain(r->complaint,
			T("the tag behind \":\" is empty: write one, or leave the \":\" out for "
			  "\"latest\" (is a variable unset?)"));
	if (tag.len > TAG_MAX)
		return image_refuse(r, tag, "is longer than a tag can be: 128 characters");
	if (!text_only(tag, T(ALPHANUMERIC "_.-")) || tag.at[0] == '.' || tag.at[0] == '-')
		return image_refuse(r, tag,
			"is no tag: letters, digits, \"_\", \".\" and \"-\", and neither of the "
			"last two first");
	r->target->tag = tag;
	return true;
}

/* where the last colon behind the last slash is, or the end */
static size_t find_tag(struct text name)
{
	for (size_t at = name.len; at-- > 0 && name.at[at] != '/';)
		if (name.at[at] == ':')
			return at;
	return name.len;
}

/* Takes digest and tag off the end; what is left of `name` is host and path. */
static bool read_reference(struct image_reader *r, struct text *name)
{
	struct target *target = r->target;
	size_t at = text_find(*name, T("@"));
	bool has_digest = at < name->len;
	if (has_digest && !read_digest(r, text_skip(*name, at + 1)))
		return false;
	*name = text_head(*name, at);
	at = find_tag(*name);
	if (at < name->len && !read_tag(r, text_skip(*name, at + 1)))
		return false;
	*name = text_head(*name, at);
	if (has_digest)
		return true;
	if (target->tag.len == 0)
		target->tag = T("latest");
	target->reference = target->tag;
	target->reference_kind = REFERENCE_TAG;
	target->tag = T("");
	return true;
}

/* "[a-z0-9]+" with ".", "_", "__" or any number of "-" between them */
static bool is_component(struct text t)
{
	size_t word = text_span(t, T(LOWER DIGITS));
	while (word && word < t.len) {
		t = text_skip(t, word);
		size_t separator = text_starts(t, T("__")) ? 2
			: text_starts(t, T("-"))	   ? text_span(t, T("-"))
							   : text_only(text_head(t, 1), T("_."));
		t = text_skip(t, separator);
		word = text_span(t, T(LOWER DIGITS));
	}
	return word > 0;
}

static bool has_upper(struct text t)
{
	return text_until(t, T(UPPER)) < t.len;
}

static bool has_length(struct image_reader *r, struct text path)
{
	return path.len <= REPOSITORY_MAX ||
		image_refuse(r, path, "is longer than a repository's name can be");
}

static bool read_repository(struct image_reader *r, struct text path)
{
	r->target->repository = path;
	if (path.len == 0)
		return image_refuse(r, r->target->image,
			"names no repository: write one before the tag or digest");
	if (!has_length(r, path))
		return false;
	if (has_upper(path))
		return image_refuse(
			r, path, "has an upper-case letter: a repository's name is lower case");
	if (text_ends(path, T("/")))
		return image_refuse(r, path, "ends in \"/\": write the repository's whole name");
	while (path.len) {
		struct text component = text_cut(&path, T("/"));
		if (component.len == 0)
			return image_refuse(r, r->target->repository,
				"has nothing between two \"/\" (is a variable unset?)");
		if (!is_component(component))
			return image_refuse(r, component,
				"cannot be part of a repository's name: lower-case letters and "
				"digits, with single \".\", \"_\", \"__\" or \"-\" between them");
	}
	return true;
}

/* letters, digits and dashes between single dots; an underscore is not for a host */
static bool is_host(struct text host)
{
	if (text_starts(host, T("[")))
		return text_ends(host, T("]")) &&
			text_only(
				text_skip(text_head(host, host.len - 1), 1), T(LOWER DIGITS ":."));
	return host.len > 0 && host.len <= HOST_MAX && text_only(host, T(LOWER DIGITS ".-")) &&
		!text_starts(host, T(".")) && !text_starts(host, T("-")) &&
		!text_ends(host, T("-")) && !text_ends(host, T(".")) && !text_holds(host, T(".."));
}

bool authority_parse(struct text authority, struct text *host, uint16_t *port)
{
	size_t at = find_tag(authority);
	bool bracketed = text_starts(authority, T("[")) && text_ends(authority, T("]"));
	int64_t number = 0;
	*host = authority;
	*port = 0;
	if (at == authority.len || bracketed)
		return is_host(authority);
	*host = text_head(authority, at);
	if (!text_number(text_skip(authority, at + 1), &number) || number < 1 || number > 65535)
		return false;
	*port = (uint16_t)number;
	return is_host(*host);
}

/* outside private ECR the Region is what the caller says, where he says one */
static bool read_region(struct image_reader *r)
{
	if (r->region.len == 0)
		return true;
	r->target->partition = partition_of_region(r->region);
	if (!r->target->partition)
		return image_refuse(r, r->region, "is not a Region: write one like us-east-1");
	r->target->region = text_keep(r->arena, r->region);
	return true;
}

/* The host names of private ECR registries, as the ECS agent and the kubelet know them, are rows of
 * hosts.c:
 *
 *     <account>.dkr.ecr[-fips].<region>.<suffix>
 *     <account>.dkr-ecr[-fips].<region>.<dual-stack suffix>
 *     <endpoint>.dkr.ecr.<region>.vpce.<suffix>
 *
 * This one is AWS' own and meant for ECR, spelled right or wrong. */
static bool ecr_host_is_meant(struct text host)
{
	bool is_aws = host_is_under(host, NULL);
	while (host.len) {
		if (text_starts(host, T("dkr.ecr")) || text_starts(host, T("dkr-ecr")) ||
			text_starts(host, T("dkr.starport")) ||
			text_starts(host, T("dkr-starport")))
			return true;
		if (text_is_one_of(text_cut(&host, T(".")), T("ecr|ecr-fips|ecr-public")) && is_aws)
			return true;
	}
	return false;
}

/* "123456789012.dkr.ecr.amazonaws.com": the suffix is where the Region should be */
static bool has_no_region(const struct host_parts *parts)
{
	const struct partition *row;
	for (size_t i = 0; (row = partition_at(i)); i++) {
		struct text suffix = row->suffix;
		if (text_equal(parts->region, text_cut(&suffix, T("."))))
			return true;
	}
	return parts->region.len == 0 || text_equal(parts->region, T("on"));
}

static bool refuse_region(struct image_reader *r, const struct host_parts *parts)
{
	struct text given = parts->region;
	struct text right = region_of_zone(given);
	if (has_no_region(parts))
		return complain(r->complaint,
			text_format(r->arena,
				"the host names no Region: write %.*s.dkr.ecr.%.*s.amazonaws.com",
				TEXT(parts->account),
				TEXT(r->region.len ? r->region : T("<region>"))));
	if (right.len)
		return image_refuse(r, given,
			text_format(r->arena, "is an availability zone, not a Region: write %.*s",
				TEXT(right))
				.at);
	if (text_holds(given, T("-az")))
		return image_refuse(
			r, given, "is a zone id, not a Region: write one like us-east-1");
	return image_refuse(r, given,
		region_is_wellformed(given) ? "is not a Region of any known AWS partition: write "
					      "one like us-east-1"
					    : "is not a Region: write one like us-east-1");
}

/* Fills account, region, partition, fips and dualstack. */
static bool read_ecr_host(struct image_reader *r, struct text host)
{
	struct target *target = r->target;
	struct host_parts parts;
	if (!host_parse(host, ENDPOINT_DKR, &parts))
		return image_refuse(r, host,
			text_starts(host, T("ecr-public.")) || text_holds(host, T(".ecr-public."))
				? "is the API of ECR Public, not its registry: write "
				  "public.ecr.aws/<alias>/<repository>"
				: "is not a registry: write "
				  "<account>.dkr.ecr.<region>.amazonaws.com/<repository>");
	if (!parts.privatelink && parts.account.len == 0)
		return complain(r->complaint,
			text_format(r->arena,
				"the account id before \"%.*s\" is empty: the host starts with "
				"twelve digits (is a variable unset?)",
				TEXT(host)));
	if (!parts.privatelink && !account_is_wellformed(parts.account))
		return image_refuse(r, parts.account,
			"is no account id: that is twelve digits, as in "
			"123456789012.dkr.ecr.us-east-1.amazonaws.com");
	if (!parts.partition)
		return refuse_region(r, &parts);
	target->account = parts.privatelink ? T("") : parts.account;
	target->region = parts.region;
	target->partition = parts.partition;
	target->fips = parts.fips;
	target->dualstack = parts.dualstack;
	if (text_is_one_of(parts.suffix,
		    parts.dualstack ? parts.partition->registry_suffix : parts.partition->suffix))
		return true;
	return image_refuse(r, parts.suffix,
		text_format(r->arena, "is the wrong suffix for a registry in %.*s: write %.*s",
			TEXT(parts.region), TEXT(host_name(r->arena, &parts)))
			.at);
}

static bool read_registry(struct image_reader *r, struct text host)
{
	struct target *target = r->target;
	struct text bare;
	uint16_t port;
	target->kind = REGISTRY_OCI;
	target->host = host;
	if (text_is_one_of(host, T("docker.io|index.docker.io"))) {
		target->host = T("registry-1.docker.io");
		if (!text_holds(target->repository, T("/")))
			target->repository = text_format(
				r->arena, "library/%.*s", TEXT(target->repository));
		return has_length(r, target->repository) && read_region(r);
	}
	bool is_authority = authority_parse(host, &bare, &port);
	if (ecr_host_is_meant(bare)) {
		target->kind = REGISTRY_ECR;
		if (!read_ecr_host(r, bare))
			return false;
	}
	if (!is_authority)
		return image_refuse(r, host, "is no host name, with a port or without");
	if (target->kind == REGISTRY_ECR)
		return true;
	target->dualstack = text_equal(bare, T("ecr-public.aws.com"));
	if (target->dualstack || text_equal(bare, T("public.ecr.aws")))
		target->kind = REGISTRY_ECR_PUBLIC;
	return read_region(r);
}

/* Cuts the host off `path`. A lone name with a dot is a registry whose repository was forgotten:
 * Docker would ask its Hub for it, which nobody wants. */
static bool cut_host(struct image_reader *r, struct text *path, struct text *host)
{
	size_t slash = text_find(*path, T("/"));
	struct text first = text_head(*path, slash);
	bool is_name = text_holds(first, T(".")) || text_equal(first, T("localhost"));
	*host = T("docker.io");
	/* without a slash an upper-case letter makes no host: the complaint about "Nginx" is about
	 * its case */
	if (!is_name && (slash == path->len || !(text_holds(first, T(":")) || has_upper(first))))
		return true;
	*host = text_lower(r->arena, first);
	*path = text_skip(*path, slash + 1);
	if (path->len == 0)
		return image_refuse(
			r, first, "names a registry and no repository: add /<repository>");
	return true;
}

bool target_parse(struct arena *arena, struct text image, struct text region, struct target *out,
	struct text *complaint)
{
	*out = (struct target){.image = text_keep(arena, image), .platform = platform_here()};
	struct image_reader r = {arena, region, out, complaint};
	struct text path = out->image;
	struct text host;
	return check_whole(&r, path) && read_reference(&r, &path) && cut_host(&r, &path, &host) &&
		read_repository(&r, path) && read_registry(&r, host);
}
