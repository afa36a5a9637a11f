/* Two vantages for the tests of reports, built by hand: one where the pull works, and one where S3
 * is silent. */
#pragma once
#include "model/finding.h"

#define HOST_API "api.ecr.us-east-1.amazonaws.com"
#define HOST_DKR "123456789012.dkr.ecr.us-east-1.amazonaws.com"
#define HOST_S3 "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com"

struct sample {
	struct evidence evidence;
	struct diagnosis diagnosis;
};

static inline struct step *sample_step(struct arena *arena, struct sample *sample, enum stage stage,
	enum endpoint_kind kind, struct text peer)
{
	static const struct text hosts[ENDPOINT_COUNT] = {
		[ENDPOINT_CALLER] = {"169.254.170.2", 13},
		[ENDPOINT_API] = {HOST_API, sizeof HOST_API - 1},
		[ENDPOINT_DKR] = {HOST_DKR, sizeof HOST_DKR - 1},
		[ENDPOINT_S3] = {HOST_S3, sizeof HOST_S3 - 1},
	};
	struct step step = {
		.stage = stage,
		.endpoint = kind,
		.host = hosts[kind],
		.peer = peer,
		.began_us = 1000 * (int64_t)sample->evidence.count,
		.took_us = 1200 * ((int64_t)stage + 1),
	};
	return evidence_add(arena, &sample->evidence, step);
}

static inline struct text sample_peer(enum endpoint_kind kind)
{
	static const struct text peers[ENDPOINT_COUNT] = {
		[ENDPOINT_API] = {"10.20.1.21:443", 14},
		[ENDPOINT_DKR] = {"10.20.1.22:443", 14},
		[ENDPOINT_S3] = {"52.216.0.10:443", 15},
	};
	return peers[kind];
}

static inline void sample_names(struct arena *arena, struct sample *sample)
{
	for (enum endpoint_kind kind = ENDPOINT_API; kind <= ENDPOINT_S3; kind++) {
		struct step *step = sample_step(arena, sample, STAGE_DNS, kind, T("10.20.0.2:53"));
		struct text peer = sample_peer(kind);
		struct texts addresses = {0};
		texts_add(arena, &addresses, text_cut(&peer, T(":")));
		step_listed(arena, step, FACT_ADDRESSES, addresses);
		step_saw(arena, step, FACT_SERVER, T("10.20.0.2"));
	}
}

static inline void sample_connectivity_row(
	struct arena *arena, struct sample *sample, enum stage stage, enum endpoint_kind last)
{
	for (enum endpoint_kind kind = ENDPOINT_API; kind <= last; kind++) {
		struct step *step = sample_step(arena, sample, stage, kind, sample_peer(kind));
		if (stage == STAGE_TLS) {
			step_saw(arena, step, FACT_VERSION, T("TLSv1.3"));
			step_saw(arena, step, FACT_ISSUER, T("Amazon RSA 2048 M01"));
			step_saw(arena, step, FACT_ANCHOR, T("amazon"));
		}
		if (stage == STAGE_HTTP)
			step_counted(arena, step, FACT_STATUS,
				kind == ENDPOINT_DKR	       ? 401
					: kind == ENDPOINT_API ? 400
							       : 403);
	}
}

