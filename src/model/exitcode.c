/* The exit codes, a row each, in the order of their numbers. A row says which findings it is the
 * code of: the first row that fits counts, so the last of each stage is "other". */
#include "model/exitcode.h"
#include "base/die.h"

enum { ANY_STAGE = STAGE_COUNT, ANY_ENDPOINT = ENDPOINT_COUNT, CAUSES_MAX = 8 };

struct row {
	struct exit_code code;
	/* the findings that it is for */
	bool is_of_findings;
	int stage;    /* enum stage, or ANY_STAGE */
	int endpoint; /* enum endpoint_kind, or ANY_ENDPOINT */
	bool several;
	enum cause causes[CAUSES_MAX]; /* up to the first NONE; without one, any cause */
	bool unreached; /* for a source of credentials that gives no answer; others for the rest */
};

#define LITERAL_(literal)                    \
	{                                    \
		literal, sizeof(literal) - 1 \
	}
#define CODE(number, label, says) .code = {number, LITERAL_(label), LITERAL_(says)}
#define OF(of_stage, of_endpoint) .is_of_findings = true, .stage = of_stage, .endpoint = of_endpoint

/* clang-format off */
static const struct row rows[] = {
	{CODE(EXIT_WORKS, "", "the pull works")},
	{CODE(EXIT_USAGE, "", "the command line or the image reference is wrong")},
	{CODE(EXIT_UNABLE, "", "the probe itself could not work")},

	{CODE(10, "dns", "the name of the API (or token service) does not resolve"),
		OF(STAGE_DNS, ENDPOINT_API)},
	{CODE(11, "dns", "the registry's name does not resolve"), OF(STAGE_DNS, ENDPOINT_DKR)},
	{CODE(12, "dns", "the layer host's name does not resolve"), OF(STAGE_DNS, ENDPOINT_S3)},
	{CODE(13, "dns", "several names do not resolve"), OF(STAGE_DNS, ANY_ENDPOINT), .several = true},
	{CODE(19, "dns", "another name does not resolve"), OF(STAGE_DNS, ANY_ENDPOINT)},

	{CODE(20, "tcp", "no connection to the API (or token service)"), OF(STAGE_TCP, ENDPOINT_API)},
	{CODE(21, "tcp", "no connection to the registry"), OF(STAGE_TCP, ENDPOINT_DKR)},
	{CODE(22, "tcp", "no connection to the layer host"), OF(STAGE_TCP, ENDPOINT_S3)},
	{CODE(23, "tcp", "no connection to several endpoints"), OF(STAGE_TCP, ANY_ENDPOINT),
		.several = true},
	{CODE(29, "tcp", "no connection to another endpoint"), OF(STAGE_TCP, ANY_ENDPOINT)},

	{CODE(30, "tls", "no TLS with the API (or token service)"), OF(STAGE_TLS, ENDPOINT_API)},
	{CODE(31, "tls", "no TLS with the registry"), OF(STAGE_TLS, ENDPOINT_DKR)},
	{CODE(32, "tls", "no TLS with the layer host"), OF(STAGE_TLS, ENDPOINT_S3)},
	{CODE(33, "tls", "no TLS with several endpoints"), OF(STAGE_TLS, ANY_ENDPOINT),
		.several = true},
	{CODE(39, "tls", "no TLS with another endpoint"), OF(STAGE_TLS, ANY_ENDPOINT)},

	{CODE(40, "http", "the API (or token service) gives no valid response"),
		OF(STAGE_HTTP, ENDPOINT_API)},
	{CODE(41, "http", "the registry gives no valid response"), OF(STAGE_HTTP, ENDPOINT_DKR)},
	{CODE(42, "http", "the layer host gives no valid response"), OF(STAGE_HTTP, ENDPOINT_S3)},
	{CODE(43, "http", "several endpoints give no valid response"),
		OF(STAGE_HTTP, ANY_ENDPOINT), .several = true},
	{CODE(44, "http", "another endpoint gives no valid response"), OF(STAGE_HTTP, ANY_ENDPOINT)},

	{CODE(45, "credentials", "there are none"), OF(STAGE_CREDENTIALS, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_NO_CREDENTIALS}},
	{CODE(46, "credentials", "they are expired"), OF(STAGE_CREDENTIALS, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_CLOCK_SKEW}},
	{CODE(47, "credentials", "the role cannot be assumed, or they are not valid"),
		OF(STAGE_CREDENTIALS, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_ASSUME_ROLE, CAUSE_AUTH_INVALID_CREDENTIALS}},
	{CODE(48, "credentials", "their source cannot be reached"),
		OF(STAGE_CREDENTIALS, ANY_ENDPOINT), .unreached = true},
	{CODE(49, "credentials", "other"), OF(STAGE_CREDENTIALS, ANY_ENDPOINT)},

	{CODE(50, "token", "the caller's own policies do not allow it"),
		OF(STAGE_TOKEN, ANY_ENDPOINT), .causes = {CAUSE_AUTH_IAM_IDENTITY}},
	{CODE(51, "token", "the VPC endpoint's policy does not allow it"),
		OF(STAGE_TOKEN, ANY_ENDPOINT), .causes = {CAUSE_AUTH_ENDPOINT_POLICY}},
	{CODE(52, "token", "an organization's policy denies it"), OF(STAGE_TOKEN, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_SCP}},
	{CODE(53, "token", "the credentials are not accepted"), OF(STAGE_TOKEN, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_INVALID_CREDENTIALS, CAUSE_AUTH_NO_CREDENTIALS,
			CAUSE_AUTH_UPSTREAM_CREDENTIALS}},
	{CODE(54, "token", "the credentials are expired"), OF(STAGE_TOKEN, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_TOKEN_EXPIRED}},
	{CODE(55, "token", "the clock is wrong"), OF(STAGE_TOKEN, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_CLOCK_SKEW}},
	{CODE(56, "token", "too many requests"), OF(STAGE_TOKEN, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_THROTTLED, CAUSE_REGISTRY_RATE_LIMITED}},
	{CODE(57, "token", "the service fails"), OF(STAGE_TOKEN, ANY_ENDPOINT),
		.causes = {CAUSE_REGISTRY_UNAVAILABLE}},
	{CODE(58, "token", "the response is incomplete"), OF(STAGE_TOKEN, ANY_ENDPOINT),
		.causes = {CAUSE_NET_TIMEOUT, CAUSE_NET_RESET, CAUSE_NET_MTU_BLACKHOLE,
			CAUSE_REGISTRY_TRUNCATED, CAUSE_REGISTRY_SLOW}},
	{CODE(59, "token", "other"), OF(STAGE_TOKEN, ANY_ENDPOINT)},

	{CODE(60, "manifest", "no such repository"), OF(STAGE_MANIFEST, ANY_ENDPOINT),
		.causes = {CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_REGISTRY_WRONG_REGISTRY}},
	{CODE(61, "manifest", "no such tag or digest"), OF(STAGE_MANIFEST, ANY_ENDPOINT),
		.causes = {CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_DIGEST_GONE}},
	{CODE(62, "manifest", "the image is archived"), OF(STAGE_MANIFEST, ANY_ENDPOINT),
		.causes = {CAUSE_REGISTRY_ARCHIVED}},
	{CODE(63, "manifest", "the image is not for this platform"), OF(STAGE_MANIFEST, ANY_ENDPOINT),
		.causes = {CAUSE_REGISTRY_PLATFORM_MISMATCH, CAUSE_IMAGE_UNSUPPORTED_MANIFEST}},
	{CODE(64, "manifest",
		 "the caller's (or the organization's) policies or credentials do not allow it"),
		OF(STAGE_MANIFEST, ANY_ENDPOINT),
		.causes = {CAUSE_AUTH_IAM_IDENTITY, CAUSE_AUTH_SCP,
			CAUSE_AUTH_UPSTREAM_CREDENTIALS}},
	{CODE(65, "manifest", "the repository's policy does not allow it"),
		OF(STAGE_MANIFEST, ANY_ENDPOINT), .causes = {CAUSE_REGISTRY_REPO_POLICY}},
	{CODE(66, "manifest", "the VPC endpoint's policy does not allow it"),
		OF(STAGE_MANIFEST, ANY_ENDPOINT), .causes = {CAUSE_AUTH_ENDPOINT_POLICY}},
	{CODE(67, "manifest", "the pull-through cache cannot fetch it"),
		OF(STAGE_MANIFEST, ANY_ENDPOINT),
		.causes = {CAUSE_PTC_PERMISSION, CAUSE_PTC_UPSTREAM_AUTH}},
	{CODE(68, "manifest", "too many requests, or the registry fails"),
		OF(STAGE_MANIFEST, ANY_ENDPOINT),
		.causes = {CAUSE_REGISTRY_RATE_LIMITED, CAUSE_AUTH_THROTTLED,
			CAUSE_REGISTRY_UNAVAILABLE}},
	{CODE(69, "manifest", "other"), OF(STAGE_MANIFEST, ANY_ENDPOINT)},

	{CODE(70, "layers",
		 "registry: the caller's (or the organization's) policies or credentials do not "
		 "allow it"),
		OF(STAGE_LAYERS, ENDPOINT_DKR),
		.causes = {CAUSE_AUTH_IAM_IDENTITY, CAUSE_AUTH_SCP,
			CAUSE_AUTH_UPSTREAM_CREDENTIALS}},
	{CODE(71, "layers", "registry: the repository's policy does not allow it"),
		OF(STAGE_LAYERS, ENDPOINT_DKR), .causes = {CAUSE_REGISTRY_REPO_POLICY}},
	{CODE(72, "layers", "registry: the VPC endpoint's policy does not allow it"),
		OF(STAGE_LAYERS, ENDPOINT_DKR), .causes = {CAUSE_AUTH_ENDPOINT_POLICY}},
	{CODE(73, "layers", "registry: it redirects where a pull must not go"),
		OF(STAGE_LAYERS, ENDPOINT_DKR), .causes = {CAUSE_REGISTRY_BAD_REDIRECT}},
	{CODE(74, "layers", "registry: a layer is missing or is not what its digest says"),
		OF(STAGE_LAYERS, ENDPOINT_DKR),
		.causes = {CAUSE_IMAGE_CORRUPT_LAYER, CAUSE_REGISTRY_DIGEST_MISMATCH,
			CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_DIGEST_GONE,
			CAUSE_S3_NOT_FOUND}},
	{CODE(75, "layers", "registry: too many requests"), OF(STAGE_LAYERS, ENDPOINT_DKR),
		.causes = {CAUSE_REGISTRY_RATE_LIMITED, CAUSE_AUTH_THROTTLED}},
	{CODE(76, "layers", "registry: it fails"), OF(STAGE_LAYERS, ENDPOINT_DKR),
		.causes = {CAUSE_REGISTRY_UNAVAILABLE}},
	{CODE(77, "layers", "registry: the response is incomplete"),
		OF(STAGE_LAYERS, ENDPOINT_DKR),
		.causes = {CAUSE_NET_TIMEOUT, CAUSE_NET_RESET, CAUSE_NET_MTU_BLACKHOLE,
			CAUSE_REGISTRY_TRUNCATED, CAUSE_REGISTRY_SLOW}},
	{CODE(79, "layers", "registry: other"), OF(STAGE_LAYERS, ENDPOINT_DKR)},

	{CODE(80, "layers", "layer host: the S3 endpoint's policy does not allow the bucket"),
		OF(STAGE_LAYERS, ENDPOINT_S3), .causes = {CAUSE_S3_ENDPOINT_POLICY}},
	{CODE(81, "layers", "layer host: the KMS key of the layers is not usable"),
		OF(STAGE_LAYERS, ENDPOINT_S3), .causes = {CAUSE_S3_KMS}},
	{CODE(82, "layers", "layer host: the presigned URL is expired"),
		OF(STAGE_LAYERS, ENDPOINT_S3),
		.causes = {CAUSE_S3_EXPIRED_URL, CAUSE_AUTH_CLOCK_SKEW}},
	{CODE(83, "layers", "layer host: the connection is reset or cut"),
		OF(STAGE_LAYERS, ENDPOINT_S3), .causes = {CAUSE_S3_RESET, CAUSE_NET_RESET}},
	{CODE(84, "layers", "layer host: the bytes stop or come too slowly"),
		OF(STAGE_LAYERS, ENDPOINT_S3),
		.causes = {CAUSE_S3_STALLED, CAUSE_S3_SLOW, CAUSE_NET_MTU_BLACKHOLE,
			CAUSE_NET_TIMEOUT}},
	{CODE(85, "layers", "layer host: it does not have the blob"), OF(STAGE_LAYERS, ENDPOINT_S3),
		.causes = {CAUSE_S3_NOT_FOUND}},
	{CODE(86, "layers", "layer host: it fails"), OF(STAGE_LAYERS, ENDPOINT_S3),
		.causes = {CAUSE_S3_UNAVAILABLE}},
	{CODE(87, "layers", "layer host: the bytes are not what the digest says"),
		OF(STAGE_LAYERS, ENDPOINT_S3), .causes = {CAUSE_IMAGE_CORRUPT_LAYER}},
	{CODE(88, "layers", "layer host: it is not reachable, or something else answers"),
		OF(STAGE_LAYERS, ENDPOINT_S3),
		.causes = {CAUSE_S3_NO_ROUTE, CAUSE_S3_SECURITY_GROUP, CAUSE_S3_DNS,
			CAUSE_HTTP_NOT_THE_SERVICE}},
	{CODE(89, "layers", "layer host: other"), OF(STAGE_LAYERS, ENDPOINT_S3)},

	{CODE(EXIT_NOT_REACHED, "", "the stage of --stage was not reached: an earlier one broke")},
	{CODE(91, "also", "CloudWatch Logs is broken"), OF(ANY_STAGE, ENDPOINT_LOGS)},
	{CODE(92, "also", "Secrets Manager is broken"), OF(ANY_STAGE, ENDPOINT_SECRETSMANAGER)},
	{CODE(93, "also", "Systems Manager is broken"), OF(ANY_STAGE, ENDPOINT_SSM)},
	{CODE(94, "also", "KMS is broken"), OF(ANY_STAGE, ENDPOINT_KMS)},
	{CODE(95, "also", "STS is broken"), OF(ANY_STAGE, ENDPOINT_STS)},
	{CODE(96, "also", "ECS Exec's channel is broken"), OF(ANY_STAGE, ENDPOINT_SSMMESSAGES)},
	{CODE(97, "also", "the ECS control plane is broken"), OF(ANY_STAGE, ENDPOINT_ECS)},
	{CODE(EXIT_OTHER_SERVICE, "also",
		"the bucket of environment files, or another service of --also, is broken"),
		OF(ANY_STAGE, ENDPOINT_ENVFILE)},
	{CODE(EXIT_UNSETTLED, "", "the run ended before it was settled whether the pull works")},
};
/* clang-format on */

