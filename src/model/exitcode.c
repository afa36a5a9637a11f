/* The exit codes, a row each, in the order of their numbers. Which finding has which: its cause
 * says so (causes.h), its endpoint if that is of no pull (lists.h), or its stage and endpoint. */
#include "base/die.h"
#include "model/finding.h"

#define ROW_(code, stage, says)                     \
	{                                           \
		code, LITERAL(stage), LITERAL(says) \
	}

/* clang-format off */
static const struct exit_code rows[] = {
	ROW_(EXIT_WORKS, "", "the pull works"),
	ROW_(EXIT_USAGE, "", "the command line or the image reference is wrong"),
	ROW_(EXIT_UNABLE, "", "the probe itself could not work"),

	ROW_(10, "dns", "the name of the API (or token service) does not resolve"),
	ROW_(11, "dns", "the registry's name does not resolve"),
	ROW_(12, "dns", "the layer host's name does not resolve"),
	ROW_(13, "dns", "several names do not resolve"),
	ROW_(19, "dns", "another name does not resolve"),

	ROW_(20, "tcp", "no connection to the API (or token service)"),
	ROW_(21, "tcp", "no connection to the registry"),
	ROW_(22, "tcp", "no connection to the layer host"),
	ROW_(23, "tcp", "no connection to several endpoints"),
	ROW_(29, "tcp", "no connection to another endpoint"),

	ROW_(30, "tls", "no TLS with the API (or token service)"),
	ROW_(31, "tls", "no TLS with the registry"),
	ROW_(32, "tls", "no TLS with the layer host"),
	ROW_(33, "tls", "no TLS with several endpoints"),
	ROW_(39, "tls", "no TLS with another endpoint"),

	ROW_(40, "http", "the API (or token service) gives no valid response"),
	ROW_(41, "http", "the registry gives no valid response"),
	ROW_(42, "http", "the layer host gives no valid response"),
	ROW_(43, "http", "several endpoints give no valid response"),
	ROW_(44, "http", "another endpoint gives no valid response"),

	ROW_(45, "credentials", "there are none"),
	ROW_(46, "credentials", "they are expired"),
	ROW_(47, "credentials", "the role cannot be assumed, or they are not valid"),
	ROW_(EXIT_UNREACHED, "credentials", "their source cannot be reached"),
	ROW_(49, "credentials", "other"),

	ROW_(50, "token", "the caller's own policies do not allow it"),
	ROW_(51, "token", "the VPC endpoint's policy does not allow it"),
	ROW_(52, "token", "an organization's policy denies it"),
	ROW_(53, "token", "the credentials are not accepted"),
	ROW_(54, "token", "the credentials are expired"),
	ROW_(55, "token", "the clock is wrong"),
	ROW_(56, "token", "too many requests"),
	ROW_(57, "token", "the service fails"),
	ROW_(58, "token", "the response is incomplete"),
	ROW_(59, "token", "other"),

	ROW_(60, "manifest", "no such repository"),
	ROW_(61, "manifest", "no such tag or digest"),
	ROW_(62, "manifest", "the image is archived"),
	ROW_(63, "manifest", "the image is not for this platform, or not for its puller"),
	ROW_(64, "manifest",
		"the caller's (or the organization's) policies or credentials do not allow it"),
	ROW_(65, "manifest", "the repository's policy does not allow it"),
	ROW_(66, "manifest", "the VPC endpoint's policy does not allow it"),
	ROW_(67, "manifest", "the pull-through cache cannot fetch it"),
	ROW_(68, "manifest", "too many requests, or the registry fails"),
	ROW_(69, "manifest", "other"),

	ROW_(70, "layers",
		"registry: the caller's (or the organization's) policies or credentials do not allow it"),
	ROW_(71, "layers", "registry: the repository's policy does not allow it"),
	ROW_(72, "layers", "registry: the VPC endpoint's policy does not allow it"),
	ROW_(73, "layers", "registry: it redirects where a pull must not go"),
	ROW_(74, "layers", "registry: a layer is missing or is not what its digest says"),
	ROW_(75, "layers", "registry: too many requests"),
	ROW_(76, "layers", "registry: it fails"),
	ROW_(77, "layers", "registry: the response is incomplete"),
	ROW_(79, "layers", "registry: other"),
	ROW_(80, "layers", "layer host: the S3 endpoint's policy does not allow the bucket"),
	ROW_(81, "layers", "layer host: the KMS key of the layers is not usable"),
	ROW_(82, "layers", "layer host: the presigned URL is expired"),
	ROW_(83, "layers", "layer host: the connection is reset or cut"),
	ROW_(84, "layers", "layer host: the bytes stop or come too slowly"),
	ROW_(85, "layers", "layer host: it does not have the blob"),
	ROW_(86, "layers", "layer host: it fails"),
	ROW_(87, "layers", "layer host: the bytes are not what the digest says"),
	ROW_(88, "layers", "layer host: it is not reachable, or something else answers"),
	ROW_(89, "layers", "layer host: other"),

	ROW_(EXIT_NOT_REACHED, "", "the stage of --stage was not reached: an earlier one broke"),

	ROW_(91, "also", "CloudWatch Logs is broken"),
	ROW_(92, "also", "Secrets Manager is broken"),
	ROW_(93, "also", "Systems Manager is broken"),
	ROW_(94, "also", "KMS is broken"),
	ROW_(95, "also", "STS is broken"),
	ROW_(96, "also", "ECS Exec's channel is broken"),
	ROW_(97, "also", "the ECS control plane is broken"),
	ROW_(EXIT_OTHER_SERVICE, "also",
		"the bucket of environment files, or another service of --also, is broken"),

	ROW_(EXIT_UNSETTLED, "", "the run ended before it was settled whether the pull works"),
};
/* clang-format on */

