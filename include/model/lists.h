/* The closed lists of the field. Each exists once and makes its enum and its names.
 *
 * An enumerator is the upper-case name; the name printed in reports is the second column. */
#pragma once
#include "base/text.h"

/* The connectivity's stages, then the pull's own steps, in walking order. */
#define STAGES(X)                                                                              \
	X(DNS, "dns", "the name resolves to an address")                                       \
	X(TCP, "tcp", "port 443 accepts")                                                      \
	X(TLS, "tls", "the peer proves that it is who it should be")                           \
	X(HTTP, "http", "the service itself answers")                                          \
	X(CREDENTIALS, "credentials", "a source yields usable credentials")                    \
	X(TOKEN, "token", "the registry's token service hands out a token")                    \
	X(MANIFEST, "manifest", "index and platform manifest arrive and match their digests")  \
	X(LAYERS, "layers", "the registry redirects, and the blob host serves matching bytes") \
	X(START, "start", "what a task's start asks of other services is granted")

/* Endpoints by what they are for; the second column is also the name of --also. The third says
 *
 *     who uses it: the PULL, or the start of a TASK; ALSO is one of the latter that --also names;
 *     the exit code where it is broken; of PULL 0, since there the stage has its own;
 *     its place in Fargate's order of a task's start (platform 1.4), as its errors come one after
 *     the other: 1 the registry's token, 2 secrets, 3 environment files, 4 the image, 5 the log
 *     driver, 6 ECS Exec, 7 for what has no place in it. */
#define ENDPOINTS(X)                                                                    \
	X(CALLER, "caller", (PULL, 0, 1), "the probe's own role and its credentials")   \
	X(PROXY, "proxy", (PULL, 0, 1), "the HTTP proxy of --proxy")                    \
	X(API, "api", (PULL, 0, 1), "the ECR API, or another registry's token service") \
	X(DKR, "dkr", (PULL, 0, 4), "the registry")                                     \
	X(S3, "s3", (PULL, 0, 4), "the layer bucket, or another registry's blob host")  \
	X(LOGS, "logs", (ALSO, 91, 5), "CloudWatch Logs")                               \
	X(SECRETSMANAGER, "secretsmanager", (ALSO, 92, 2), "Secrets Manager")           \
	X(SSM, "ssm", (ALSO, 93, 2), "Systems Manager, Parameter Store")                \
	X(KMS, "kms", (ALSO, 94, 7), "Key Management Service")                          \
	X(STS, "sts", (ALSO, 95, 7), "Security Token Service")                          \
	X(SSMMESSAGES, "ssmmessages", (ALSO, 96, 6), "ECS Exec's channel")              \
	X(ECS, "ecs", (ALSO, 97, 7), "the ECS control plane")                           \
	X(EKS, "eks", (ALSO, 98, 7), "the EKS control plane")                           \
	X(EKS_AUTH, "eks-auth", (ALSO, 98, 7), "EKS Pod Identity")                      \
	X(EC2, "ec2", (ALSO, 98, 7), "the EC2 API")                                     \
	X(CLUSTER, "cluster", (TASK, 98, 7), "the API server of an EKS cluster")        \
	X(ENVFILE, "envfile", (TASK, 98, 3), "the bucket of environment files")         \
	X(CONTROL, "control", (PULL, 0, 7), "a host used only by experiments")

#define OUTCOMES(X)                                         \
	X(PASSED, "passed", "it worked")                    \
	X(FAILED, "failed", "it failed on its own account") \
	X(SKIPPED, "skipped", "it was not tried; `detail` says why")

