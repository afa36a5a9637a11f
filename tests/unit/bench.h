/* Evidence built by hand, for the tests of the diagnosis: a Fargate task in 10.20.1.0/24. */
#pragma once
#include "check.h"
#include "diagnose/diagnose.h"

#define API "api.ecr.us-east-1.amazonaws.com"
#define DKR "123456789012.dkr.ecr.us-east-1.amazonaws.com"
#define S3 "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com"
#define ROLE_ARN "arn:aws:sts::123456789012:assumed-role/pull/0123"

static const struct text hosts[ENDPOINT_COUNT] = {
	[ENDPOINT_CALLER] = {"169.254.170.2", 13},
	[ENDPOINT_API] = {API, sizeof API - 1},
	[ENDPOINT_DKR] = {DKR, sizeof DKR - 1},
	[ENDPOINT_S3] = {S3, sizeof S3 - 1},
	[ENDPOINT_LOGS] = {"logs.us-east-1.amazonaws.com", 28},
	[ENDPOINT_CONTROL] = {"public.ecr.aws", 14},
};

struct bench {
	struct arena arena;
	struct evidence evidence;
};

static inline int start(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);
	*state = bench;
	bench->evidence.timeout_us = 5 * INT64_C(1000000);
	bench->evidence.target = (struct target){
		.image = T(DKR "/shop/app:1.4"),
		.host = T(DKR),
		.account = T("123456789012"),
		.region = T("us-east-1"),
		.partition = partition_of_region(T("us-east-1")),
		.repository = T("shop/app"),
		.reference = T("1.4"),
		.platform = {.os = T("linux"), .architecture = T("amd64")},
	};
	bench->evidence.vantage.subnet_cidr = T("10.20.1.0/24");
	bench->evidence.vantage.launch_type = T("FARGATE");
	texts_add(&bench->arena, &bench->evidence.vantage.addresses, T("10.20.1.10"));
	texts_add(&bench->arena, &bench->evidence.vantage.resolvers, T("10.20.0.2"));
	return 0;
}

static inline int end(void **state)
{
	struct bench *bench = *state;
	arena_end(&bench->arena);
	free(bench);
	return 0;
}

static inline struct step *put(struct bench *bench, enum stage stage, enum endpoint_kind kind,
	const char *peer, enum symptom symptom)
{
	struct step step = {
		.stage = stage,
		.endpoint = kind,
		.host = hosts[kind],
		.peer = text_of(peer),
		.outcome = symptom == SYMPTOM_NONE ? OUTCOME_PASSED : OUTCOME_FAILED,
		.symptom = symptom,
		.took_us = 1000,
	};
	return evidence_add(&bench->arena, &bench->evidence, step);
}

static inline struct step *follow(struct bench *bench, enum experiment experiment, size_t follows,
	enum endpoint_kind kind, const char *peer, bool passed)
{
	struct step *step = put(bench, bench->evidence.steps[follows].stage, kind, peer,
		passed ? SYMPTOM_NONE : SYMPTOM_TIMEOUT);
	step->experiment = experiment;
	step->follows = follows;
	return step;
}

static inline const struct finding *named(const struct diagnosis *diagnosis, const char *rule)
{
	for (size_t i = 0; i < diagnosis->count; i++)
		if (text_equal(diagnosis->findings[i].rule, text_of(rule)))
			return &diagnosis->findings[i];
	return NULL;
}

static inline void leave_out(
	struct bench *bench, enum stage stage, enum endpoint_kind kind, enum symptom symptom)
{
	struct step *step = put(bench, stage, kind, "", symptom);
	step->outcome = OUTCOME_SKIPPED;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)
