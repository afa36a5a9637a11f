/* Manifests and registry errors: what is read from them and what is refused. */
#include "check.h"
#include "model/aws.h"
#include "model/oci.h"
#include <string.h>

#define HEX63 "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIGEST(first) "\"sha256:" first HEX63 "\""
#define OCI "application/vnd.oci.image."
#define DOCKER "application/vnd.docker.distribution.manifest."

#define DESCRIPTOR(type, first, size, more) \
	"{\"mediaType\":\"" type "\",\"digest\":" DIGEST(first) ",\"size\":" size more "}"
#define CONFIG DESCRIPTOR(OCI "config.v1+json", "a", "7", "")
#define LAYER DESCRIPTOR(OCI "layer.v1.tar+gzip", "b", "1000", "")
#define PLATFORM(os, arch, variant) \
	",\"platform\":{\"os\":\"" os "\",\"architecture\":\"" arch "\"" variant "}"
#define ENTRY(first, more) DESCRIPTOR(OCI "manifest.v1+json", first, "5", more)

#define INDEX(entries) "{\"schemaVersion\":2,\"manifests\":[" entries "]}"
#define IMAGE(config, layers) "{\"schemaVersion\":2,\"config\":" config ",\"layers\":[" layers "]}"
#define NAMED(type, rest) "{\"schemaVersion\":2,\"mediaType\":\"" type "\"," rest "}"

struct document {
	const char *json;
	const char *content_type;
	const char *complaint; /* part of it, or NULL when it is read */
	enum manifest_kind kind;
	const char *media_type;
};