/* What happened, as far as the step itself can tell; a cause says what it means. */
#define SYMPTOMS(X)                                                                                \
	X(NONE, "none", "nothing went wrong")                                                      \
	/* any stage */                                                                            \
	X(TIMEOUT, "timeout", "no answer within --timeout")                                        \
	X(REFUSED, "refused", "refused: RST to a SYN, port unreachable, or DNS rcode 5")           \
	X(RESET, "reset", "the connection was reset")                                              \
	X(CLOSED, "closed", "the connection ended early without a reset")                          \
	X(UNREACHABLE, "unreachable", "no route: ENETUNREACH or EHOSTUNREACH")                     \
	X(PROHIBITED, "prohibited", "a filter said so: EACCES, EPERM or ICMP prohibited")          \
	X(NO_ADDRESS, "no_address", "no usable address: the name has none of a family we can use") \
	X(LOCAL, "local", "the machine itself could not: its own settings prevent it")             \
	X(EXHAUSTED, "exhausted", "the machine has no descriptor, memory or buffer left for it")   \
	X(DEPENDENCY, "dependency", "an earlier step that this one needs failed")                  \
	X(DEADLINE, "deadline", "--deadline passed or a signal came before it was settled")        \
	X(NOT_ASKED, "not_asked", "outside what was asked for")                                    \
	/* dns */                                                                                  \
	X(NXDOMAIN, "nxdomain", "the name does not exist (RFC 1035 rcode 3)")                      \
	X(NODATA, "nodata", "the name exists without an address of this family (RFC 2308)")        \
	X(SERVFAIL, "servfail", "the resolver failed (rcode 2)")                                   \
	X(MALFORMED, "malformed", "the answer cannot be parsed as what it should be")              \
	/* tls */                                                                                  \
	X(NOT_TLS, "not_tls", "the peer does not speak TLS")                                       \
	X(UNTRUSTED, "untrusted", "no trusted CA vouches for the chain")                           \
	X(EXPIRED, "expired", "past its end: a certificate, credentials or a presigned URL")       \
	X(NOT_YET_VALID, "not_yet_valid", "before its start")                                      \
	X(NAME_MISMATCH, "name_mismatch", "the certificate is for other names (RFC 6125)")         \
	X(ALERT, "alert", "the peer sent a TLS alert")                                             \
	X(VERSION, "version", "no common TLS version")                                             \
	/* http and up */                                                                          \
	X(STATUS, "status", "an HTTP status that is not the expected one; the facts name it")      \
	X(NOT_THE_SERVICE, "not_the_service", "something answered, but not the service")           \
	X(DENIED, "denied", "not authorised; the facts say by which policy, when the text does")   \
	X(UNAUTHENTICATED, "unauthenticated", "the credentials or the token were not accepted")    \
	X(SKEWED, "skewed", "the signature's time is outside the server's window")                 \
	X(THROTTLED, "throttled", "too many requests")                                             \
	X(UNAVAILABLE, "unavailable", "the service answered 5xx")                                  \
	X(NO_SOURCE, "no_source", "there was no source of credentials at all")                     \
	X(FORBIDDEN_HOST, "forbidden_host",                                                        \
		"a credential URI or redirect to a host we do not use")                            \
	X(REPOSITORY_UNKNOWN, "repository_unknown", "NAME_UNKNOWN: no such repository")            \
	X(MANIFEST_UNKNOWN, "manifest_unknown", "MANIFEST_UNKNOWN: no such tag or digest")         \
	X(BLOB_UNKNOWN, "blob_unknown", "the registry or bucket does not have the blob")           \
	X(PLATFORM_MISSING, "platform_missing", "the image does not exist for this platform")      \
	X(NOT_FOUND, "not_found", "what was asked for by name does not exist there")               \
	X(UNSUPPORTED, "unsupported", "a kind of manifest or layer that the puller cannot use")    \
	X(NO_SPACE, "no_space", "more bytes than the puller has room for")                         \
	X(DIGEST_MISMATCH, "digest_mismatch", "the bytes do not hash to their digest")             \
	X(TRUNCATED, "truncated", "fewer bytes arrived than were announced")                       \
	X(TOO_LARGE, "too_large", "more bytes than this program accepts")                          \
	X(SLOW, "slow", "bytes came, and too slowly to be whole before --deadline")                \
	X(STALLED, "stalled", "bytes came, then none for --timeout")                               \
	X(BAD_REDIRECT, "bad_redirect", "a redirect that must not be followed")

