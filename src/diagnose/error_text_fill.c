/* Fills places like {region} in a line. What goes into a command line is checked first: error texts
 * are foreign, and people paste commands. */
#include "base/buffer.h"
#include "diagnose/error_text_parts.h"
#include <string.h>

#define SAFE_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:/@"

struct place {
	const char *name;
	struct text value;
	const char *unknown; /* what stands there when nothing is known */
};

/* the names of the services behind the endpoint kinds, as in com.amazonaws.REGION.SERVICE */
static const char *const services[ENDPOINT_COUNT] = {
	[ENDPOINT_API] = "ecr.api",
	[ENDPOINT_DKR] = "ecr.dkr",
	[ENDPOINT_S3] = "s3",
	[ENDPOINT_LOGS] = "logs",
	[ENDPOINT_SECRETSMANAGER] = "secretsmanager",
	[ENDPOINT_SSM] = "ssm",
};

static struct text whole_image(struct arena *arena, const struct reading *reading)
{
	if (reading->image.len)
		return reading->image;
	struct text region = reading->region.len ? reading->region : T("REGION");
	return text_format(arena, "ACCOUNT.dkr.ecr.%.*s.amazonaws.com%s/REPOSITORY:TAG",
		TEXT(region), text_starts(region, T("cn-")) ? ".cn" : "");
}

static struct text value_of(struct arena *arena, const struct reading *reading, struct text name)
{
	const struct place places[] = {
		{"region", reading->region, "REGION"},
		{"host", reading->host, "the host"},
		{"image", whole_image(arena, reading), "IMAGE"},
		{"account", reading->account, "ACCOUNT"},
		{"repository", reading->repository, "REPOSITORY"},
		{"tag", reading->tag, "TAG"},
		{"platform", reading->platform, "OS/ARCH"},
		{"address", address_text(arena, &reading->address), "the address"},
		{"service", text_of(services[reading->endpoint]), "ecr.api"},
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (!text_equal(name, text_of(places[i].name)))
			continue;
		bool good = places[i].value.len && text_only(places[i].value, T(SAFE_BYTES));
		return good ? places[i].value : text_of(places[i].unknown);
	}
	return T("");
}

struct text error_text_fill(struct arena *arena, const struct reading *reading, const char *line)
{
	struct buffer out = {.arena = arena};
	struct text rest = text_of(line);
	while (rest.len) {
		buffer_add(&out, text_cut(&rest, T("{")));
		struct text name = text_cut(&rest, T("}"));
		if (name.len)
			buffer_add(&out, value_of(arena, reading, name));
	}
	return buffer_text(&out);
}
