/* The exit codes, a row each, in the order of their numbers. A row says which findings it is the
 * code of: the first row that fits counts, so the last of each stage is "other". */
#include "model/exitcode.h"
#include "base/die.h"

enum { ANY_STAGE = STAGE_COUNT, ANY_ROLE = ROLE_COUNT, CLASSES_MAX = 8 };

struct row {
	struct exit_code code;
	/* the findings that it is for */
	bool is_of_findings;
	int stage; /* enum stage, or ANY_STAGE */
	int role;  /* enum role, or ANY_ROLE */
	bool several;
	enum class classes[CLASSES_MAX]; /* up to the first NONE; without one, any class */
	bool unreached; /* for a source of credentials that gives no answer; others for the rest */
};

#define LITERAL_(literal)                    \
	{                                    \
		literal, sizeof(literal) - 1 \
	}
#define CODE(number, label, says) .code = {number, LITERAL_(label), LITERAL_(says)}
#define OF(of_stage, of_role) .is_of_findings = true, .stage = of_stage, .role = of_role

/* clang-format off */
static const struct row rows[] = {
	{CODE(EXIT_WORKS, "", "the pull works")},
	{CODE(EXIT_USAGE, "", "the command line or the image reference is wrong")},
	{CODE(EXIT_UNABLE, "", "the probe itself could not work")},

	{CODE(10, "dns", "the name of the API (or token service) does not resolve"),
		OF(STAGE_DNS, ROLE_API)},
	{CODE(11, "dns", "the registry's name does not resolve"), OF(STAGE_DNS, ROLE_DKR)},
	{CODE(12, "dns", "the layer host's name does not resolve"), OF(STAGE_DNS, ROLE_S3)},
	{CODE(13, "dns", "several names do not resolve"), OF(STAGE_DNS, ANY_ROLE), .several = true},
	{CODE(19, "dns", "another name does not resolve"), OF(STAGE_DNS, ANY_ROLE)},

	{CODE(20, "tcp", "no connection to the API (or token service)"), OF(STAGE_TCP, ROLE_API)},
	{CODE(21, "tcp", "no connection to the registry"), OF(STAGE_TCP, ROLE_DKR)},
	{CODE(22, "tcp", "no connection to the layer host"), OF(STAGE_TCP, ROLE_S3)},
	{CODE(23, "tcp", "no connection to several endpoints"), OF(STAGE_TCP, ANY_ROLE),
		.several = true},
	{CODE(29, "tcp", "no connection to another endpoint"), OF(STAGE_TCP, ANY_ROLE)},

	{CODE(30, "tls", "no TLS with the API (or token service)"), OF(STAGE_TLS, ROLE_API)},
	{CODE(31, "tls", "no TLS with the registry"), OF(STAGE_TLS, ROLE_DKR)},
	{CODE(32, "tls", "no TLS with the layer host"), OF(STAGE_TLS, ROLE_S3)},
	{CODE(33, "tls", "no TLS with several endpoints"), OF(STAGE_TLS, ANY_ROLE),
		.several = true},
	{CODE(39, "tls", "no TLS with another endpoint"), OF(STAGE_TLS, ANY_ROLE)},

	{CODE(40, "http", "the API (or token service) does not answer as itself"),
		OF(STAGE_HTTP, ROLE_API)},
	{CODE(41, "http", "the registry does not answer as itself"), OF(STAGE_HTTP, ROLE_DKR)},
	{CODE(42, "http", "the layer host does not answer as itself"), OF(STAGE_HTTP, ROLE_S3)},
	{CODE(43, "http", "several endpoints do not answer as themselves"),
		OF(STAGE_HTTP, ANY_ROLE), .several = true},
	{CODE(44, "http", "another endpoint does not answer as itself"), OF(STAGE_HTTP, ANY_ROLE)},

	{CODE(45, "credentials", "there are none"), OF(STAGE_CREDENTIALS, ANY_ROLE),
		.classes = {CLASS_AUTH_NO_CREDENTIALS}},
	{CODE(46, "credentials", "they are expired"), OF(STAGE_CREDENTIALS, ANY_ROLE),
		.classes = {CLASS_AUTH_TOKEN_EXPIRED, CLASS_AUTH_CLOCK_SKEW}},
	{CODE(47, "credentials", "the role cannot be assumed, or they are not valid"),
		OF(STAGE_CREDENTIALS, ANY_ROLE),
		.classes = {CLASS_AUTH_ASSUME_ROLE, CLASS_AUTH_INVALID_CREDENTIALS}},
	{CODE(48, "credentials", "their source cannot be reached"),
		OF(STAGE_CREDENTIALS, ANY_ROLE), .unreached = true},
	{CODE(49, "credentials", "other"), OF(STAGE_CREDENTIALS, ANY_ROLE)},

	{CODE(50, "token", "the caller's own policies do not allow it"),
		OF(STAGE_TOKEN, ANY_ROLE), .classes = {CLASS_AUTH_IAM_IDENTITY}},
	{CODE(51, "token", "the VPC endpoint's policy does not allow it"),
		OF(STAGE_TOKEN, ANY_ROLE), .classes = {CLASS_AUTH_ENDPOINT_POLICY}},
	{CODE(52, "token", "an organization's policy denies it"), OF(STAGE_TOKEN, ANY_ROLE),
		.classes = {CLASS_AUTH_SCP}},
	{CODE(53, "token", "the credentials are not accepted"), OF(STAGE_TOKEN, ANY_ROLE),
		.classes = {CLASS_AUTH_INVALID_CREDENTIALS, CLASS_AUTH_NO_CREDENTIALS,
			CLASS_AUTH_UPSTREAM_CREDENTIALS}},
	{CODE(54, "token", "the credentials are expired"), OF(STAGE_TOKEN, ANY_ROLE),
		.classes = {CLASS_AUTH_TOKEN_EXPIRED}},
	{CODE(55, "token", "the clock is wrong"), OF(STAGE_TOKEN, ANY_ROLE),
		.classes = {CLASS_AUTH_CLOCK_SKEW}},
	{CODE(56, "token", "too many requests"), OF(STAGE_TOKEN, ANY_ROLE),
		.classes = {CLASS_AUTH_THROTTLED, CLASS_REGISTRY_RATE_LIMITED}},
	{CODE(57, "token", "the service fails"), OF(STAGE_TOKEN, ANY_ROLE),
		.classes = {CLASS_REGISTRY_UNAVAILABLE}},
	{CODE(58, "token", "the answer does not come whole"), OF(STAGE_TOKEN, ANY_ROLE),
		.classes = {CLASS_NET_TIMEOUT, CLASS_NET_RESET, CLASS_NET_MTU_BLACKHOLE,
			CLASS_REGISTRY_TRUNCATED, CLASS_REGISTRY_SLOW}},
	{CODE(59, "token", "other"), OF(STAGE_TOKEN, ANY_ROLE)},

	{CODE(60, "manifest", "no such repository"), OF(STAGE_MANIFEST, ANY_ROLE),
		.classes = {CLASS_REGISTRY_REPO_NOT_FOUND, CLASS_REGISTRY_WRONG_REGISTRY}},
	{CODE(61, "manifest", "no such tag or digest"), OF(STAGE_MANIFEST, ANY_ROLE),
		.classes = {CLASS_REGISTRY_TAG_NOT_FOUND, CLASS_REGISTRY_DIGEST_GONE}},
	{CODE(62, "manifest", "the image is archived"), OF(STAGE_MANIFEST, ANY_ROLE),
		.classes = {CLASS_REGISTRY_ARCHIVED}},
	{CODE(63, "manifest", "the image is not for this platform"), OF(STAGE_MANIFEST, ANY_ROLE),
		.classes = {CLASS_REGISTRY_PLATFORM_MISMATCH, CLASS_IMAGE_UNSUPPORTED_MANIFEST}},
	{CODE(64, "manifest",
		 "the caller's (or the organization's) policies or credentials do not allow it"),
		OF(STAGE_MANIFEST, ANY_ROLE),
		.classes = {CLASS_AUTH_IAM_IDENTITY, CLASS_AUTH_SCP,
			CLASS_AUTH_UPSTREAM_CREDENTIALS}},
	{CODE(65, "manifest", "the repository's policy does not allow it"),
		OF(STAGE_MANIFEST, ANY_ROLE), .classes = {CLASS_REGISTRY_REPO_POLICY}},
	{CODE(66, "manifest", "the VPC endpoint's policy does not allow it"),
		OF(STAGE_MANIFEST, ANY_ROLE), .classes = {CLASS_AUTH_ENDPOINT_POLICY}},
	{CODE(67, "manifest", "the pull-through cache cannot fetch it"),
		OF(STAGE_MANIFEST, ANY_ROLE),
		.classes = {CLASS_PTC_PERMISSION, CLASS_PTC_UPSTREAM_AUTH}},
	{CODE(68, "manifest", "too many requests, or the registry fails"),
		OF(STAGE_MANIFEST, ANY_ROLE),
		.classes = {CLASS_REGISTRY_RATE_LIMITED, CLASS_AUTH_THROTTLED,
			CLASS_REGISTRY_UNAVAILABLE}},
	{CODE(69, "manifest", "other"), OF(STAGE_MANIFEST, ANY_ROLE)},

	{CODE(70, "layers",
		 "registry: the caller's (or the organization's) policies or credentials do not "
		 "allow it"),
		OF(STAGE_LAYERS, ROLE_DKR),
		.classes = {CLASS_AUTH_IAM_IDENTITY, CLASS_AUTH_SCP,
			CLASS_AUTH_UPSTREAM_CREDENTIALS}},
	{CODE(71, "layers", "registry: the repository's policy does not allow it"),
		OF(STAGE_LAYERS, ROLE_DKR), .classes = {CLASS_REGISTRY_REPO_POLICY}},
	{CODE(72, "layers", "registry: the VPC endpoint's policy does not allow it"),
		OF(STAGE_LAYERS, ROLE_DKR), .classes = {CLASS_AUTH_ENDPOINT_POLICY}},
	{CODE(73, "layers", "registry: it redirects where a pull must not go"),
		OF(STAGE_LAYERS, ROLE_DKR), .classes = {CLASS_REGISTRY_BAD_REDIRECT}},
	{CODE(74, "layers", "registry: a layer is missing or is not what its digest says"),
		OF(STAGE_LAYERS, ROLE_DKR),
		.classes = {CLASS_IMAGE_CORRUPT_LAYER, CLASS_REGISTRY_DIGEST_MISMATCH,
			CLASS_REGISTRY_TAG_NOT_FOUND, CLASS_REGISTRY_DIGEST_GONE,
			CLASS_S3_NOT_FOUND}},
	{CODE(75, "layers", "registry: too many requests"), OF(STAGE_LAYERS, ROLE_DKR),
		.classes = {CLASS_REGISTRY_RATE_LIMITED, CLASS_AUTH_THROTTLED}},
	{CODE(76, "layers", "registry: it fails"), OF(STAGE_LAYERS, ROLE_DKR),
		.classes = {CLASS_REGISTRY_UNAVAILABLE}},
	{CODE(77, "layers", "registry: the answer does not come whole"),
		OF(STAGE_LAYERS, ROLE_DKR),
		.classes = {CLASS_NET_TIMEOUT, CLASS_NET_RESET, CLASS_NET_MTU_BLACKHOLE,
			CLASS_REGISTRY_TRUNCATED, CLASS_REGISTRY_SLOW}},
	{CODE(79, "layers", "registry: other"), OF(STAGE_LAYERS, ROLE_DKR)},

	{CODE(80, "layers", "layer host: the S3 endpoint's policy does not allow the bucket"),
		OF(STAGE_LAYERS, ROLE_S3), .classes = {CLASS_S3_ENDPOINT_POLICY}},
	{CODE(81, "layers", "layer host: the KMS key of the layers is not usable"),
		OF(STAGE_LAYERS, ROLE_S3), .classes = {CLASS_S3_KMS}},
	{CODE(82, "layers", "layer host: the presigned URL is expired"),
		OF(STAGE_LAYERS, ROLE_S3),
		.classes = {CLASS_S3_EXPIRED_URL, CLASS_AUTH_CLOCK_SKEW}},
	{CODE(83, "layers", "layer host: the connection is reset or cut"),
		OF(STAGE_LAYERS, ROLE_S3), .classes = {CLASS_S3_RESET, CLASS_NET_RESET}},
	{CODE(84, "layers", "layer host: the bytes stop or come too slowly"),
		OF(STAGE_LAYERS, ROLE_S3),
		.classes = {CLASS_S3_STALLED, CLASS_S3_SLOW, CLASS_NET_MTU_BLACKHOLE,
			CLASS_NET_TIMEOUT}},
	{CODE(85, "layers", "layer host: it does not have the blob"), OF(STAGE_LAYERS, ROLE_S3),
		.classes = {CLASS_S3_NOT_FOUND}},
	{CODE(86, "layers", "layer host: it fails"), OF(STAGE_LAYERS, ROLE_S3),
		.classes = {CLASS_S3_UNAVAILABLE}},
	{CODE(87, "layers", "layer host: the bytes are not what the digest says"),
		OF(STAGE_LAYERS, ROLE_S3), .classes = {CLASS_IMAGE_CORRUPT_LAYER}},
	{CODE(88, "layers", "layer host: it is not reachable, or something else answers"),
		OF(STAGE_LAYERS, ROLE_S3),
		.classes = {CLASS_S3_NO_ROUTE, CLASS_S3_SECURITY_GROUP, CLASS_S3_DNS,
			CLASS_HTTP_NOT_THE_SERVICE}},
	{CODE(89, "layers", "layer host: other"), OF(STAGE_LAYERS, ROLE_S3)},

	{CODE(EXIT_NOT_REACHED, "", "the stage of --stage was not reached: an earlier one broke")},
	{CODE(91, "also", "CloudWatch Logs is broken"), OF(ANY_STAGE, ROLE_LOGS)},
	{CODE(92, "also", "Secrets Manager is broken"), OF(ANY_STAGE, ROLE_SECRETSMANAGER)},
	{CODE(93, "also", "Systems Manager is broken"), OF(ANY_STAGE, ROLE_SSM)},
	{CODE(94, "also", "KMS is broken"), OF(ANY_STAGE, ROLE_KMS)},
	{CODE(95, "also", "STS is broken"), OF(ANY_STAGE, ROLE_STS)},
	{CODE(96, "also", "ECS Exec's channel is broken"), OF(ANY_STAGE, ROLE_SSMMESSAGES)},
	{CODE(97, "also", "the ECS control plane is broken"), OF(ANY_STAGE, ROLE_ECS)},
	{CODE(98, "also", "the bucket of environment files is broken"),
		OF(ANY_STAGE, ROLE_ENVFILE)},
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

static bool is_of_class(const struct row *row, enum class class)
{
	size_t i = 0;
	while (i < CLASSES_MAX && row->classes[i] != CLASS_NONE && row->classes[i] != class)
		i++;
	return row->classes[0] == CLASS_NONE || (i < CLASSES_MAX && row->classes[i] == class);
}

/* of --also, which no stage's "other" is for */
static bool is_also(enum role role)
{
	return role >= ROLE_LOGS && role <= ROLE_ENVFILE;
}

/* It may have some, so "there are none" would be wrong. */
static bool is_unreached(const struct finding *finding)
{
	static const enum cause causes[] = {CAUSE_TIMEOUT, CAUSE_REFUSED, CAUSE_UNREACHABLE,
		CAUSE_PROHIBITED, CAUSE_RESET, CAUSE_CLOSED};
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (finding->stage == STAGE_CREDENTIALS && finding->cause == causes[i])
			return true;
	return false;
}

static bool is_of(const struct row *row, const struct finding *finding, bool several)
{
	bool any_role = row->role == ANY_ROLE && !is_also(finding->role);
	/* the redirect is the registry's, whoever asked for it */
	bool of_registry = row->role == ROLE_DKR && finding->stage == STAGE_LAYERS &&
		finding->role != ROLE_S3 && !is_also(finding->role);
	return row->is_of_findings && row->several == several &&
		row->unreached == is_unreached(finding) &&
		(row->stage == ANY_STAGE || row->stage == (int)finding->stage) &&
		(any_role || of_registry || row->role == (int)finding->role) &&
		is_of_class(row, finding->class);
}

int exit_code_of(const struct finding *finding, bool several)
{
	several = several && finding->stage <= STAGE_HTTP && !is_also(finding->role);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (is_of(&rows[i], finding, several))
			return rows[i].code.code;
	return EXIT_UNSETTLED;
}