enum severity { SEVERITY_BROKEN, SEVERITY_WARNING, SEVERITY_NOTE };
enum certainty { CERTAINTY_PROVEN, CERTAINTY_LIKELY, CERTAINTY_OPEN };

#define STAGE_ENUM_(name, label, meaning) STAGE_##name,
#define ENDPOINT_ENUM_(name, label, traits, meaning) ENDPOINT_##name,
#define OUTCOME_ENUM_(name, label, meaning) OUTCOME_##name,
#define SYMPTOM_ENUM_(name, label, meaning) SYMPTOM_##name,

enum stage { STAGES(STAGE_ENUM_) STAGE_COUNT };
enum endpoint_kind { ENDPOINTS(ENDPOINT_ENUM_) ENDPOINT_COUNT };
enum outcome { OUTCOMES(OUTCOME_ENUM_) OUTCOME_COUNT };
enum symptom { SYMPTOMS(SYMPTOM_ENUM_) SYMPTOM_COUNT };

/* Rules keep each of them as a bit. */
_Static_assert(STAGE_COUNT <= 32 && ENDPOINT_COUNT <= 32, "the bits of a rule are 32");
_Static_assert(SYMPTOM_COUNT <= 64, "the bits of a rule are 64");

/* All lists. Of experiments, registries and references the first name may be missing,
 * and pullers have an empty one. */
enum list {
	LIST_STAGE,
	LIST_ENDPOINT,
	LIST_OUTCOME,
	LIST_SYMPTOM,
	LIST_CAUSE,
	LIST_FACT,
	LIST_EXPERIMENT,
	LIST_REGISTRY,	/* enum registry_kind */
	LIST_REFERENCE, /* enum reference_kind */
	LIST_SEVERITY,
	LIST_CERTAINTY,
	LIST_PULL,   /* enum pull */
	LIST_PULLER, /* enum puller */
};

/* an enumerator's printed name, and one line of what it means */
struct text list_name(enum list list, unsigned value);
struct text list_meaning(enum list list, unsigned value);

/* Back from the printed name; `out` is an enum of the list. False when there is no such name. */
bool list_parse(enum list list, struct text name, void *out);

/* the printed names */
struct text stage_name(enum stage stage);
struct text endpoint_kind_name(enum endpoint_kind kind);
struct text outcome_name(enum outcome outcome);
struct text symptom_name(enum symptom symptom);
struct text severity_name(enum severity severity);
struct text certainty_name(enum certainty certainty);

/* the columns of an endpoint */
enum endpoint_use { USED_BY_PULL, USED_BY_TASK, USED_BY_ALSO };
enum endpoint_use endpoint_use(enum endpoint_kind kind);
int endpoint_exit_code(enum endpoint_kind kind);
int endpoint_order(enum endpoint_kind kind);

enum { ENDPOINT_ORDER_NONE = 7 }; /* it has no place in a task's start */

/* What a follow-up step asks, once a failure has several possible causes. Which failure calls for
 * which is the walk's table; what an answer means, the rules'. */
