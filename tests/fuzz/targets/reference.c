/* Image references, and the Region beside them: what is taken apart and put together again is the
 * same. The input is an image and, on a second line, a Region. */
#include "fuzz.h"
#include <ctype.h>

/* A single word is a host only in upper case, which is not kept. */
static struct text host_of(struct arena *arena, const struct target *target)
{
	char *copy = text_string(arena, target->host);
	bool told = text_holds(target->host, T(".")) || text_holds(target->host, T(":")) ||
		text_equal(target->host, T("localhost"));
	for (size_t i = 0; i < target->host.len && !told; i++)
		copy[i] = (char)toupper((unsigned char)copy[i]);
	return (struct text){copy, target->host.len};
}

static struct text together(struct arena *arena, const struct target *target)
{
	struct text tag = target->reference_kind == REFERENCE_TAG ? target->reference : target->tag;
	struct text digest = target->reference_kind == REFERENCE_TAG ? T("") : target->reference;
	struct text host = host_of(arena, target);
	return text_format(arena, "%.*s/%.*s%s%.*s%s%.*s", TEXT(host), TEXT(target->repository),
		tag.len ? ":" : "", TEXT(tag), digest.len ? "@" : "", TEXT(digest));
}

static void check_same(const struct target *a, const struct target *b)
{
	must(a->kind == b->kind && a->reference_kind == b->reference_kind);
	must(a->partition == b->partition && a->fips == b->fips && a->dualstack == b->dualstack);
	must(text_equal(a->host, b->host) && text_equal(a->account, b->account));
	must(text_equal(a->region, b->region) && text_equal(a->repository, b->repository));
	must(text_equal(a->reference, b->reference) && text_equal(a->tag, b->tag));
}

static void check_plan(struct arena *arena, const struct target *target)
{
	struct plan plan = plan_make(arena, target, &(struct plan_options){0});
	for (size_t i = 0; i < plan.count; i++) {
		struct text host;
		uint16_t port;
		must_of(plan.endpoints[i].host,
			authority_parse(plan.endpoints[i].host, &host, &port));
		must(plan.endpoints[i].port != 0);
	}
}

void fuzz(struct arena *arena, struct text input)
{
	struct text region = input;
	struct text image = text_cut(&region, T("\n"));
	struct target target;
	struct target retry;
	struct text complaint = T("");
	if (!region_is_wellformed(region)) {
		region = T("");
		image = input;
	}
	if (!target_parse(arena, image, region, &target, &complaint)) {
		must_of(complaint, fuzz_is_line(arena, complaint));
		return;
	}
	struct text whole = together(arena, &target);
	must_of(whole, target_parse(arena, whole, region, &retry, &complaint));
	check_same(&target, &retry);
	check_plan(arena, &target);
}
