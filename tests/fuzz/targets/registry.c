/* JSON of the registry and of ECR's API: each reader alone, and a walk that is answered with it. */
#include "fuzz.h"
#include "model/oci.h"

static void check_descriptor(const struct descriptor *descriptor)
{
	must(digest_is_wellformed(descriptor->digest) && descriptor->media_type.len > 0);
	must(descriptor->size >= 0 && descriptor->size <= BLOB_BYTES_MAX);
}

static void check_index(struct arena *arena, const struct manifest *index)
{
	struct platform want = {.os = T("linux"), .architecture = T("amd64")};
	const struct descriptor *chosen = manifest_choose(index, &want);
	for (size_t i = 0; i < index->entry_count; i++)
		check_descriptor(&index->entries[i]);
	must(!chosen || !chosen->attestation);
	must(!chosen || !chosen->platform.os.len || platform_rank(&want, &chosen->platform) >= 0);
	must(manifest_platforms(arena, index).count <= index->entry_count);
}

static void check_manifest(struct arena *arena, struct text json)
{
	struct manifest manifest = {0};
	struct text complaint = T("");
	if (!manifest_parse(arena, json, T("text/plain; a=b"), &manifest, &complaint)) {
		must_of(complaint, fuzz_is_line(arena, complaint));
		return;
	}
	if (manifest.kind == MANIFEST_INDEX)
		check_index(arena, &manifest);
	if (manifest.kind != MANIFEST_IMAGE)
		return;
	check_descriptor(&manifest.config);
	for (size_t i = 0; i < manifest.layer_count; i++)
		check_descriptor(&manifest.layers[i]);
}

static void check_token(struct arena *arena, struct text json)
{
	struct text token = T("");
	struct text complaint = T("");
	int64_t expires_at = 0;
	bool has = authorization_parse(arena, json, &token, &expires_at, &complaint);
	must(has ? token.len > 0 && !text_holds(token, T("\n")) : complaint.len > 0);
	must(expires_at >= 0);
}

static void check_errors(struct arena *arena, struct text json)
{
	struct aws_error error;
	struct text other = T("");
	if (error_parse(arena, json, ERROR_AWS, &error))
		fuzz_error(arena, 400, &error);
	if (error_parse(arena, json, ERROR_BATCH, &error))
		fuzz_error(arena, 200, &error);
	if (error_parse(arena, json, ERROR_REGISTRY, &error))
		fuzz_error(arena, 404, &error);
	must(!image_status_parse(arena, json, &other) || other.len);
}

void fuzz(struct arena *arena, struct text input)
{
	struct world world = {.input = input, .stage = STAGE_LAYERS};
	struct image_config config;
	struct texts names;
	for (struct text rest = input; rest.len;) {
		struct text part = fuzz_part(&rest);
		check_manifest(arena, part);
		check_token(arena, part);
		check_errors(arena, part);
		config_parse(arena, part, &config);
		names_parse(arena, part, &names);
	}
	struct evidence evidence = fuzz_walk(arena, &world);
	fuzz_shown(arena, &evidence);
}