static inline void sample_access(struct arena *arena, struct sample *sample)
{
	struct step *step = sample_step(arena, sample, STAGE_CREDENTIALS, ENDPOINT_CALLER, T(""));
	step_saw(arena, step, FACT_SOURCE, T("container"));
	step_saw(arena, step, FACT_PRINCIPAL, T("arn:aws:iam::123456789012:role/task"));
	sample_step(arena, sample, STAGE_TOKEN, ENDPOINT_API, T("10.20.1.21:443"));
	step = sample_step(arena, sample, STAGE_MANIFEST, ENDPOINT_DKR, T("10.20.1.22:443"));
	step_saw(arena, step, FACT_DOCUMENT, T("image"));
	step_saw(arena, step, FACT_DIGEST,
		T("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
	step_counted(arena, step, FACT_LAYER_COUNT, 30);
	step_counted(arena, step, FACT_LAYER_BYTES, 12300000);
}

static inline void sample_blobs(struct arena *arena, struct sample *sample, enum endpoint_kind kind)
{
	for (int i = 0; i <= 30; i++) {
		struct step *step = sample_step(
			arena, sample, STAGE_LAYERS, kind, sample_peer(kind));
		step_saw(arena, step, FACT_DOCUMENT, i ? T("layer") : T("config"));
		step_counted(arena, step, FACT_SIZE, i ? 409900 : 3000);
	}
}

static inline struct sample sample_start(const char *label)
{
	return (struct sample){
		.evidence =
			{
				.version = T("0.1.0"),
				.started_at = 1767323045,
				.took_us = 412000,
				.target = {.image = T(HOST_DKR "/shop/app:1.4"),
					.platform = {.os = T("linux"), .architecture = T("amd64")}},
				.vantage = {.label = text_of(label),
					.launch_type = T("FARGATE"),
					.availability_zone = T("us-east-1a"),
					.task_arn = T(
						"arn:aws:ecs:us-east-1:123456789012:task/shop/"
						"0123456789abcdef0123456789abcdef"),
					.subnet_cidr = T("10.20.1.0/24"),
					.mtu = 9001,
					.principal = T("arn:aws:iam::123456789012:role/task"),
					.credential_source = T("container"),
					.clock_error_ms = -1},
			},
	};
}

static inline struct sample sample_working(struct arena *arena, const char *label)
{
	struct sample sample = sample_start(label);
	texts_add(arena, &sample.evidence.vantage.addresses, T("10.20.1.10"));
	texts_add(arena, &sample.evidence.vantage.resolvers, T("10.20.0.2"));
	sample_names(arena, &sample);
	sample_connectivity_row(arena, &sample, STAGE_TCP, ENDPOINT_S3);
	sample_connectivity_row(arena, &sample, STAGE_TLS, ENDPOINT_S3);
	sample_connectivity_row(arena, &sample, STAGE_HTTP, ENDPOINT_S3);
	sample_access(arena, &sample);
	sample_blobs(arena, &sample, ENDPOINT_DKR);
	sample_blobs(arena, &sample, ENDPOINT_S3);
	sample.diagnosis.pull = PULL_WORKS;
	return sample;
}

static inline void sample_skip(
	struct arena *arena, struct sample *sample, enum stage stage, enum endpoint_kind kind)
{
	struct step *step = sample_step(arena, sample, stage, kind, T(""));
	step->outcome = OUTCOME_SKIPPED;
	step->symptom = SYMPTOM_DEPENDENCY;
	step->detail = T("needs tcp to s3, which failed");
}

static inline void sample_ask(struct arena *arena, struct sample *sample, size_t follows,
	enum experiment asks, const char *host, bool passed)
{
	struct step *step = sample_step(
		arena, sample, STAGE_TCP, ENDPOINT_CONTROL, T("54.1.2.3:443"));
	step->host = text_of(host);
	step->experiment = asks;
	step->follows = follows;
	step->outcome = passed ? OUTCOME_PASSED : OUTCOME_FAILED;
	step->symptom = passed ? SYMPTOM_NONE : SYMPTOM_TIMEOUT;
	if (!passed)
		step->detail = T("no answer for 5 s");
}

static inline struct finding *sample_finding(struct arena *arena)
{
	struct finding *finding = arena_new(arena, struct finding, 1);
	struct texts *fix = &finding->fix;
	*finding = (struct finding){
		.rule = T("s3_silent_others_private"),
		.cause = CAUSE_S3_NO_ROUTE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = arena_new(arena, enum cause, 2),
		.alternative_count = 2,
		.verify = T("whether the route table of this subnet has the S3 prefix list."),
		.stage = STAGE_TCP,
		.endpoint = ENDPOINT_S3,
		.host = T(HOST_S3),
		.says = T("S3 does not answer on port 443, and nothing outside the VPC does, while "
			  "the "
			  "registry's private endpoints answer: this subnet has no way to S3."),
		.steps = arena_new(arena, size_t, 1),
		.step_count = 1,
	};
	finding->alternatives[0] = CAUSE_S3_SECURITY_GROUP;
	finding->alternatives[1] = CAUSE_NET_NACL;
	finding->steps[0] = 5;
	texts_add(arena, fix,
		T("Add an S3 gateway endpoint to the VPC, and associate it with the route "
		  "table of subnet 10.20.1.0/24."));
	texts_add(arena, fix, T("Or route 0.0.0.0/0 of that subnet to a NAT gateway."));
	texts_add(arena, &finding->confirm,
		T("aws ec2 describe-vpc-endpoints --filters "
		  "Name=service-name,Values=com.amazonaws.us-east-1.s3 --query "
		  "'VpcEndpoints[].RouteTableIds'"));
	return finding;
}

static inline struct sample sample_without_s3(struct arena *arena, const char *label)
{
	struct sample sample = sample_start(label);
	texts_add(arena, &sample.evidence.vantage.addresses, T("10.20.2.10"));
	texts_add(arena, &sample.evidence.vantage.resolvers, T("10.20.0.2"));
	sample_names(arena, &sample);
	sample_connectivity_row(arena, &sample, STAGE_TCP, ENDPOINT_DKR);
	struct step *step = sample_step(
		arena, &sample, STAGE_TCP, ENDPOINT_S3, T("52.216.0.10:443"));
	step->outcome = OUTCOME_FAILED;
	step->symptom = SYMPTOM_TIMEOUT;
	step->detail = T("no answer for 5 s");
	step->took_us = 5000000;
	sample_ask(
		arena, &sample, 5, EXPERIMENT_TCP_CONTROL_S3, "s3.us-east-1.amazonaws.com", false);
	sample_ask(arena, &sample, 5, EXPERIMENT_TCP_CONTROL_PUBLIC, "public.ecr.aws", false);
	sample_connectivity_row(arena, &sample, STAGE_TLS, ENDPOINT_DKR);
	sample_skip(arena, &sample, STAGE_TLS, ENDPOINT_S3);
	sample_connectivity_row(arena, &sample, STAGE_HTTP, ENDPOINT_DKR);
	sample_skip(arena, &sample, STAGE_HTTP, ENDPOINT_S3);
	sample_access(arena, &sample);
	sample_blobs(arena, &sample, ENDPOINT_DKR);
	sample_skip(arena, &sample, STAGE_LAYERS, ENDPOINT_S3);
	sample.evidence.took_us = 10120000;
	sample.diagnosis = (struct diagnosis){
		.findings = sample_finding(arena),
		.count = 1,
		.pull = PULL_BREAKS,
		.exit_code = 22,
	};
	return sample;
}
