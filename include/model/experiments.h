/* The experiments: what a follow-up step asks, once a failure has several possible symptoms. Which
 * failure calls for which is the walk's table; what an answer means, the rules'. */
#pragma once
#include "model/lists.h"

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
struct text experiment_meaning(enum experiment experiment);
bool experiment_parse(struct text name, enum experiment *out);
