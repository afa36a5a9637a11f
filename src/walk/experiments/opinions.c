/* Second opinions on what the registry refuses: its lists of names, and the ECR API, whose errors
 * are finer than the registry's.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html */
#include "model/nearest.h"
#include "walk/experiments.h"
#include "walk/stages.h"

enum { LIST_MAX = 1024 * 1024 };

/* what an opinion was asked and said */
struct opinion {
	enum experiment experiment;
	enum stage stage;
	size_t follows;
	struct exchange exchange;
};

static struct text identifier(struct journey *journey)
{
	const struct target *target = journey->target;
	const char *key = target->reference_kind == REFERENCE_DIGEST ? "imageDigest" : "imageTag";
	return text_format(journey->arena,
		"\"registryId\":\"%.*s\",\"repositoryName\":\"%.*s\","
		"\"imageIds\":[{\"%s\":\"%.*s\"}]",
		TEXT(target->account), TEXT(target->repository), key, TEXT(target->reference));
}

static struct exchange ask_api(struct journey *journey, struct text action, struct text members)
{
	struct text body = text_format(journey->arena, "{%.*s}", TEXT(members));
	return api_request(journey, action, body);
}

static struct exchange ask_list(struct journey *journey, struct text path)
{
	struct exchange exchange = registry_request(journey, path);
	exchange.body_keep = exchange.body_max = LIST_MAX;
	return exchange;
}

static bool api_can_be_asked(struct journey *journey)
{
	return is_private_ecr(journey) && why_not(climb_of(journey, ROLE_API)).len == 0 &&
		journey->credentials.access_key.len > 0;
}

/* what the API says of an error: its own, or the first of BatchGetImage's failures */
static bool api_error(
	struct journey *journey, const struct exchange *exchange, struct aws_error *error)
{
	if (exchange->status == 200)
		return batch_failure_parse(journey->arena, exchange->kept, error);
	return aws_error_parse(journey->arena, exchange->kept, error);
}

static enum cause judge(
	struct journey *journey, const struct opinion *opinion, struct aws_error *error)
{
	const struct exchange *exchange = &opinion->exchange;
	if (exchange->cause != CAUSE_NONE)
		return exchange->cause;
	if (api_error(journey, exchange, error))
		return cause_of_error(exchange->status == 200 ? 0 : exchange->status, error);
	if (exchange->status == 200)
		return CAUSE_NONE;
	registry_error_parse(journey->arena, exchange->kept, &error->code, &error->message);
	return cause_of_error(exchange->status, error);
}

static void saw_names(struct journey *journey, struct step *step, const struct opinion *opinion)
{
	const struct target *target = journey->target;
	struct texts names;
	bool tags = opinion->experiment == EXPERIMENT_TAGS;
	if (!names_parse(journey->arena, opinion->exchange.kept, &names))
		return;
	struct text wanted = tags ? target->reference : target->repository;
	struct texts nearest = nearest_names(journey->arena, names, wanted);
	saw_list(journey, step, FACT_FOUND, nearest);
	if (nearest.count)
		saw(journey, step, FACT_NEAREST, nearest.at[0]);
}

static void record_opinion(struct journey *journey, const struct opinion *opinion)
{
	const struct step failed = journey->evidence->steps[opinion->follows];
	const struct exchange *exchange = &opinion->exchange;
	bool lists = opinion->experiment == EXPERIMENT_TAGS ||
		opinion->experiment == EXPERIMENT_REPOSITORIES;
	struct text host = lists ? failed.host : climb_of(journey, ROLE_API)->endpoint.host;
	struct aws_error error = {0};
	enum cause cause = judge(journey, opinion, &error);
	struct step *step = record(journey, opinion->stage, lists ? ROLE_DKR : ROLE_API, host,
		cause, error.message.len ? error.message : exchange->detail, exchange->began_us,
		exchange->took_us);
	struct text status;
	mark_experiment(step, opinion->experiment, opinion->follows);
	saw_answer(journey, step, exchange);
	if (error.code.len + error.message.len)
		saw_error(journey, step, &error);
	else if (cause == CAUSE_NONE && lists)
		saw_names(journey, step, opinion);
	else if (opinion->experiment == EXPERIMENT_API_DESCRIBE_IMAGE &&
		image_status_parse(journey->arena, exchange->kept, &status))
		saw(journey, step, FACT_ERROR_TEXT, status);
}

