/* Cross-checks of what the registry refuses: its lists of names, and the ECR API, whose errors
 * are finer than the registry's.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html */
#include "model/oci.h"
#include "walk/experiments.h"

enum { LIST_MAX = 1024 * 1024 };

static struct text identifier(struct probe *probe)
{
	const struct target *target = probe->target;
	const char *key = target->reference_kind == REFERENCE_DIGEST ? "imageDigest" : "imageTag";
	return text_format(probe->arena,
		"{\"registryId\":\"%.*s\",\"repositoryName\":\"%.*s\","
		"\"imageIds\":[{\"%s\":\"%.*s\"}]}",
		TEXT(target->account), TEXT(target->repository), key, TEXT(target->reference));
}

/* Errors are the API's own, or the first of BatchGetImage's failures. */
static struct verdict judge_call(struct probe *probe, const struct try *try)
{
	struct verdict verdict = aws_judge(probe, &try->exchange);
	if (verdict.symptom == SYMPTOM_NONE &&
		error_parse(probe->arena, try->exchange.kept, ERROR_BATCH, &verdict.error)) {
		verdict.symptom = symptom_of_error(0, &verdict.error);
		verdict.detail = verdict.error.message;
	}
	return verdict;
}

static struct verdict judge_list(struct probe *probe, const struct try *try)
{
	return registry_judge(probe, &try->exchange);
}

static void tell_names(struct probe *probe, struct step *step, const struct try *try)
{
	const struct target *target = probe->target;
	bool tags = try->experiment == EXPERIMENT_TAGS;
	struct texts names;
	if (step->symptom != SYMPTOM_NONE || !names_parse(probe->arena, try->exchange.kept, &names))
		return;
	names = nearest_names(probe->arena, names, tags ? target->reference : target->repository);
	saw_list(probe, step, FACT_FOUND, names);
	if (names.count)
		saw(probe, step, FACT_NEAREST, names.at[0]);
}

static void tell_status(struct probe *probe, struct step *step, const struct try *try)
{
	struct text status;
	if (image_status_parse(probe->arena, try->exchange.kept, &status))
		saw(probe, step, FACT_IMAGE_STATUS, status);
}

static void add_list(
	struct probe *probe, struct trial *trial, enum experiment experiment, struct text path)
{
	struct try *try = trial_add(trial, experiment, ASK_REQUEST);
	try->exchange = registry_request(probe, path);
	try->exchange.body_keep = try->exchange.body_max = LIST_MAX;
	try->judge = judge_list;
	try->tell = tell_names;
}

static void add_call(struct probe *probe, struct trial *trial, enum experiment experiment,
	const char *action, struct text body)
{
	if (!ecr_can_be_called(probe))
		return;
	struct try *try = trial_add(trial, experiment, ASK_REQUEST);
	try->exchange = ecr_call(probe, action, body);
	try->endpoint = ENDPOINT_API;
	try->host = state_of(probe, ENDPOINT_API)->endpoint.host;
	try->judge = judge_call;
	if (experiment == EXPERIMENT_API_DESCRIBE_IMAGE)
		try->tell = tell_status;
}

void cross_check(struct probe *probe, size_t follows)
{
	const struct step *failed = &probe->evidence->steps[follows];
	const struct target *target = probe->target;
	/* a layer is denied at most: settle_blob of layers.c */
	bool of_layer = failed->stage == STAGE_LAYERS;
	bool unknown = failed->symptom == SYMPTOM_MANIFEST_UNKNOWN;
	bool no_repository = failed->symptom == SYMPTOM_REPOSITORY_UNKNOWN;
	struct trial *of = NULL, *trial = trial_make(probe, &of);
	if (!trial)
		return;
	if (of_layer)
		add_call(probe, trial, EXPERIMENT_API_DOWNLOAD_URL, "GetDownloadUrlForLayer",
			text_format(probe->arena,
				"{\"registryId\":\"%.*s\",\"repositoryName\":\"%.*s\","
				"\"layerDigest\":\"%.*s\"}",
				TEXT(target->account), TEXT(target->repository),
				TEXT(seen_text(failed, FACT_DIGEST))));
	if (unknown)
		add_list(probe, trial, EXPERIMENT_TAGS,
			text_format(probe->arena, "/v2/%.*s/tags/list?n=1000",
				TEXT(target->repository)));
	if (no_repository)
		add_list(probe, trial, EXPERIMENT_REPOSITORIES, T("/v2/_catalog?n=1000"));
	if (unknown || no_repository || (failed->symptom == SYMPTOM_DENIED && !of_layer))
		add_call(probe, trial, EXPERIMENT_API_BATCH_GET_IMAGE, "BatchGetImage",
			identifier(probe));
	if (unknown)
		add_call(probe, trial, EXPERIMENT_API_DESCRIBE_IMAGE, "DescribeImages",
			identifier(probe));
	trial_follow(trial, follows);
	trial_begin(probe, trial, clock_us());
}