static void a_manifest_is_what_it_says_and_holds(void **state)
{
	static const struct document cases[] = {
		{IMAGE(CONFIG, LAYER), OCI "manifest.v1+json", NULL, MANIFEST_IMAGE,
			OCI "manifest.v1+json"},
		{IMAGE(CONFIG, ""), "", NULL, MANIFEST_IMAGE, ""},
		{IMAGE(CONFIG, LAYER), "application/json; charset=utf-8", NULL, MANIFEST_IMAGE,
			"application/json"},
		{NAMED(DOCKER "v2+json", "\"config\":" CONFIG ",\"layers\":[" LAYER "]"), "", NULL,
			MANIFEST_IMAGE, DOCKER "v2+json"},
		{INDEX(ENTRY("c", "")), "", NULL, MANIFEST_INDEX, ""},
		{NAMED(DOCKER "list.v2+json", "\"manifests\":[]"), "text/plain", NULL,
			MANIFEST_INDEX, DOCKER "list.v2+json"},
		/* no image */
		{"{\"schemaVersion\":1,\"fsLayers\":[]}", DOCKER "v1+prettyjws", NULL,
			MANIFEST_UNSUPPORTED, DOCKER "v1+prettyjws"},
		{"{\"schemaVersion\":1,\"name\":\"a\"}", "", NULL, MANIFEST_UNSUPPORTED, ""},
		{NAMED("application/vnd.oci.artifact.manifest.v1+json", "\"blobs\":[]"), "", NULL,
			MANIFEST_UNSUPPORTED, "application/vnd.oci.artifact.manifest.v1+json"},
		{IMAGE(DESCRIPTOR("application/vnd.cncf.helm.config.v1+json", "a", "7", ""), LAYER),
			"", NULL, MANIFEST_UNSUPPORTED, "application/vnd.cncf.helm.config.v1+json"},
		/* refused */
		{"", "", "not JSON", 0, NULL},
		{"<html>", "", "not JSON", 0, NULL},
		{"[]", "", "no object", 0, NULL},
		{"{}", "", "neither", 0, NULL},
		{"{\"a\":1,\"a\":2}", "", "not JSON", 0, NULL},
		{"{\"manifests\":[],\"layers\":[]}", "", "both", 0, NULL},
		{NAMED(OCI "index.v1+json", "\"layers\":[]"), "", "media type", 0, NULL},
		{NAMED(OCI "manifest.v1+json", "\"manifests\":[]"), "", "media type", 0, NULL},
		{NAMED(OCI "index.v1+json", "\"x\":1"), "", "manifests is missing", 0, NULL},
		{"{\"manifests\":{}}", "", "manifests is missing", 0, NULL},
		{"{\"manifests\":[7]}", "", "no object", 0, NULL},
		{"{\"config\":" CONFIG "}", "", "layers is missing", 0, NULL},
		{"{\"layers\":[]}", "", "config is missing", 0, NULL},
		{IMAGE(CONFIG, "null"), "", "a layer is missing", 0, NULL},
		{IMAGE(CONFIG, DESCRIPTOR("t", "b", "-1", "")), "", "size", 0, NULL},
		{IMAGE(CONFIG, DESCRIPTOR("t", "b", "1.5", "")), "", "size", 0, NULL},
		{IMAGE(CONFIG, DESCRIPTOR("t", "b", "\"7\"", "")), "", "size", 0, NULL},
		{IMAGE(CONFIG, DESCRIPTOR("t", "b", "1099511627777", "")), "", "size", 0, NULL},
		{IMAGE(CONFIG, DESCRIPTOR("t", "b", "99999999999999999999", "")), "", "not JSON", 0,
			NULL},
		{IMAGE(CONFIG, DESCRIPTOR("t", "B", "1", "")), "", "digest", 0, NULL},
		{IMAGE(CONFIG, DESCRIPTOR("t", "bb", "1", "")), "", "digest", 0, NULL},
		{IMAGE(CONFIG, DESCRIPTOR("t", "../", "1", "")), "", "digest", 0, NULL},
		{IMAGE(CONFIG, DESCRIPTOR("", "b", "1", "")), "", "mediaType", 0, NULL},
		{IMAGE(CONFIG, "{\"mediaType\":\"t\",\"size\":1}"), "", "digest", 0, NULL},
		{IMAGE(CONFIG, "{\"mediaType\":\"t\",\"digest\":" DIGEST("b") "}"), "", "size", 0,
			NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct manifest manifest;
		struct text complaint = {0};
		struct text json = exact(text_of(cases[i].json));
		bool read = manifest_parse(
			&arena, json, text_of(cases[i].content_type), &manifest, &complaint);
		exact_end(json);
		if (read != !cases[i].complaint)
			fail_msg("row %zu: %.*s", i, TEXT(complaint));
		if (read) {
			check_row(i, manifest.kind == cases[i].kind);
			check_text(i, manifest.media_type, cases[i].media_type);
		} else if (!text_holds(complaint, text_of(cases[i].complaint))) {
			fail_msg("row %zu: %.*s", i, TEXT(complaint));
		}
		arena_end(&arena);
	}
}

static void an_images_parts_keep_their_order(void **state)
{
	struct arena arena = {0};
	struct manifest manifest;
	struct text complaint = {0};
	struct text json = T(
		IMAGE(CONFIG, LAYER "," DESCRIPTOR("t", "c", "1099511627776", "") "," LAYER));
	(void)state;
	assert_true(manifest_parse(&arena, json, T(""), &manifest, &complaint));
	check_text(0, manifest.config.digest, "sha256:a" HEX63);
	assert_int_equal(manifest.config.size, 7);
	assert_int_equal(manifest.layer_count, 3);
	check_text(1, manifest.layers[1].digest, "sha256:c" HEX63);
	assert_int_equal(manifest.layers[1].size, BLOB_BYTES_MAX);
	check_text(2, manifest.layers[2].digest, "sha256:b" HEX63);
	arena_end(&arena);
}

#define INDEX_ALL                                                                                \
	INDEX(ENTRY("0",                                                                         \
		PLATFORM("unknown", "unknown",                                                   \
			"") ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-"     \
			    "manifest\"}") "," ENTRY("1",                                        \
		PLATFORM("linux", "amd64", "")) "," ENTRY("2",                                   \
		PLATFORM("linux", "arm64", ",\"variant\":\"v8\"")) "," ENTRY("3",                \
		PLATFORM("linux", "arm", ",\"variant\":\"v5\"")) "," ENTRY("4",                  \
		PLATFORM("linux", "arm", ",\"variant\":\"v7\"")) "," ENTRY("5",                  \
		PLATFORM("linux", "arm", ",\"variant\":\"v6\"")) "," ENTRY("6",                  \
		PLATFORM("windows", "amd64", ",\"os.version\":\"10.0.20348.1\"")) "," ENTRY("7", \
		PLATFORM("linux", "s390x", "") ",\"artifactType\":\"application/"                \
					       "vnd.amazon.soci.index.v2+json\"") "," ENTRY("8", \
		",\"artifactType\":\"application/vnd.example.sbom\"") "," ENTRY("9",             \
		PLATFORM("linux", "amd64", "")))

struct choice {
	const char *json;
	const char *want;
	const char *digit; /* of the digest chosen; NULL for none */
};

static void the_entry_that_fits_best_is_chosen(void **state)
{
	static const struct choice cases[] = {
		{INDEX_ALL, "linux/amd64", "1"},
		{INDEX_ALL, "linux/arm64", "2"},
		{INDEX_ALL, "linux/arm64/v8", "2"},
		{INDEX_ALL, "linux/arm/v7", "4"},
		{INDEX_ALL, "linux/arm/v6", "5"},
		{INDEX_ALL, "windows/amd64", "6"},
		{INDEX_ALL, "linux/s390x", NULL},
		{INDEX_ALL, "linux/riscv64", NULL},
		{INDEX_ALL, "unknown/unknown", NULL},
		{INDEX(""), "linux/amd64", NULL},
		{INDEX(ENTRY("1", "")), "linux/amd64", "1"},
		{INDEX(ENTRY("1", "") "," ENTRY("2", PLATFORM("linux", "amd64", ""))),
			"linux/amd64", "2"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct manifest manifest;
		struct platform want;
		struct text complaint = {0};
		assert_true(manifest_parse(
			&arena, text_of(cases[i].json), T(""), &manifest, &complaint));
		assert_true(platform_parse(text_of(cases[i].want), &want));
		const struct descriptor *chosen = manifest_choose(&manifest, &want);
		check_row(i, (chosen != NULL) == (cases[i].digit != NULL));
		if (chosen)
			check_text(i, text_head(text_skip(chosen->digest, 7), 1), cases[i].digit);
		arena_end(&arena);
	}
}

static void an_indexs_platforms_are_told_once_each(void **state)
{
	struct arena arena = {0};
	struct manifest manifest;
	struct text complaint = {0};
	static const char *const wanted[] = {"linux/amd64", "linux/arm64/v8", "linux/arm/v5",
		"linux/arm/v7", "linux/arm/v6", "windows(10.0.20348.1)/amd64"};
	(void)state;
	assert_true(manifest_parse(&arena, T(INDEX_ALL), T(""), &manifest, &complaint));
	struct texts platforms = manifest_platforms(&arena, &manifest);
	assert_int_equal(platforms.count, SIZE(wanted));
	for (size_t i = 0; i < SIZE(wanted); i++)
		check_text(i, platforms.at[i], wanted[i]);
	arena_end(&arena);
}

static struct text repeat(
	struct arena *arena, const char *head, const char *item, size_t count, const char *tail)
{
	char *at = arena_new(arena, char, strlen(head) + count * strlen(item) + strlen(tail) + 1);
	char *end = stpcpy(at, head);
	while (count--)
		end = stpcpy(end, item);
	end = stpcpy(end, tail);
	return (struct text){at, (size_t)(end - at)};
}

static void more_than_a_manifest_may_hold_is_refused(void **state)
{
	struct arena arena = {0};
	struct manifest manifest;
	struct text complaint = {0};
	const char *head = "{\"config\":" CONFIG ",\"layers\":[" LAYER;
	(void)state;
	struct text full = repeat(&arena, head, "," LAYER, LAYERS_MAX - 1, "]}");
	assert_true(manifest_parse(&arena, full, T(""), &manifest, &complaint));
	assert_int_equal(manifest.layer_count, LAYERS_MAX);
	struct text over = repeat(&arena, head, "," LAYER, LAYERS_MAX, "]}");
	assert_false(manifest_parse(&arena, over, T(""), &manifest, &complaint));
	struct text large = repeat(&arena, "{", " ", MANIFEST_BYTES_MAX, "}");
	assert_false(manifest_parse(&arena, large, T(""), &manifest, &complaint));
	assert_true(text_holds(complaint, T("larger")));
	struct text deep = repeat(&arena, "{\"a\":", "[", 1000000, "");
	assert_false(manifest_parse(&arena, deep, T(""), &manifest, &complaint));
	struct text rich = repeat(&arena, "{\"a\":[{}", ",{}", 60000, "]}");
	assert_false(manifest_parse(&arena, rich, T(""), &manifest, &complaint));
	assert_true(text_holds(complaint, T("more values")));
	struct text explanation = repeat(&arena, "{\"a\":\"", "\\\",{[", 60000, "\"}");
	manifest_parse(&arena, explanation, T(""), &manifest, &complaint);
	assert_false(text_holds(complaint, T("more values")));
	arena_end(&arena);
}

static void every_beginning_of_a_manifest_is_refused(void **state)
{
	struct text whole = T(IMAGE(CONFIG, LAYER));
	(void)state;
	for (size_t len = 0; len < whole.len; len++) {
		struct arena arena = {0};
		struct manifest manifest;
		struct text complaint = {0};
		struct text part = exact(text_head(whole, len));
		check_row(len, !manifest_parse(&arena, part, T(""), &manifest, &complaint));
		check_row(len, complaint.len > 0);
		exact_end(part);
		arena_end(&arena);
	}
}

static void a_config_names_its_platform_and_layers(void **state)
{
	struct arena arena = {0};
	struct image_config config;
	(void)state;
	assert_true(config_parse(&arena,
		T("{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\",\"x\":1,"
		  "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:a\",\"sha256:b\"]}}"),
		&config));
	check_text(0, platform_text(&arena, &config.platform), "linux/arm64/v8");
	assert_int_equal(config.diff_ids, 2);
	assert_true(
		config_parse(&arena, T("{\"os\":1,\"architecture\":[],\"rootfs\":[]}"), &config));
	assert_int_equal(config.platform.os.len + config.platform.architecture.len, 0);
	assert_int_equal(config.diff_ids, 0);
	assert_false(config_parse(&arena, T("{"), &config));
	arena_end(&arena);
}

static void a_registrys_error_is_its_first(void **state)
{
	static const struct {
		const char *json;
		const char *code; /* NULL when it is none */
		const char *message;
	} cases[] = {
		{"{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"The repository with name "
		 "'a' does not exist in the registry with id '123456789012'\"},{\"code\":\"B\"}]}",
			"NAME_UNKNOWN",
			"The repository with name 'a' does not exist in the registry with id "
			"'123456789012'"},
		{"{\"errors\":[{\"code\":\"DENIED\"}]}", "DENIED", ""},
		{"{\"errors\":[{\"code\":\"DENIED\",\"message\":null,\"detail\":{}}]}", "DENIED",
			""},
		{"{\"errors\":[]}", NULL, ""},
		{"{\"errors\":[\"x\"]}", NULL, ""},
		{"{\"errors\":{\"code\":\"x\"}}", NULL, ""},
		{"Not Authorized\n", NULL, ""},
		{"", NULL, ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct aws_error error;
		struct text json = exact(text_of(cases[i].json));
		bool read = error_parse(&arena, json, ERROR_REGISTRY, &error);
		exact_end(json);
		check_row(i, read == (cases[i].code != NULL));
		check_text(i, error.code, cases[i].code);
		check_text(i, error.message, cases[i].message);
		arena_end(&arena);
	}
}

static void names_are_tags_or_repositories(void **state)
{
	static const struct {
		const char *json;
		bool read;
		size_t count;
	} cases[] = {
		{"{\"name\":\"a\",\"tags\":[\"x\",\"y\"]}", true, 2},
		{"{\"repositories\":[\"x\"]}", true, 1},
		{"{\"name\":\"a\",\"tags\":null}", true, 0},
		{"{\"tags\":[1,\"x\",null]}", true, 1},
		{"{\"tags\":\"x\"}", false, 0},
		{"{}", false, 0},
		{"", false, 0},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct texts names;
		check_row(i, names_parse(&arena, text_of(cases[i].json), &names) == cases[i].read);
		check_row(i, names.count == cases[i].count);
		arena_end(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_is_what_it_says_and_holds),
		cmocka_unit_test(an_images_parts_keep_their_order),
		cmocka_unit_test(the_entry_that_fits_best_is_chosen),
		cmocka_unit_test(an_indexs_platforms_are_told_once_each),
		cmocka_unit_test(more_than_a_manifest_may_hold_is_refused),
		cmocka_unit_test(every_beginning_of_a_manifest_is_refused),
		cmocka_unit_test(a_config_names_its_platform_and_layers),
		cmocka_unit_test(a_registrys_error_is_its_first),
		cmocka_unit_test(names_are_tags_or_repositories),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