static void ask_all(struct journey *journey, struct opinion *opinions, size_t count)
{
	struct exchange *batch = arena_new(journey->arena, struct exchange, count);
	for (size_t i = 0; i < count; i++)
		batch[i] = opinions[i].exchange;
	exchange_all(journey, batch, count);
	for (size_t i = 0; i < count; i++) {
		opinions[i].exchange = batch[i];
		record_opinion(journey, &opinions[i]);
	}
}

/* what a failed manifest calls for */
static size_t plan_manifest(struct journey *journey, size_t follows, struct opinion *opinions)
{
	const struct step *failed = &journey->evidence->steps[follows];
	struct text repository = journey->target->repository;
	bool unknown = failed->cause == CAUSE_MANIFEST_UNKNOWN;
	bool no_repository = failed->cause == CAUSE_REPOSITORY_UNKNOWN;
	size_t count = 0;
	if (unknown)
		opinions[count++] = (struct opinion){EXPERIMENT_TAGS, STAGE_MANIFEST, follows,
			ask_list(journey,
				text_format(journey->arena, "/v2/%.*s/tags/list?n=1000",
					TEXT(repository)))};
	if (no_repository)
		opinions[count++] = (struct opinion){EXPERIMENT_REPOSITORIES, STAGE_MANIFEST,
			follows, ask_list(journey, T("/v2/_catalog?n=1000"))};
	if (!api_can_be_asked(journey))
		return count;
	if (unknown || no_repository || failed->cause == CAUSE_DENIED)
		opinions[count++] = (struct opinion){EXPERIMENT_API_BATCH_GET_IMAGE, STAGE_MANIFEST,
			follows, ask_api(journey, T("BatchGetImage"), identifier(journey))};
	if (unknown)
		opinions[count++] = (struct opinion){EXPERIMENT_API_DESCRIBE_IMAGE, STAGE_MANIFEST,
			follows, ask_api(journey, T("DescribeImages"), identifier(journey))};
	return count;
}

void follow_manifest(struct journey *journey, size_t from)
{
	size_t count = journey->evidence->count;
	struct opinion opinions[4];
	for (size_t i = from; i < count; i++)
		if (journey->evidence->steps[i].outcome == OUTCOME_FAILED) {
			if (follow_registry(journey, i, "manifests"))
				return;
			ask_all(journey, opinions, plan_manifest(journey, i, opinions));
			return;
		}
}

static void follow_denied(struct journey *journey, size_t follows)
{
	const struct target *target = journey->target;
	const struct step *step = &journey->evidence->steps[follows];
	struct text digest = seen_text(step, FACT_DIGEST);
	struct text members = text_format(journey->arena,
		"\"registryId\":\"%.*s\",\"repositoryName\":\"%.*s\",\"layerDigest\":\"%.*s\"",
		TEXT(target->account), TEXT(target->repository), TEXT(digest));
	struct opinion opinion = {EXPERIMENT_API_DOWNLOAD_URL, STAGE_LAYERS, follows,
		ask_api(journey, T("GetDownloadUrlForLayer"), members)};
	ask_all(journey, &opinion, 1);
}

/* The first blob that failed speaks for all of them. */
void follow_layers(struct journey *journey, size_t from)
{
	size_t count = journey->evidence->count;
	for (size_t i = from; i < count; i++) {
		const struct step *step = &journey->evidence->steps[i];
		if (step->stage != STAGE_LAYERS || step->outcome != OUTCOME_FAILED)
			continue;
		if (step->role == ROLE_S3)
			follow_blobs(journey, i);
		else if (follow_registry(journey, i, "blobs"))
			return;
		else if (step->cause == CAUSE_DENIED && api_can_be_asked(journey))
			follow_denied(journey, i);
		return;
	}
}
