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
 *     who uses it: the PULL, or the start of a TASK besides; ALSO is such a one that --also names;
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
	X(LOCAL, "local", "the machine itself could not: its own settings stand against it")       \
	X(EXHAUSTED, "exhausted", "the machine had no descriptor, memory or buffer left for it")   \
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
	X(TOO_LARGE, "too_large", "more bytes than we accept of such a thing")                     \
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

/* The lists whose names stand in a report's rows. The last three have a first name that may be
 * missing. */
enum list {
	LIST_STAGE,
	LIST_ENDPOINT,
	LIST_OUTCOME,
	LIST_SYMPTOM,
	LIST_EXPERIMENT,
	LIST_REGISTRY,	/* enum registry_kind */
	LIST_REFERENCE, /* enum reference_kind */
};

/* an enumerator's printed name, and the way back; false when there is no such */
struct text list_name(enum list list, unsigned value);
bool list_parse(enum list list, struct text name, unsigned *out);

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

/* one line of what each means */
struct text stage_meaning(enum stage stage);
struct text endpoint_kind_meaning(enum endpoint_kind kind);
struct text outcome_meaning(enum outcome outcome);
struct text symptom_meaning(enum symptom symptom);

/* back from the printed names; false when there is no such */
bool stage_parse(struct text name, enum stage *out);
bool endpoint_kind_parse(struct text name, enum endpoint_kind *out);
bool outcome_parse(struct text name, enum outcome *out);
bool symptom_parse(struct text name, enum symptom *out);
