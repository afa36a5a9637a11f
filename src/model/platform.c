/* Platforms: their names, and which satisfies which. */
#include "model/target.h"
#include <ctype.h>

/* what machines call themselves, and what images call them (containerd platforms/database.go) */
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
	return t.len && t.len <= 64 &&
		text_only(
			t, T("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"));
}

bool platform_parse(struct text t, struct platform *out)
{
	struct platform parsed = {.os = text_cut(&t, T("/"))};
	bool has_variant = text_holds(t, T("/"));
	parsed.architecture = architecture_of(text_cut(&t, T("/")));
	parsed.variant = t;
	if (!is_word(parsed.os) || !is_word(parsed.architecture) || (has_variant && !is_word(t)))
		return false;
	*out = parsed;
	return true;
}

struct text platform_text(struct arena *arena, const struct platform *platform)
{
	const char *slash = platform->variant.len ? "/" : "";
	return text_format(arena, "%.*s/%.*s%s%.*s", TEXT(platform->os),
		TEXT(platform->architecture), slash, TEXT(platform->variant));
}

static struct text variant_of(const struct platform *platform)
{
	if (platform->variant.len)
		return platform->variant;
	if (text_same(platform->architecture, T("arm64")))
		return T("v8");
	if (text_same(platform->architecture, T("arm")))
		return T("v7");
	return text_same(platform->architecture, T("amd64")) ? T("v1") : T("");
}

/* "v7" runs on "v8": variants count up */
static bool is_numbered(struct text variant)
{
	return variant.len == 2 && variant.at[0] == 'v' && isdigit((unsigned char)variant.at[1]);
}

bool platform_matches(const struct platform *want, const struct platform *have)
{
	if (!text_same(want->os, have->os) || !text_same(want->architecture, have->architecture))
		return false;
	struct text wanted = variant_of(want);
	struct text had = variant_of(have);
	if (is_numbered(wanted) && is_numbered(had))
		return had.at[1] <= wanted.at[1];
	return text_same(wanted, had);
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