const struct exit_code *exit_code_at(size_t index)
{
	return index < sizeof rows / sizeof *rows ? &rows[index].code : NULL;
}

const struct exit_code *exit_code_row(int code)
{
	const struct exit_code *row;
	for (size_t i = 0; (row = exit_code_at(i)); i++)
		if (row->code == code)
			return row;
	return NULL;
}

static bool is_of_cause(const struct row *row, enum cause cause)
{
	size_t i = 0;
	while (i < CAUSES_MAX && row->causes[i] != CAUSE_NONE && row->causes[i] != cause)
		i++;
	return row->causes[0] == CAUSE_NONE || (i < CAUSES_MAX && row->causes[i] == cause);
}

/* of --also, which no stage's "other" is for */
static bool is_also(enum endpoint_kind kind)
{
	return kind >= ENDPOINT_LOGS && kind <= ENDPOINT_ENVFILE;
}

/* It may have some, so "there are none" would be wrong. */
static bool is_unreached(const struct finding *finding)
{
	static const enum symptom symptoms[] = {SYMPTOM_TIMEOUT, SYMPTOM_REFUSED,
		SYMPTOM_UNREACHABLE, SYMPTOM_PROHIBITED, SYMPTOM_RESET, SYMPTOM_CLOSED};
	for (size_t i = 0; i < sizeof symptoms / sizeof *symptoms; i++)
		if (finding->stage == STAGE_CREDENTIALS && finding->symptom == symptoms[i])
			return true;
	return false;
}

static bool is_of(const struct row *row, const struct finding *finding, bool several)
{
	bool any_endpoint = row->endpoint == ANY_ENDPOINT && !is_also(finding->endpoint);
	/* the redirect is the registry's, whoever asked for it */
	bool of_registry = row->endpoint == ENDPOINT_DKR && finding->stage == STAGE_LAYERS &&
		finding->endpoint != ENDPOINT_S3 && !is_also(finding->endpoint);
	return row->is_of_findings && row->several == several &&
		row->unreached == is_unreached(finding) &&
		(row->stage == ANY_STAGE || row->stage == (int)finding->stage) &&
		(any_endpoint || of_registry || row->endpoint == (int)finding->endpoint) &&
		is_of_cause(row, finding->cause);
}

int exit_code_of(const struct finding *finding, bool several)
{
	several = several && finding->stage <= STAGE_HTTP && !is_also(finding->endpoint);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (is_of(&rows[i], finding, several))
			return rows[i].code.code;
	/* the codes are used up: further services share one, which says so */
	return is_also(finding->endpoint) ? EXIT_OTHER_SERVICE : EXIT_UNSETTLED;
}
