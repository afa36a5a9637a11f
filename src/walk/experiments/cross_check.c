/* Cross-checks of what the registry refuses: its lists of names, and the ECR API, whose errors
 * are finer than the registry's.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html */
#include "model/oci.h"
#include "walk/experiments.h"
#include "walk/stages.h"

enum { LIST_MAX = 1024 * 1024 };

/* what a cross-check asked and was answered */
struct cross_check {
	enum experiment experiment;
	enum stage stage;
	size_t follows;
	struct exchange exchange;
};

static struct text identifier(struct probe *probe)
{
	const struct target *target = probe->target;
	const char *key = target->reference_kind == REFERENCE_DIGEST ? "imageDigest" : "imageTag";
	return text_format(probe->arena,
		"{\"registryId\":\"%.*s\",\"repositoryName\":\"%.*s\","
		"\"imageIds\":[{\"%s\":\"%.*s\"}]}",
		TEXT(target->account), TEXT(target->repository), key, TEXT(target->reference));
}

static struct exchange ask_list(struct probe *probe, struct text path)
{
	struct exchange exchange = registry_request(probe, path);
	exchange.body_keep = exchange.body_max = LIST_MAX;
	return exchange;
}

/* Errors are the API's own, the first of BatchGetImage's failures, or the registry's. */
static struct verdict judge_cross_check(
	struct probe *probe, const struct cross_check *cross_check, bool lists)
{
	const struct exchange *exchange = &cross_check->exchange;
	struct verdict verdict = {.symptom = exchange->symptom, .detail = exchange->detail};
	struct aws_error *error = &verdict.error;
	if (exchange->symptom == SYMPTOM_NONE && exchange->status == 200) {
		if (!batch_failure_parse(probe->arena, exchange->kept, error))
			return verdict;
		verdict.symptom = symptom_of_error(0, error);
	} else if (!lists) {
		return aws_judge(probe, exchange);
	} else if (exchange->symptom == SYMPTOM_NONE) {
		registry_error_parse(probe->arena, exchange->kept, &error->code, &error->message);
		verdict.symptom = symptom_of_error(exchange->status, error);
	}
	if (error->message.len)
		verdict.detail = error->message;
	return verdict;
}

static void saw_names(struct probe *probe, struct step *step, const struct cross_check *cross_check)
{
	const struct target *target = probe->target;
	struct texts names;
	bool tags = cross_check->experiment == EXPERIMENT_TAGS;
	if (!names_parse(probe->arena, cross_check->exchange.kept, &names))
		return;
	struct text wanted = tags ? target->reference : target->repository;
	struct texts nearest = nearest_names(probe->arena, names, wanted);
	saw_list(probe, step, FACT_FOUND, nearest);
	if (nearest.count)
		saw(probe, step, FACT_NEAREST, nearest.at[0]);
}

static void record_cross_check(struct probe *probe, const struct cross_check *cross_check)
{
	const struct step failed = probe->evidence->steps[cross_check->follows];
	const struct exchange *exchange = &cross_check->exchange;
	bool lists = cross_check->experiment == EXPERIMENT_TAGS ||
		cross_check->experiment == EXPERIMENT_REPOSITORIES;
	struct text host = lists ? failed.host : state_of(probe, ENDPOINT_API)->endpoint.host;
	struct verdict verdict = judge_cross_check(probe, cross_check, lists);
	write_as(probe, cross_check->experiment, cross_check->follows);
	struct step *step = record_verdict(probe, cross_check->stage,
		lists ? ENDPOINT_DKR : ENDPOINT_API, host, exchange, &verdict);
	struct text status;
	if (verdict.symptom == SYMPTOM_NONE && lists)
		saw_names(probe, step, cross_check);
	else if (cross_check->experiment == EXPERIMENT_API_DESCRIBE_IMAGE &&
		image_status_parse(probe->arena, exchange->kept, &status))
		saw(probe, step, FACT_IMAGE_STATUS, status);
}

static void ask_all(struct probe *probe, struct cross_check *cross_check, size_t count)
{
	struct exchange *batch = arena_new(probe->arena, struct exchange, count);
	for (size_t i = 0; i < count; i++)
		batch[i] = cross_check[i].exchange;
	exchange_all(probe, batch, count);
	for (size_t i = 0; i < count; i++) {
		cross_check[i].exchange = batch[i];
		record_cross_check(probe, &cross_check[i]);
	}
	write_as(probe, EXPERIMENT_NONE, 0);
}

/* what a failed manifest calls for */
static size_t plan_manifest(struct probe *probe, size_t follows, struct cross_check *cross_check)
{
	const struct step *failed = &probe->evidence->steps[follows];
	struct text repository = probe->target->repository;
	bool unknown = failed->symptom == SYMPTOM_MANIFEST_UNKNOWN;
	bool no_repository = failed->symptom == SYMPTOM_REPOSITORY_UNKNOWN;
	size_t count = 0;
	if (unknown)
		cross_check[count++] = (struct cross_check){EXPERIMENT_TAGS, STAGE_MANIFEST,
			follows,
			ask_list(probe,
				text_format(probe->arena, "/v2/%.*s/tags/list?n=1000",
					TEXT(repository)))};
	if (no_repository)
		cross_check[count++] = (struct cross_check){EXPERIMENT_REPOSITORIES, STAGE_MANIFEST,
			follows, ask_list(probe, T("/v2/_catalog?n=1000"))};
	if (!ecr_can_be_called(probe))
		return count;
	if (unknown || no_repository || failed->symptom == SYMPTOM_DENIED)
		cross_check[count++] = (struct cross_check){EXPERIMENT_API_BATCH_GET_IMAGE,
			STAGE_MANIFEST, follows,
			ecr_call(probe, "BatchGetImage", identifier(probe))};
	if (unknown)
		cross_check[count++] = (struct cross_check){EXPERIMENT_API_DESCRIBE_IMAGE,
			STAGE_MANIFEST, follows,
			ecr_call(probe, "DescribeImages", identifier(probe))};
	return count;
}

void cross_check_manifest(struct probe *probe, size_t step)
{
	struct cross_check cross_check[4] = {0};
	if (!time_is_up(probe))
		ask_all(probe, cross_check, plan_manifest(probe, step, cross_check));
}

void cross_check_layer(struct probe *probe, size_t follows)
{
	if (!ecr_can_be_called(probe) || time_is_up(probe))
		return;
	const struct target *target = probe->target;
	const struct step *step = &probe->evidence->steps[follows];
	struct text digest = seen_text(step, FACT_DIGEST);
	struct text body = text_format(probe->arena,
		"{\"registryId\":\"%.*s\",\"repositoryName\":\"%.*s\",\"layerDigest\":\"%.*s\"}",
		TEXT(target->account), TEXT(target->repository), TEXT(digest));
	struct cross_check cross_check = {EXPERIMENT_API_DOWNLOAD_URL, STAGE_LAYERS, follows,
		ecr_call(probe, "GetDownloadUrlForLayer", body)};
	ask_all(probe, &cross_check, 1);
}