#define EXPERIMENTS(X)                                                                            \
	X(NONE, "", "not an experiment")                                                          \
	X(DNS_OVER_TCP, "dns_over_tcp", "the same name, asked over TCP port 53")                  \
	X(DNS_OTHER_SERVER, "dns_other_server",                                                   \
		"the same name, asked of another resolver of the VPC")                            \
	X(DNS_KNOWN_NAME, "dns_known_name", "a name that must exist, asked of the same resolver") \
	X(DNS_OTHER_SPELLING, "dns_other_spelling",                                               \
		"the second spelling of a name that does not exist; the walk goes on by it")      \
	X(DNS_DUALSTACK_NAME, "dns_dualstack_name",                                               \
		"the AAAA record of the dual-stack name, after a name that has none")             \
	X(TCP_RETRY, "tcp_again",                                                                 \
		"the same address, several more connections from other source ports")             \
	X(TCP_OTHER_ANSWER, "tcp_other_answer",                                                   \
		"an address that only the VPC's own resolver gives for the name, port 443")       \
	X(TCP_CONTROL_S3, "tcp_control_s3", "the Region's own S3 host, port 443")                 \
	X(TCP_CONTROL_PUBLIC, "tcp_control_public",                                               \
		"a public AWS host that no endpoint serves, port 443")                            \
	X(TCP_PORT_80, "tcp_port_80", "the same address, port 80")                                \
	X(TLS_OTHER_NAME, "tls_other_name", "the same address with another server name")          \
	X(TLS_NO_NAME, "tls_no_name", "the same address without a server name")                   \
	X(TLS_SMALL_HELLO, "tls_small_hello",                                                     \
		"the same name with a ClientHello that fits one small packet")                    \
	X(TLS_SMALL_MSS, "tls_small_mss", "the same handshake with small segments")               \
	X(TLS_1_2, "tls_1_2", "the same handshake with TLS 1.2 at most")                          \
	X(PLAIN_DATE, "plain_date", "a plain request to S3's port 80, for its Date")              \
	X(HTTP_RETRY, "http_again", "the same request once more")                                 \
	X(HTTP_SMALL_MSS, "http_small_mss", "the same request over small segments")               \
	X(IMDS_GET, "imds_get", "the instance metadata service, asked without a token")           \
	X(API_BATCH_GET_IMAGE, "api_batch_get_image",                                             \
		"BatchGetImage of the ECR API: a cross-check of the manifest")                    \
	X(API_DOWNLOAD_URL, "api_download_url",                                                   \
		"GetDownloadUrlForLayer of the ECR API: a cross-check of a layer")                \
	X(API_DESCRIBE_IMAGE, "api_describe_image",                                               \
		"DescribeImages of the ECR API: is it archived?")                                 \
	X(TAGS, "tags", "the repository's tags")                                                  \
	X(REPOSITORIES, "repositories", "the registry's repositories")                            \
	X(BLOB_RETRY, "blob_again", "the same blob once more")

#define EXPERIMENT_ENUM_(name, label, meaning) EXPERIMENT_##name,
enum experiment { EXPERIMENTS(EXPERIMENT_ENUM_) EXPERIMENT_COUNT };

struct text experiment_name(enum experiment experiment);

/* What a step saw: evidence holds nothing else, so what rules may ask and what reports may show is
 * all here. No fact ever holds a secret. Name, printed name, kind, meaning. */
