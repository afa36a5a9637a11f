/* Rows about what answered: registry, token service, S3, IAM, and the machine itself. */
#include "diagnose/error_text_parts.h"

/* ECR answers a digest that is gone with 403 at times */
#define HIDES_A_DIGEST                                                                   \
	CAUSE_AUTH_IAM_IDENTITY, CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_ENDPOINT_POLICY, \
		CAUSE_REGISTRY_DIGEST_GONE
#define PAUSE_IMAGE                                                                             \
	"The node's pause image is gone, usually removed by the kubelet's garbage collection; " \
	"containerd pulls it again, and has no ECR credentials."
#define PAUSE_ADVICE                                                                              \
	{                                                                                         \
		.verify = "On the node: crictl images | grep pause.",                             \
		.fix = {"On the node run: systemctl restart sandbox-image; or replace the node.", \
			"Use a current AMI: it pins the pause image. sandbox_image in "           \
			"containerd's configuration and --pod-infra-container-image of the "      \
			"kubelet must name the same image."},                                     \
		.confirm = {"grep sandbox_image /etc/containerd/config.toml"},                    \
	}

static const struct error_text_row rows[] = {
	/* a proxy fails in the words of everything else: its name, its connection, a status */
	{ALL(PATTERN_PROXY_FAILED, PATTERN_NOT_TLS), NOT(0), LIKELY,
		{CAUSE_PROXY_UNREACHABLE, CAUSE_TLS_NOT_TLS},
		.says = "The configured proxy does not speak TLS: its URL begins with https:// "
			"where http:// is meant."},
	{ALL(PATTERN_PROXY_FAILED), NOT(0), PROVEN, {CAUSE_PROXY_UNREACHABLE},
		.says = "The configured proxy does not let the request through."},
	{ALL(PATTERN_CONNECT_REFUSED), NOT(0), LIKELY, {CAUSE_PROXY_UNREACHABLE},
		.says = "A proxy refuses to connect to the host: the text has its status alone, "
			"without number, and no answer of the registry."},
	/* containerd pulls the pause image itself, without the kubelet's credentials */
	{ALL(PATTERN_SANDBOX, PATTERN_NO_BASIC_AUTH), NOT(PATTERN_FOREIGN), LIKELY,
		{CAUSE_AUTH_NO_CREDENTIALS}, .says = PAUSE_IMAGE, .own = PAUSE_ADVICE},
	{ALL(PATTERN_SANDBOX, PATTERN_UNAUTHORIZED), NOT(PATTERN_FOREIGN), LIKELY,
		{CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_IAM_IDENTITY},
		.says = PAUSE_IMAGE, .own = PAUSE_ADVICE},
	/* disk and layers first: their texts hold many other words */
	{ALL(PATTERN_DISK, PATTERN_NO_DISK), NOT(0), LIKELY, {CAUSE_CLIENT_CONFIG, CAUSE_ECS_START},
		.says = "Another limit of the machine than its disk is reached: of namespaces, "
			"watches or control groups; the kernel names all of them alike."},
	{ALL(PATTERN_DISK), NOT(0), PROVEN, {CAUSE_IMAGE_DISK_FULL},
		.says = "There is no space left to store or unpack the image."},
	{ALL(PATTERN_PLATFORM), NOT(0), PROVEN, {CAUSE_REGISTRY_PLATFORM_MISMATCH},
		.says = "The image exists, but not for this operating system and architecture."},
	{ALL(PATTERN_EXEC_FORMAT), NOT(0), LIKELY, {CAUSE_REGISTRY_PLATFORM_MISMATCH},
		.says = "The image was pulled, and its program is for another architecture; a "
			"script without its #! line fails in the same words."},
	{ALL(PATTERN_OLD_MEDIA_TYPE), NOT(0), LIKELY, {CAUSE_IMAGE_UNSUPPORTED_MANIFEST},
		.says = "The image has a form that this puller does not support: schema 1, an "
			"index with attestations, an unknown compression, or too many layers."},
	{ALL(PATTERN_INCONSISTENT), NOT(0), LIKELY,
		{CAUSE_IMAGE_UNSUPPORTED_MANIFEST, CAUSE_IMAGE_CORRUPT_LAYER},
		.says = "The image's configuration does not list the layers of its manifest: it is "
			"no runnable image (a build cache, an attestation), or it was built or "
			"copied wrong."},
	{ALL(PATTERN_TOO_LARGE), NOT(0), PROVEN, {CAUSE_IMAGE_DISK_FULL},
		.says = "The image is larger, unpacked, than its puller takes: Lambda's limit is "
			"10 GB."},
	{ALL(PATTERN_COMPRESSION), NOT(0), LIKELY,
		{CAUSE_IMAGE_UNSUPPORTED_MANIFEST, CAUSE_IMAGE_CORRUPT_LAYER},
		.says = "A layer could not be unpacked: most often it is compressed with zstd, "
			"which Docker before version 23 does not know.",
		.own = {.fix = {"Update Docker, or build the image with gzip: docker buildx build "
				"--output "
				"type=image,compression=gzip,force-compression=true,push=true ."},
			.verify = "The media types of the layers: +zstd or +gzip."}},
	{ALL(PATTERN_ACCESS_ROLE), NOT(0), OPEN,
		{CAUSE_AUTH_ASSUME_ROLE, CAUSE_AUTH_IAM_IDENTITY, CAUSE_REGISTRY_REPO_POLICY},
		.says = "App Runner could not pull the image with its access role."},
	{ALL(PATTERN_COPY_FAILED), NOT(0), OPEN,
		{CAUSE_REGISTRY_PLATFORM_MISMATCH, CAUSE_AUTH_IAM_IDENTITY, CAUSE_AUTH_ASSUME_ROLE,
			CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "App Runner could not copy the image; it runs linux/amd64 images only."},
	{ALL(PATTERN_TWO_AUTHS), NOT(0), PROVEN, {CAUSE_CLIENT_CONFIG},
		.says = "The client sends its registry credentials on to S3, which refuses two "
			"kinds."},
	{ALL(PATTERN_KMS), NOT(PATTERN_SECRET), PROVEN, {CAUSE_S3_KMS},
		.says = "The KMS key that encrypts the repository cannot be used."},
	/* clocks, limits, tokens */
	{ALL(PATTERN_SKEWED), NOT(0), PROVEN, {CAUSE_AUTH_CLOCK_SKEW},
		.says = "The request was signed at a time outside the server's window."},
	{ALL(PATTERN_BAD_SIGNATURE), NOT(0), LIKELY, {CAUSE_AUTH_INVALID_CREDENTIALS},
		.says = "The signature is wrong: secret key and access key do not match."},
	{ALL(PATTERN_TOO_MANY, PATTERN_TO_GET_TOKEN), NOT(PATTERN_HUB), PROVEN,
		{CAUSE_AUTH_THROTTLED}, .says = "GetAuthorizationToken is called too often."},
	{ALL(PATTERN_TOO_MANY), NOT(0), PROVEN, {CAUSE_REGISTRY_RATE_LIMITED},
		.says = "The registry answers that there were too many requests."},
	{ALL(PATTERN_THROTTLING), NOT(0), PROVEN, {CAUSE_AUTH_THROTTLED},
		.says = "An AWS API is called too often in this account and Region."},
	{ALL(PATTERN_STALE), NOT(0), PROVEN, {CAUSE_AUTH_TOKEN_EXPIRED},
		.says = "The token or the session behind it is expired or not valid."},
	/* roles and policies; IAM names the policy type where it can */
	{ALL(PATTERN_ASSUMING), NOT(PATTERN_DIALLED, PATTERN_NO_SUCH_HOST, PATTERN_WAITED), PROVEN,
		{CAUSE_AUTH_ASSUME_ROLE}, .says = "The role cannot be assumed."},
	{ALL(PATTERN_BY_ORGANIZATION), NOT(0), PROVEN, {CAUSE_AUTH_SCP},
		.says = "A policy of the organization denies the action."},
	{ALL(PATTERN_BY_ENDPOINT, PATTERN_OF_S3), NOT(0), PROVEN, {CAUSE_S3_ENDPOINT_POLICY},
		.says = "The policy of the S3 endpoint does not allow the layer bucket."},
	{ALL(PATTERN_BY_ENDPOINT), NOT(0), PROVEN, {CAUSE_AUTH_ENDPOINT_POLICY},
		.says = "The policy of the VPC endpoint does not allow the request."},
	{ALL(PATTERN_LAMBDA), NOT(0), LIKELY, {CAUSE_REGISTRY_REPO_POLICY},
		.says = "Lambda may not read the image: the repository's policy does not grant "
			"lambda.amazonaws.com, or there is no such image."},
	{ALL(PATTERN_BY_RESOURCE), NOT(0), PROVEN, {CAUSE_REGISTRY_REPO_POLICY},
		.says = "The repository's policy does not grant the caller."},
	{ALL(PATTERN_BY_IDENTITY), NOT(0), PROVEN, {CAUSE_AUTH_IAM_IDENTITY},
		.says = "The caller's own policies do not allow the action, or one denies it."},
	{ALL(PATTERN_S3_XML, PATTERN_S3_LATE), NOT(0), LIKELY,
		{CAUSE_S3_EXPIRED_URL, CAUSE_AUTH_CLOCK_SKEW},
		.says = "S3 says that the layer's URL has expired."},
	{ALL(PATTERN_S3_XML, PATTERN_CUT_SHORT), NOT(0), OPEN,
		{CAUSE_NET_RESET, CAUSE_REGISTRY_UNAVAILABLE},
		.says = "The transfer of a layer was cut, and the bucket did not accept the "
			"request to go on with it."},
	{ALL(PATTERN_S3_XML), NOT(PATTERN_BROKEN_SERVER), LIKELY, {CAUSE_S3_ENDPOINT_POLICY},
		.says = "S3 itself refuses the layer, and registries sign layer URLs with their "
			"own rights: the usual refuser is the policy of the S3 endpoint on the "
			"way."},
	{ALL(PATTERN_NOT_AUTHORIZED, PATTERN_TO_GET_TOKEN), NOT(0), OPEN,
		{CAUSE_AUTH_IAM_IDENTITY, CAUSE_AUTH_ENDPOINT_POLICY, CAUSE_AUTH_SCP},
		.says = "The caller may not get a registry token; the text names no policy."},
	{ALL(PATTERN_PASS_ROLE), NOT(0), OPEN, {CAUSE_AUTH_IAM_IDENTITY, CAUSE_AUTH_ASSUME_ROLE},
		.says = "The caller may not pass that role to the service, or it is a role of "
			"another account."},
	{ALL(PATTERN_NOT_AUTHORIZED), NOT(0), OPEN,
		{CAUSE_AUTH_IAM_IDENTITY, CAUSE_REGISTRY_REPO_POLICY},
		.says = "The action is denied; the text does not name the policy."},
	/* references */
	{ALL(PATTERN_URI_AS_NAME), NOT(0), PROVEN, {CAUSE_REF_BAD_REFERENCE},
		.says = "A whole image URI was given where the repository's name belongs."},
	{ALL(PATTERN_NOT_ECR, PATTERN_DKR), NOT(0), LIKELY, {CAUSE_REF_BAD_REFERENCE},
		.says = "The URI of the image is not valid: a tag and a digest at once, a "
			"placeholder, or a part that is missing."},
	{ALL(PATTERN_NOT_ECR), NOT(0), LIKELY,
		{CAUSE_REF_BAD_REFERENCE, CAUSE_REGISTRY_WRONG_REGISTRY},
		.says = "This service takes whole URIs of images in private ECR alone."},
	{ALL(PATTERN_NO_HOST_NAME), NOT(0), OPEN, {CAUSE_REF_BAD_REFERENCE, CAUSE_REF_BAD_HOSTNAME},
		.says = "A URL or a path was given where the registry's name belongs: without "
			"https://, and without what follows the host."},
	{ALL(PATTERN_ONE_REGION), NOT(0), LIKELY, {CAUSE_REF_BAD_HOSTNAME},
		.says = "The API of ECR Public was asked in another Region than us-east-1, its "
			"only one for this call.",
		.own = {.fix = {"Ask it in its Region: aws ecr-public get-login-password --region "
				"us-east-1"}}},
	{ALL(PATTERN_MALFORMED), NOT(0), PROVEN, {CAUSE_REF_BAD_REFERENCE},
		.says = "The image reference is malformed."},
	{ALL(PATTERN_NAME_UNKNOWN, PATTERN_CACHED_PATH), NOT(0), OPEN,
		{CAUSE_PTC_PERMISSION, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The repository does not exist; its name looks like a pull-through "
			"cache's, which creates repositories for callers that may."},
	{ALL(PATTERN_NAME_UNKNOWN, PATTERN_NAME_TOLD), NOT(0), PROVEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "There is no such repository in that account and Region."},
	{ALL(PATTERN_NAME_UNKNOWN, PATTERN_FOREIGN), NOT(0), OPEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The registry shows no such repository to this caller."},
	{ALL(PATTERN_NAME_UNKNOWN), NOT(0), OPEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_PTC_PERMISSION, CAUSE_REF_BAD_REFERENCE},
		.says = "There is no such repository; the text ends before it names it."},
	{ALL(PATTERN_MANIFEST_UNKNOWN, PATTERN_CACHED_PATH, PATTERN_PINNED), NOT(0), OPEN,
		{CAUSE_PTC_PERMISSION, CAUSE_REGISTRY_DIGEST_GONE}, .says = BY_DIGEST},
	{ALL(PATTERN_MANIFEST_UNKNOWN, PATTERN_CACHED_PATH), NOT(0), OPEN,
		{CAUSE_PTC_PERMISSION, CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "The image is not in the pull-through cache and was not imported."},
	{ALL(PATTERN_MANIFEST_UNKNOWN, PATTERN_PINNED), NOT(0), LIKELY,
		{CAUSE_REGISTRY_DIGEST_GONE},
		.says = "The digest that the image is pinned to does not exist any more."},
	{ALL(PATTERN_MANIFEST_UNKNOWN, PATTERN_UNQUALIFIED, PATTERN_ECS), NOT(0), OPEN,
		{CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_WRONG_REGISTRY},
		.says = "Docker Hub has no such tag; an ECR image needs its registry's host in "
			"front."},
	{ALL(PATTERN_MANIFEST_UNKNOWN), NOT(0), PROVEN, {CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "The repository has no such tag."},
	{ALL(PATTERN_BLOB_GONE), NOT(0), LIKELY, {CAUSE_REGISTRY_DIGEST_GONE},
		.says = "The image lists a layer that the registry does not have any more."},
	{ALL(PATTERN_IMAGE_DELETED), NOT(0), LIKELY, {CAUSE_REGISTRY_DIGEST_GONE},
		.says = "The image that it was made from was deleted: a digest is kept, not the "
			"tag."},
	{ALL(PATTERN_NOT_THERE), NOT(PATTERN_PULL_DENIED), OPEN,
		{CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "There is no such image: the tag or the repository is missing."},
	{ALL(PATTERN_NAME_HIDDEN), NOT(0), OPEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_REGISTRY_REPO_POLICY,
			CAUSE_AUTH_IAM_IDENTITY},
		.says = "There is no such repository, or it is not shown to this role."},
	{ALL(PATTERN_HIDDEN), NOT(0), OPEN,
		{CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_REPO_NOT_FOUND,
			CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_IAM_IDENTITY},
		.says = "There is no such image, or it is not shown to this role."},
	{ALL(PATTERN_HELPER_MISUSED), NOT(0), PROVEN, {CAUSE_CLIENT_CONFIG},
		.says = "The credential helper of ECR is set up for every registry; it works for "
			"ECR alone."},
	/* credentials that never were */
	{ALL(PATTERN_LOGIN_EMPTY), NOT(0), OPEN,
		{CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_IAM_IDENTITY, CAUSE_CLIENT_CONFIG},
		.says = "docker login got no password: the command before it printed none, or "
			"--password-stdin is missing.",
		.own = {.verify = "The command that prints the password, alone: it says why.",
			.fix = {"Run the command that gets the password alone, and mend what it "
				"says."}}},
	/* https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
	 */
	{ALL(PATTERN_NO_ROLE), NOT(PATTERN_LOGGER), LIKELY, {CAUSE_AUTH_NO_CREDENTIALS},
		.says = "The task definition names no execution role, which Fargate needs for "
			"images in ECR, for secrets and for logs.",
		.own = {.fix = {"Register a revision of the task definition with an "
				"executionRoleArn."}}},
	{ALL(PATTERN_WRONG_PASSWORD, PATTERN_DKR), NOT(PATTERN_FOREIGN), OPEN,
		{CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_IAM_IDENTITY},
		.says = "ECR does not accept the login: its password is a token that lasts 12 "
			"hours, of one Region."},
	{ALL(PATTERN_WRONG_PASSWORD), NOT(0), LIKELY, {CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The registry does not accept the user name and password."},
	{ALL(PATTERN_NO_BASIC_AUTH, PATTERN_FOREIGN), NOT(0), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The puller has no credentials for that registry."},
	{ALL(PATTERN_NO_BASIC_AUTH), NOT(0), OPEN,
		{CAUSE_AUTH_NO_CREDENTIALS, CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "The puller had no registry credentials: none are set up, or the call for "
			"a token failed without an error message."},
	{ALL(PATTERN_NO_SOURCE, PATTERN_FOREIGN), NOT(PATTERN_API), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The puller has no credentials for that registry."},
	{ALL(PATTERN_NO_SOURCE), NOT(0), PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
		.says = "No source provided AWS credentials."},
	/* the puller's own mistakes */
	{ALL(PATTERN_PULLER), NOT(0), PROVEN, {CAUSE_CLIENT_CONFIG},
		.says = "The puller itself is misconfigured; the registry is not the cause."},
	{ALL(PATTERN_PULLERS_SETTING), NOT(0), LIKELY, {CAUSE_CLIENT_CONFIG},
		.says = "A setting of the puller is wrong: its hosts, its limits, its store."},
	/* registries other than ECR, and Docker Hub by mistake */
	{ALL(PATTERN_NO_PULL_ACCESS, PATTERN_DKR), NOT(0), OPEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_IAM_IDENTITY,
			CAUSE_AUTH_TOKEN_EXPIRED},
		.says = "ECR shows no such repository to this caller, or does not accept its "
			"token."},
	{ALL(PATTERN_NO_PULL_ACCESS, PATTERN_OTHER_REGISTRY), NOT(0), OPEN,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The registry shows no such repository to this caller."},
	{ALL(PATTERN_NO_PULL_ACCESS), NOT(PATTERN_DKR), OPEN,
		{CAUSE_REGISTRY_WRONG_REGISTRY, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "Docker Hub has no such repository; an ECR image needs its registry's host "
			"in front."},
	/* the reference ends after the registry's host */
	{ALL(PATTERN_PULL_DENIED, PATTERN_HOST_ALONE), NOT(0), LIKELY, {CAUSE_REF_BAD_REFERENCE},
		.says = "The image names a registry and no repository."},
	{ALL(PATTERN_PULL_DENIED, PATTERN_DKR), NOT(0), OPEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_IAM_IDENTITY,
			CAUSE_REGISTRY_REPO_POLICY},
		.says = "ECR refuses the repository: it is missing or forbidden."},
	{ALL(PATTERN_PULL_DENIED, PATTERN_ECR_PUBLIC), NOT(0), OPEN,
		{CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_IAM_IDENTITY},
		.says = "ECR Public does not accept the login: stale, or one of private ECR."},
	{ALL(PATTERN_PULL_DENIED, PATTERN_OTHER_REGISTRY, PATTERN_PINGED), NOT(0), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The registry does not accept the login."},
	{ALL(PATTERN_PULL_DENIED, PATTERN_OTHER_REGISTRY), NOT(0), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The registry hides the repository from a caller without rights to it, and "
			"says the same of one that does not exist."},
	{ALL(PATTERN_PULL_DENIED, PATTERN_NAMESPACED), NOT(0), OPEN,
		{CAUSE_REGISTRY_WRONG_REGISTRY, CAUSE_AUTH_UPSTREAM_CREDENTIALS,
			CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "Docker Hub was asked, and has no such public repository."},
	{ALL(PATTERN_PULL_DENIED, PATTERN_NAMELESS), NOT(PATTERN_SCOPE), OPEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_REGISTRY_WRONG_REGISTRY,
			CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_UPSTREAM_CREDENTIALS,
			CAUSE_AUTH_IAM_IDENTITY, CAUSE_REGISTRY_REPO_POLICY},
		.says = "The registry refuses the repository, or has none of that name; the text "
			"does not say which registry."},
	{ALL(PATTERN_PULL_DENIED, PATTERN_UNQUALIFIED), NOT(0), OPEN,
		{CAUSE_REGISTRY_WRONG_REGISTRY, CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "Docker Hub was asked, and has no such public repository."},
	{ALL(PATTERN_PULL_DENIED), NOT(0), OPEN,
		{CAUSE_REGISTRY_WRONG_REGISTRY, CAUSE_AUTH_UPSTREAM_CREDENTIALS,
			CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The registry, by the words Docker Hub, has no such public repository."},
	/* in the words of Google's, Harbor and Artifactory */
	{ALL(PATTERN_DENIED_ELSEWHERE), NOT(0), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The registry, which is not ECR, lets only accounts read the repository."},
	{ALL(PATTERN_UNAUTHORIZED, PATTERN_AUTHORIZING), NOT(PATTERN_DKR, PATTERN_ECR_PUBLIC),
		LIKELY, {CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The registry's token service accepts no anonymous caller for this image."},
	{ALL(PATTERN_FORBIDDEN, PATTERN_AUTHORIZING), NOT(PATTERN_DKR, PATTERN_ECR_PUBLIC), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The registry's token service refuses the caller."},
	{ALL(PATTERN_UNAUTHORIZED, PATTERN_HUB), NOT(PATTERN_DKR), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "Docker Hub rejects the credentials, or has no such public repository."},
	{ALL(PATTERN_UNAUTHORIZED, PATTERN_BLOB, PATTERN_FOREIGN), NOT(0), OPEN,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_AUTH_TOKEN_EXPIRED,
			CAUSE_REGISTRY_UNAVAILABLE},
		.says = "The registry gave the manifest and refuses a layer to the same caller: "
			"the token expired on the way, or the registry fails."},
	{ALL(PATTERN_UNAUTHORIZED, PATTERN_OTHER_REGISTRY), NOT(PATTERN_DKR), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The registry requires credentials, or rejects those it got; it says the "
			"same of a repository that does not exist."},
	{ALL(PATTERN_UNAUTHORIZED), NOT(0), OPEN,
		{CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_IAM_IDENTITY},
		.says = "The registry was reached and does not accept the caller."},
	/* 403 without a body; S3 stands behind other registries, too */
	{ALL(PATTERN_FORBIDDEN, PATTERN_S3, PATTERN_FOREIGN), NOT(0), LIKELY,
		{CAUSE_S3_ENDPOINT_POLICY},
		.says = "S3 refuses the layer. Inside AWS this registry sends callers to a bucket "
			"of its own, {bucket}, and the usual refuser is the policy of the S3 "
			"endpoint on the way."},
	{ALL(PATTERN_FORBIDDEN, PATTERN_HTML, PATTERN_DKR), NOT(0), LIKELY,
		{CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "A web page refuses the request: ECR answers in JSON, so a proxy or "
			"another device on the way said this."},
	{ALL(PATTERN_FORBIDDEN, PATTERN_HTML), NOT(0), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "A web page refuses the request: the registry's front end, which does not "
			"serve callers from that address, or a proxy."},
	{ALL(PATTERN_FORBIDDEN, PATTERN_ECR_PUBLIC), NOT(PATTERN_DKR), OPEN,
		{CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "ECR Public refuses a stale login, and what does not exist."},
	{ALL(PATTERN_FORBIDDEN, PATTERN_STARPORT), NOT(0), LIKELY, {CAUSE_S3_ENDPOINT_POLICY},
		.says = "The layer bucket refuses; its URL carries ECR's own rights, so a policy "
			"on the way does not allow it."},
	{ALL(PATTERN_FORBIDDEN, PATTERN_ECR_LAYER), NOT(0), OPEN,
		{CAUSE_S3_ENDPOINT_POLICY, CAUSE_AUTH_IAM_IDENTITY},
		.says = "A layer is refused, by the registry or by S3 behind it."},
	{ALL(PATTERN_FORBIDDEN, PATTERN_PINNED), NOT(PATTERN_FOREIGN), OPEN, {HIDES_A_DIGEST},
		.says = "The registry refuses the digest, and says the same when it is gone."},
	{ALL(PATTERN_FORBIDDEN, PATTERN_MANIFEST_URL), NOT(PATTERN_FOREIGN), OPEN, {HIDES_A_DIGEST},
		.says = "The registry knows the caller and denies the manifest; the body of the "
			"answer, which names the policy, was not read."},
	{ALL(PATTERN_FORBIDDEN), NOT(PATTERN_FOREIGN), OPEN,
		{CAUSE_AUTH_IAM_IDENTITY, CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_ENDPOINT_POLICY},
		.says = "The registry knows the caller and denies the request; the body of the "
			"answer, which names the policy, was not read."},
	{ALL(PATTERN_FORBIDDEN), NOT(0), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The registry refuses the caller, or has no such repository."},
	{ALL(PATTERN_NOT_ALLOWED), NOT(0), OPEN,
		{CAUSE_CLIENT_CONFIG, CAUSE_IMAGE_UNSUPPORTED_MANIFEST},
		.says = "The registry does not take this request (405): the puller's, or a path "
			"that is no registry's."},
	{ALL(PATTERN_REDIRECTS), NOT(0), LIKELY, {CAUSE_REGISTRY_BAD_REDIRECT},
		.says = "The registry redirects in a circle."},
	{ALL(PATTERN_BROKEN_SERVER), NOT(0), LIKELY, {CAUSE_REGISTRY_UNAVAILABLE},
		.says = "The registry or its token service answers with a server error."},
	{ALL(PATTERN_HTML), NOT(0), LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "A web page answers in place of the registry."},
};

const struct error_text_rows error_text_answers = ERROR_TEXT_ROWS(rows);