const struct exit_code *exit_code_at(size_t index)
{
	return index < sizeof rows / sizeof *rows ? &rows[index] : NULL;
}

const struct exit_code *exit_code_row(int code)
{
	const struct exit_code *row;
	for (size_t i = 0; (row = exit_code_at(i)); i++)
		if (row->code == code)
			return row;
	return NULL;
}

_Static_assert(STAGE_START == 8 && STAGE_COUNT == 9, "a new stage needs exit codes here");

#define BIT(name) (UINT64_C(1) << SYMPTOM_##name)

int exit_code_of(const struct finding *finding, bool several)
{
#define CODES_(...) {__VA_ARGS__},
#define CAUSE_CODES_(name, label, codes, meaning) CODES_ codes
	static const uint8_t codes[][5] = {CAUSES(CAUSE_CODES_)};
	static const uint64_t unreached = BIT(TIMEOUT) | BIT(REFUSED) | BIT(UNREACHABLE) |
		BIT(PROHIBITED) | BIT(RESET) | BIT(CLOSED);
	static const uint8_t others[] = {19, 29, 39, 44, 49, 59, 69, 79, 89};
	if (endpoint_use(finding->endpoint) != USED_BY_PULL)
		return endpoint_exit_code(finding->endpoint);
	if (finding->stage == STAGE_START)
		return EXIT_UNSETTLED;
	/* it may have some credentials, so "there are none" would be wrong */
	if (finding->stage == STAGE_CREDENTIALS && unreached & UINT64_C(1) << finding->symptom)
		return EXIT_UNREACHED;
	/* ten codes a stage: those of the three endpoints of a pull, of several, and of another */
	if (finding->stage <= STAGE_HTTP && several)
		return 13 + 10 * (int)finding->stage;
	if (finding->stage <= STAGE_HTTP && finding->endpoint >= ENDPOINT_API &&
		finding->endpoint <= ENDPOINT_S3)
		return 10 + 10 * (int)finding->stage + (int)finding->endpoint - ENDPOINT_API;
	/* a redirect is the registry's, whoever asked for it */
	bool layer_host = finding->stage == STAGE_LAYERS && finding->endpoint == ENDPOINT_S3;
	size_t column = finding->stage + layer_host;
	int code = finding->stage > STAGE_HTTP ? codes[finding->cause][column - STAGE_CREDENTIALS]
					       : 0;
	return code ? code : others[column];
}