#define FACTS(X)                                                                                   \
	/* dns */                                                                                  \
	X(ADDRESSES, "addresses", LIST, "the addresses that the name has, A before AAAA")          \
	X(CNAMES, "cnames", LIST, "the chain of canonical names, in order")                        \
	X(SERVER, "server", TEXT,                                                                  \
		"the resolver that gave this answer; of HTTP, the Server header")                  \
	X(SILENT_SERVERS, "silent_servers", LIST, "the configured resolvers that did not answer")  \
	X(TRANSPORT, "transport", TEXT, "udp or tcp")                                              \
	X(RECORD, "record", TEXT, "the record type asked for: A, AAAA or both")                    \
	X(A_SYMPTOM, "a_cause", TEXT, "the cause of the A query")                                  \
	X(AAAA_SYMPTOM, "aaaa_cause", TEXT, "the cause of the AAAA query")                         \
	X(WAS_TRUNCATED, "was_truncated", FLAG, "the UDP answer was truncated (TC)")               \
	X(REPEATS, "repeats", NUMBER, "queries or SYNs sent again before the answer came")         \
	X(LATE, "late", FLAG, "the answer took so long that experiments began before it")          \
	/* tcp */                                                                                  \
	X(LOCAL, "local", TEXT, "own address and port")                                            \
	X(ERRNO, "errno", TEXT, "the system's name for the error: ECONNREFUSED")                   \
	X(HOP, "hop", TEXT, "the router that sent the ICMP error")                                 \
	X(MSS, "mss", NUMBER, "the maximum segment size that was set")                             \
	X(TRIES, "tries", NUMBER, "how many connections were tried")                               \
	X(PASSED_TRIES, "passed_tries", NUMBER, "how many of them passed")                         \
	X(PASSED_PORTS, "passed_ports", LIST, "the source ports that passed")                      \
	X(FAILED_PORTS, "failed_ports", LIST, "the source ports that did not")                     \
	/* tls */                                                                                  \
	X(SENT_NAME, "sent_name", TEXT, "the server name sent (RFC 6066); empty for none")         \
	X(HELLO_BYTES, "hello_bytes", NUMBER, "size of the ClientHello")                           \
	X(PEER_BYTES, "peer_bytes", NUMBER, "bytes received from the peer")                        \
	X(VERSION, "version", TEXT, "TLSv1.3")                                                     \
	X(CIPHER, "cipher", TEXT, "the cipher suite")                                              \
	X(SUBJECT, "subject", TEXT, "the certificate's subject")                                   \
	X(ISSUER, "issuer", TEXT, "the certificate's issuer")                                      \
	X(NAMES, "names", LIST, "the names the certificate is for")                                \
	X(CHAIN, "chain", LIST, "subjects of the chain as sent, leaf first")                       \
	X(NOT_BEFORE, "not_before", TEXT, "start of validity")                                     \
	X(NOT_AFTER, "not_after", TEXT, "end of validity")                                         \
	X(ANCHOR, "anchor", TEXT,                                                                  \
		"whose CA vouched: amazon, public (Mozilla's) or added (--ca-file)")               \
	X(ALERT, "alert", TEXT, "the TLS alert's description")                                     \
	/* http */                                                                                 \
	X(STATUS, "status", NUMBER, "the HTTP status")                                             \
	X(CHALLENGE, "challenge", TEXT, "the WWW-Authenticate header")                             \
	X(CONTENT_TYPE, "content_type", TEXT, "the Content-Type header")                           \
	X(DATE, "date", TEXT, "the Date header")                                                   \
	X(CLOCK_OFFSET, "clock_offset", NUMBER, "the server's Date less our clock, in seconds")    \
	X(LOCATION, "location", TEXT, "the redirect's scheme, host and path")                      \
	X(QUERY_NAMES, "query_names", LIST, "the names of the redirect's query parameters")        \
	X(REQUEST_ID, "request_id", TEXT, "the service's request id")                              \
	X(VIA, "via", TEXT, "the Via header: a proxy names itself")                                \
	X(BODY, "body", TEXT, "the start of an unexpected body, made printable")                   \
	X(BYTES, "bytes", NUMBER, "bytes of the body received")                                    \
	X(SIZE, "size", NUMBER, "bytes of the body announced")                                     \
	X(PROXY, "proxy", TEXT, "the proxy in use or configured, without its credentials")         \
	/* credentials */                                                                          \
	X(SOURCE, "source", TEXT, "the source that won: environment, container, ...")              \
	X(PASSED_OVER, "passed_over", LIST,                                                        \
		"the sources tried before it, and why each was not used")                          \
	X(URI, "uri", TEXT, "the credential endpoint, without ids")                                \
	X(EXPIRES, "expires", TEXT, "when credentials, token or URL expire")                       \
	X(SCHEME, "scheme", TEXT, "how the registry signs callers in: Bearer, Basic or none")      \
	/* an error of AWS or of a registry */                                                     \
	X(ERROR_CODE, "error_code", TEXT, "AccessDeniedException, DENIED, NoSuchKey, ...")         \
	X(ERROR_TEXT, "error_text", TEXT, "the service's own sentence")                            \
	X(PRINCIPAL, "principal", TEXT, "the ARN that was denied, or whose credentials these are") \
	X(ACTION, "action", TEXT, "the action that was denied: ecr:BatchGetImage")                 \
	X(RESOURCE, "resource", TEXT, "the resource that was denied")                              \
	X(POLICY, "policy", TEXT,                                                                  \
		"the policy type named: identity, resource, endpoint, scp, rcp, boundary, "        \
		"session, trust")                                                                  \
	X(EXPLICIT, "explicit", FLAG, "an explicit deny, not a missing allow")                     \
	X(POLICY_ARN, "policy_arn", TEXT, "the policy's ARN, where the service names it")          \
	/* manifest and layers */                                                                  \
	X(DOCUMENT, "document", TEXT, "index, image, config or layer")                             \
	X(MEDIA_TYPE, "media_type", TEXT, "the document's media type")                             \
	X(DIGEST, "digest", TEXT, "the digest asked for, or computed")                             \
	X(FOUND_DIGEST, "found_digest", TEXT, "what the bytes really hash to")                     \
	X(IMAGE_STATUS, "image_status", TEXT, "ECR's status of the image: ACTIVE, ARCHIVED, ...")  \
	X(PLATFORMS, "platforms", LIST, "the platforms the image exists for")                      \
	X(SERVED_BY, "served_by", TEXT, "who serves the blobs where no redirect names a host")     \
	X(RATE_LIMIT, "rate_limit", NUMBER, "pulls that the registry allows in rate_window")       \
	X(RATE_LEFT, "rate_left", NUMBER, "how many of them are left")                             \
	X(RATE_WINDOW, "rate_window", NUMBER, "the window that they are counted in, in seconds")   \
	X(LAYER_COUNT, "layer_count", NUMBER, "how many layers the image has")                     \
	X(LAYER_BYTES, "layer_bytes", NUMBER, "their size together, as the manifest says")         \
	X(LAYER_TYPES, "layer_types", LIST, "their media types, each once")                        \
	X(PULLER, "puller", TEXT,                                                                  \
		"the puller that the image is checked for: fargate, lambda, docker, ...")          \
	X(STORAGE, "storage", NUMBER, "the task's ephemeral storage in bytes, where it is known")  \
	X(RATE, "rate", NUMBER, "bytes a second of a body that came slowly")                       \
	X(NEAREST, "nearest", TEXT, "the nearest tag or repository name that exists")              \
	X(FOUND, "found", LIST,                                                                    \
		"the tags or repositories that exist, the nearest first, ten at most")             \
	/* what a task's start needs */                                                            \
	X(ORDER, "order", NUMBER,                                                                  \
		"its place in Fargate's order of a task's start: 1 registry token, 2 secrets, "    \
		"3 environment files, 4 image, 5 log driver, 6 ECS Exec, 7 none")                  \
	X(NEEDS, "needs", LIST, "what the start needs, in that order: role and host")              \
	X(OTHER_IMAGES, "other_images", LIST, "the task's further images, which are not walked")   \
	X(UNCHECKED, "unchecked", LIST, "what else the start needs and is not checked")            \
	X(EXECUTION_ROLE, "execution_role", TEXT, "the task definition's execution role")          \
	X(CALL, "call", TEXT, "the action that was called: logs:CreateLogStream")                  \
	X(WANTED, "wanted", TEXT, "the secret, parameter, log group or file that it was about")    \
	/* experiments */                                                                          \
	X(LARGEST_PASSED, "largest_passed", NUMBER, "the largest segment size that still passed")  \
	/* of a verdict that came as exit codes, instead of what the rule saw */                   \
	X(RULE, "rule", TEXT, "the rule that the failed step met")                                 \
	X(EXIT_CODE, "exit_code", NUMBER, "the exit code of check")

enum fact_kind { FACT_KIND_TEXT, FACT_KIND_NUMBER, FACT_KIND_FLAG, FACT_KIND_LIST };

#define FACT_ENUM_(name, label, kind, meaning) FACT_##name,
enum fact { FACTS(FACT_ENUM_) FACT_COUNT };

struct text fact_name(enum fact fact);
enum fact_kind fact_kind(enum fact fact);
