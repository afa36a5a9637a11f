/* What a step saw: the closed list of facts. Evidence holds nothing else, so what rules may ask
 * and what reports may show is all here. No fact ever holds a secret. */
#pragma once
#include "model/lists.h"

/* name, printed name, kind, meaning */
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
	X(LATE, "late", FLAG, "the answer took so long that experiments had begun")                \
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
	X(PASSED_OVER, "passed_over", LIST, "the sources before it and why not they")              \
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
	X(POLICY_ARN, "policy_arn", TEXT, "the policy's ARN, where it is told")                    \
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
	X(PULLER, "puller", TEXT, "whom the image is judged for: fargate, lambda, docker, ...")    \
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
	X(UNCHECKED, "unchecked", LIST, "what the start needs besides and is not checked")         \
	X(EXECUTION_ROLE, "execution_role", TEXT, "the task definition's execution role")          \
	X(CALL, "call", TEXT, "the action that was called: logs:CreateLogStream")                  \
	X(WANTED, "wanted", TEXT, "the secret, parameter, log group or file that it was about")    \
	/* experiments */                                                                          \
	X(LARGEST_PASSED, "largest_passed", NUMBER, "the largest segment size that still passed")

enum fact_kind { FACT_KIND_TEXT, FACT_KIND_NUMBER, FACT_KIND_FLAG, FACT_KIND_LIST };

#define FACT_ENUM_(name, label, kind, meaning) FACT_##name,
enum fact { FACTS(FACT_ENUM_) FACT_COUNT };

struct text fact_name(enum fact fact);
enum fact_kind fact_kind(enum fact fact);
struct text fact_meaning(enum fact fact);
bool fact_parse(struct text name, enum fact *out);
