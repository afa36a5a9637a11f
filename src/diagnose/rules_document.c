/* A manifest arrived, and it cannot be used. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

static bool is_single(const struct step *step)
{
	return text_equal(seen_text(step, FACT_DOCUMENT), T("config")) ||
		text_equal(seen_text(step, FACT_DOCUMENT), T("image"));
}

static bool was_asked_as_json(const struct step *step)
{
	struct text type = seen_text(step, FACT_MEDIA_TYPE);
	return text_holds(type, T("manifest")) || text_holds(type, T("image.index"));
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "platform-missing-single", .symptoms = SYMPTOM(PLATFORM_MISSING),
		.step = {is_single}, .cause = CAUSE_REGISTRY_PLATFORM_MISMATCH,
		.says = "{image} is a single image for {platforms}, not for {platform}.",
		.fix = {"Build it for {platform}: docker buildx build --platform {platform} --push "
		"-t {image} .", "Or set runtimePlatform.cpuArchitecture in the task definition to "
		"what the image is built for."}},
	{.id = "platform-missing", .symptoms = SYMPTOM(PLATFORM_MISSING),
		.cause = CAUSE_REGISTRY_PLATFORM_MISMATCH,
		.says = "{image} exists for {platforms}, not for {platform}."},
	{.id = "manifest-digest-mismatch", .symptoms = SYMPTOM(DIGEST_MISMATCH),
		.cause = CAUSE_REGISTRY_DIGEST_MISMATCH,
		.says = "The {document} manifest does not hash to {blob} but to {found_blob}: its "
		"bytes were changed on the way, or are damaged in the registry."},
	{.id = "manifest-unsupported", .symptoms = SYMPTOM(UNSUPPORTED) | SYMPTOM(TOO_LARGE),
		.cause = CAUSE_IMAGE_UNSUPPORTED_MANIFEST,
		.says = "{image} is of a type that a pull cannot use ({media_type}): {words}.",
		.fix = {"Build and push it again as an OCI or Docker v2 schema 2 image, without "
		"artifacts under the same tag."}},
	{.id = "manifest-malformed", .symptoms = SYMPTOM(MALFORMED), .step = {was_asked_as_json},
		.cause = CAUSE_IMAGE_UNSUPPORTED_MANIFEST, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "The manifest of {image} cannot be read: {words}.",
		.fix = {"Push the image again."}},
};
/* clang-format on */

const struct rule_part rules_document = RULE_PART(STAGE(MANIFEST), rows);
