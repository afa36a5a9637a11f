/* Platforms: their names, and which satisfies which, as containerd judges it (and Fargate, the
 * kubelet and Docker with it): https://github.com/containerd/platforms, compare.go and database.go.
 */
#include "model/target.h"
#include <ctype.h>

/* what machines call themselves, and what images call them */
static struct text architecture_of(struct text t)
{
	static const struct {
		const char *machine;
		const char *image;
	} names[] = {
		{"x86_64", "amd64"},
		{"x86-64", "amd64"},
		{"aarch64", "arm64"},
		{"i386", "386"},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_same(t, text_of(names[i].machine)))
			return text_of(names[i].image);
	return t;
}

static bool is_word(struct text t)
{
	return t.len && t.len <= 64 && text_only(t, T(ALPHANUMERIC "._-"));
}

bool platform_parse(struct text t, struct platform *out)
{
	struct text system = text_cut(&t, T("/"));
	struct platform parsed = {.os = text_cut(&system, T("("))};
	bool has_version = text_ends(system, T(")")), has_variant = text_holds(t, T("/"));
	parsed.os_version = text_head(system, system.len - has_version);
	parsed.architecture = architecture_of(text_cut(&t, T("/")));
	parsed.variant = t;
	if (!is_word(parsed.os) || !is_word(parsed.architecture) || (has_variant && !is_word(t)) ||
		(system.len && (!has_version || !is_word(parsed.os_version))))
		return false;
	*out = parsed;
	return true;
}

struct text platform_text(struct arena *arena, const struct platform *platform)
{
	const char *slash = platform->variant.len ? "/" : "";
	bool has_version = platform->os_version.len > 0;
	return text_format(arena, "%.*s%s%.*s%s/%.*s%s%.*s", TEXT(platform->os),
		has_version ? "(" : "", TEXT(platform->os_version), has_version ? ")" : "",
		TEXT(platform->architecture), slash, TEXT(platform->variant));
}

static bool is_architecture(const struct platform *platform, const char *name)
{
	return text_same(architecture_of(platform->architecture), text_of(name));
}

/* "v8.2" is 82, and so is "8.2"; where none is named, arm64 is v8, arm v7 and amd64 v1. -1: the
 * variant is not of that form. */
static int level_of(const struct platform *platform)
{
	struct text rest = platform->variant;
	int64_t major = 0, minor = 0;
	if (rest.len == 0)
		return is_architecture(platform, "arm64")    ? 80
			: is_architecture(platform, "arm")   ? 70
			: is_architecture(platform, "amd64") ? 10
							     : -1;
	if (tolower((unsigned char)rest.at[0]) == 'v')
		rest = text_skip(rest, 1);
	bool has_minor = text_holds(rest, T("."));
	struct text whole = text_cut(&rest, T("."));
	if (whole.len != 1 || !text_number(whole, &major) ||
		(has_minor && (rest.len != 1 || !text_number(rest, &minor))))
		return -1;
	return (int)(10 * major + minor);
}

/* "10.0.20348.169": the first two numbers and the build */
static int64_t build_of(struct text version, struct text *release)
{
	struct text rest = version;
	int64_t build = 0;
	text_cut(&rest, T("."));
	text_cut(&rest, T("."));
	*release = text_head(version, version.len - rest.len);
	return text_number(text_cut(&rest, T(".")), &build) ? build : 0;
}

/* Windows containers need a host of their own build. From Server 2022 on, a host also runs the
 * images of the long-term release before it.
 * https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/version-compatibility
 */
static bool version_serves(const struct platform *want, const struct platform *have)
{
	enum { SERVER_2022 = 20348, SERVER_2025 = 26100 };
	struct text wanted, found;
	if (!text_same(want->os, T("windows")) || !want->os_version.len || !have->os_version.len)
		return true;
	int64_t host = build_of(want->os_version, &wanted);
	int64_t image = build_of(have->os_version, &found);
	int64_t least = host > SERVER_2025 ? SERVER_2025 : SERVER_2022;
	return text_equal(wanted, found) && (host == image || (image >= least && image <= host));
}

int platform_rank(const struct platform *want, const struct platform *have)
{
	enum { OTHER_ARCHITECTURE = 100 };
	int wanted = level_of(want), level = level_of(have);
	bool leveled = wanted >= 0 && level >= 0;
	if (!text_same(want->os, have->os) || !version_serves(want, have))
		return -1;
	/* 32-bit programs run, and are the last choice */
	if (is_architecture(want, "amd64") && is_architecture(have, "386"))
		return have->variant.len ? -1 : OTHER_ARCHITECTURE;
	if (is_architecture(want, "arm64") && is_architecture(have, "arm"))
		return level >= 50 && level <= 80 ? OTHER_ARCHITECTURE + 80 - level : -1;
	if (!text_same(architecture_of(want->architecture), architecture_of(have->architecture)))
		return -1;
	if (!leveled)
		return text_same(want->variant, have->variant) ? 0 : -1;
	/* Armv9.x contains Armv8.(x+5) */
	bool is_older = is_architecture(want, "arm64") && wanted >= 90 && level < 90;
	if (is_older && level > (wanted - 5 > 89 ? 89 : wanted - 5))
		return -1;
	/* an arm64 below v8 and an arm below v5 do not exist */
	int least = is_architecture(want, "arm64") ? 80 : is_architecture(want, "arm") ? 50 : 0;
	return level <= wanted && (level >= least || level == wanted) ? wanted - level : -1;
}

#if defined(__x86_64__)
#define ARCHITECTURE "amd64"
#elif defined(__aarch64__)
#define ARCHITECTURE "arm64"
#elif defined(__arm__)
#define ARCHITECTURE "arm"
#elif defined(__i386__)
#define ARCHITECTURE "386"
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define ARCHITECTURE "ppc64le"
#elif defined(__s390x__)
#define ARCHITECTURE "s390x"
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE "riscv64"
#else
#error "which architecture do images for this machine name?"
#endif

struct platform platform_here(void)
{
	return (struct platform){.os = T("linux"), .architecture = T(ARCHITECTURE)};
}
