/* The closed list of failure causes, used by `check`, `explain` and the exit codes alike. */
#pragma once
#include "model/lists.h"

/* The exit codes of a cause, of those that speak of it: of credentials, token, manifest, the
 * layers' registry and the layer host. 0: the stage's "other". What breaks an endpoint's
 * connectivity has the code of its stage and endpoint, whatever the cause. */
#define OTHER_CODES (0, 0, 0, 0, 0)

/* name, printed name, exit codes, meaning */
#define CAUSES(X)                                                                                  \
	X(NONE, "none", OTHER_CODES, "nothing is wrong")                                           \
	X(DNS_NXDOMAIN, "dns.nxdomain", OTHER_CODES,                                               \
		"a valid registry, API or S3 name answers \"no such host\": private DNS off or a " \
		"zone without the record, DNS firewall, broken resolver")                          \
	X(DNS_TIMEOUT, "dns.timeout", OTHER_CODES,                                                 \
		"the resolver does not answer in time: VPC DNS support off, port 53 filtered, "    \
		"custom DNS server down")                                                          \
	X(DNS_REFUSED, "dns.refused", OTHER_CODES,                                                 \
		"the resolver address refuses or rejects the query: nothing listens, or rcode "    \
		"REFUSED")                                                                         \
	X(DNS_TCP_BLOCKED, "dns.tcp_blocked", OTHER_CODES,                                         \
		"the answer needs TCP port 53, and only UDP gets through")                         \
	X(DNS_UDP_BLOCKED, "dns.udp_blocked", OTHER_CODES,                                         \
		"the resolver answers over TCP port 53 but not over UDP")                          \
	X(DNS_NODATA, "dns.nodata", OTHER_CODES,                                                   \
		"the name exists but has no address: a DNS firewall's NODATA, or a private zone "  \
		"without the record")                                                              \
	X(DNS_SERVFAIL, "dns.servfail", OTHER_CODES,                                               \
		"the resolver fails for the name: its forwarding target is dead, or DNSSEC fails") \
	X(DNS_SPLIT_HORIZON, "dns.split_horizon", OTHER_CODES,                                     \
		"the configured resolver gives other addresses than the VPC's own, and only the "  \
		"VPC's answer: it does not know the endpoints' private zones")                     \
	X(REF_BAD_HOSTNAME, "ref.bad_hostname", OTHER_CODES,                                       \
		"the host name itself is wrong: misspelt Region, zone in place of Region, "        \
		"missing .cn suffix, empty account id, a FIPS or ECR Public API host that does "   \
		"not exist there")                                                                 \
	X(REF_BAD_REFERENCE, "ref.bad_reference", OTHER_CODES,                                     \
		"the image reference is malformed or incomplete")                                  \
	X(NET_NO_EGRESS_ROUTE, "net.no_egress_route", OTHER_CODES,                                 \
		"TCP cannot leave the subnet: no NAT, no internet gateway route, no public IP in " \
		"a public subnet, or the needed interface endpoint does not exist")                \
	X(NET_SECURITY_GROUP, "net.security_group", OTHER_CODES,                                   \
		"a security group blocks 443: the task's egress, or the ingress of the "           \
		"endpoint's own group")                                                            \
	X(NET_NACL, "net.nacl", OTHER_CODES,                                                       \
		"a network ACL blocks 443 out or the ephemeral ports back in")                     \
	X(NET_PORT_RANGE, "net.port_range", OTHER_CODES,                                           \
		"replies come back to some source ports only: a network ACL opens part of the "    \
		"ephemeral range")                                                                 \
	X(NET_TIMEOUT, "net.timeout", (0, 58, 0, 77, 84),                                          \
		"connection or read times out and nothing tells why")                              \
	X(NET_LOSS, "net.loss", OTHER_CODES,                                                       \
		"some packets are lost: some tries pass and others do not")                        \
	X(NET_IPV6_ONLY, "net.ipv6_only", OTHER_CODES,                                             \
		"the subnet has IPv6 egress only and the name has no AAAA record")                 \
	X(NET_REFUSED, "net.refused", OTHER_CODES, "connection refused")                           \
	X(NET_UNREACHABLE, "net.unreachable", OTHER_CODES,                                         \
		"network or host unreachable, reported at once")                                   \
	X(NET_RESET, "net.reset", (0, 58, 0, 77, 83), "connection reset or cut in mid-stream")     \
	X(NET_MTU_BLACKHOLE, "net.mtu_blackhole", (0, 58, 0, 77, 84),                              \
		"full-size packets vanish on the path and no ICMP says so")                        \
	X(PROXY_NOT_USED, "proxy.not_used", OTHER_CODES,                                           \
		"only a proxy leads out, and the pull does not use it")                            \
	X(PROXY_UNREACHABLE, "proxy.unreachable", OTHER_CODES,                                     \
		"the configured proxy does not answer, does not resolve, or is the wrong one")     \
	X(TLS_HANDSHAKE_TIMEOUT, "tls.handshake_timeout", OTHER_CODES,                             \
		"TCP connects but the TLS handshake never finishes")                               \
	X(TLS_SNI_FILTERED, "tls.sni_filtered", OTHER_CODES,                                       \
		"a device cuts the handshake because of the server name in it")                    \
	X(TLS_VERSION, "tls.version", OTHER_CODES, "no common TLS version or cipher")              \
	X(TLS_INTERCEPTED, "tls.intercepted", OTHER_CODES,                                         \
		"the certificate was issued by an inspection device or proxy, not by the "         \
		"service's CA")                                                                    \
	X(TLS_UNTRUSTED, "tls.untrusted", OTHER_CODES,                                             \
		"the chain is genuine but the trust store lacks its CA")                           \
	X(TLS_HOSTNAME_MISMATCH, "tls.hostname_mismatch", OTHER_CODES,                             \
		"the certificate is for another name")                                             \
	X(TLS_EXPIRED, "tls.expired", OTHER_CODES, "certificate expired or not yet valid")         \
	X(TLS_NOT_TLS, "tls.not_tls", OTHER_CODES, "the other side does not speak TLS")            \
	X(HTTP_NOT_THE_SERVICE, "http.not_the_service", (0, 0, 0, 0, 88),                          \
		"a captive page, proxy or other server answers in place of the service")           \
	X(AUTH_NO_CREDENTIALS, "auth.no_credentials", (45, 53, 0, 0, 0),                           \
		"there were no AWS or registry credentials at all")                                \
	X(AUTH_INVALID_CREDENTIALS, "auth.invalid_credentials", (47, 53, 0, 0, 0),                 \
		"the credentials are not accepted: wrong key, wrong secret, wrong partition or a " \
		"disabled Region")                                                                 \
	X(AUTH_IAM_IDENTITY, "auth.iam_identity", (0, 50, 64, 70, 0),                              \
		"the caller's identity-based policy, boundary or session policy does not allow "   \
		"the action")                                                                      \
	X(AUTH_ENDPOINT_POLICY, "auth.endpoint_policy", (0, 51, 66, 72, 0),                        \
		"the ecr.api or ecr.dkr VPC endpoint policy does not allow it")                    \
	X(AUTH_SCP, "auth.scp", (0, 52, 64, 70, 0),                                                \
		"an organization policy (SCP or RCP) denies it")                                   \
	X(AUTH_ASSUME_ROLE, "auth.assume_role", (47, 0, 0, 0, 0),                                  \
		"the execution, task or instance role cannot be assumed")                          \
	X(AUTH_TOKEN_EXPIRED, "auth.token_expired", (46, 54, 0, 0, 0),                             \
		"the registry token, or the session behind it, is expired or invalid")             \
	X(AUTH_CLOCK_SKEW, "auth.clock_skew", (46, 55, 0, 0, 82),                                  \
		"the request signature is rejected because the clock is wrong")                    \
	X(AUTH_THROTTLED, "auth.throttled", (0, 56, 68, 75, 0),                                    \
		"GetAuthorizationToken or another call is throttled")                              \
	X(AUTH_UPSTREAM_CREDENTIALS, "auth.upstream_credentials", (0, 53, 64, 70, 0),              \
		"a registry other than ECR got no, or wrong, credentials")                         \
	X(REGISTRY_REPO_POLICY, "registry.repo_policy", (0, 0, 65, 71, 0),                         \
		"the repository policy does not grant the caller")                                 \
	X(REGISTRY_REPO_NOT_FOUND, "registry.repo_not_found", (0, 0, 60, 0, 0),                    \
		"no such repository in that registry id and Region")                               \
	X(REGISTRY_TAG_NOT_FOUND, "registry.tag_not_found", (0, 0, 61, 74, 0),                     \
		"the repository exists, the tag does not")                                         \
	X(REGISTRY_DIGEST_GONE, "registry.digest_gone", (0, 0, 61, 74, 0),                         \
		"a pinned digest no longer exists")                                                \
	X(REGISTRY_ARCHIVED, "registry.archived", (0, 0, 62, 0, 0),                                \
		"the image is archived and must be restored before it can be pulled")              \
	X(REGISTRY_PLATFORM_MISMATCH, "registry.platform_mismatch", (0, 0, 63, 0, 0),              \
		"the image exists but not for this OS and architecture")                           \
	X(REGISTRY_RATE_LIMITED, "registry.rate_limited", (0, 56, 68, 75, 0),                      \
		"the registry answers 429 or \"toomanyrequests\"")                                 \
	X(REGISTRY_UNAVAILABLE, "registry.unavailable", (0, 57, 68, 76, 0),                        \
		"the registry or its token service answers 5xx")                                   \
	X(REGISTRY_WRONG_REGISTRY, "registry.wrong_registry", (0, 0, 60, 0, 0),                    \
		"a reference without the ECR host, so the pull went to Docker Hub")                \
	X(REGISTRY_TRUNCATED, "registry.truncated", (0, 58, 0, 77, 0),                             \
		"an answer of the registry ended before it was whole")                             \
	X(REGISTRY_SLOW, "registry.slow", (0, 58, 0, 77, 0), "the registry answers too slowly")    \
	X(REGISTRY_BAD_REDIRECT, "registry.bad_redirect", (0, 0, 0, 73, 0),                        \
		"the registry redirects where a pull must not go")                                 \
	X(REGISTRY_DIGEST_MISMATCH, "registry.digest_mismatch", (0, 0, 0, 74, 0),                  \
		"a manifest does not hash to its digest")                                          \
	X(PTC_PERMISSION, "ptc.permission", (0, 0, 67, 0, 0),                                      \
		"pull-through cache: the caller lacks ecr:CreateRepository or "                    \
		"ecr:BatchImportUpstreamImage")                                                    \
	X(PTC_UPSTREAM_AUTH, "ptc.upstream_auth", (0, 0, 67, 0, 0),                                \
		"pull-through cache: the rule lacks valid upstream credentials")                   \
	X(S3_NO_ROUTE, "s3.no_route", (0, 0, 0, 0, 88),                                            \
		"the layer host is not reachable: no S3 endpoint on that route table and no "      \
		"other egress")                                                                    \
	X(S3_SECURITY_GROUP, "s3.security_group", (0, 0, 0, 0, 88),                                \
		"the task's security group lacks egress to the S3 prefix list")                    \
	X(S3_DNS, "s3.dns", (0, 0, 0, 0, 88), "the layer host name does not resolve")              \
	X(S3_ENDPOINT_POLICY, "s3.endpoint_policy", (0, 0, 0, 0, 80),                              \
		"S3 answers 403 because the S3 endpoint policy does not allow the layer bucket")   \
	X(S3_KMS, "s3.kms", (0, 0, 0, 0, 81),                                                      \
		"S3 answers 403 because the KMS key of the layers is not usable")                  \
	X(S3_RESET, "s3.reset", (0, 0, 0, 0, 83),                                                  \
		"the connection to the layer host is reset or cut")                                \
	X(S3_EXPIRED_URL, "s3.expired_url", (0, 0, 0, 0, 82),                                      \
		"the presigned URL is expired: slow start, or a clock is wrong")                   \
	X(S3_SLOW, "s3.slow", (0, 0, 0, 0, 84),                                                    \
		"the layer host asks to slow down, or is too slow")                                \
	X(S3_STALLED, "s3.stalled", (0, 0, 0, 0, 84),                                              \
		"a layer's bytes start and then stop coming")                                      \
	X(S3_NOT_FOUND, "s3.not_found", (0, 0, 0, 74, 85),                                         \
		"the layer host does not have the blob")                                           \
	X(S3_UNAVAILABLE, "s3.unavailable", (0, 0, 0, 0, 86), "the layer host answers 5xx")        \
	X(IMAGE_DISK_FULL, "image.disk_full", (0, 0, 63, 0, 0), "no space to stage or unpack")     \
	X(IMAGE_CORRUPT_LAYER, "image.corrupt_layer", (0, 0, 0, 74, 87),                           \
		"layer digest verification fails")                                                 \
	X(IMAGE_UNSUPPORTED_MANIFEST, "image.unsupported_manifest", (0, 0, 63, 0, 0),              \
		"a kind of image that the puller cannot use: its manifest, its layers or their "   \
		"number")                                                                          \
	X(CLIENT_CONFIG, "client.config", OTHER_CODES,                                             \
		"the puller is misconfigured or has a bug; registry and path are fine")            \
	X(SECRETS_NETWORK, "secrets.network", OTHER_CODES,                                         \
		"the call that failed is Secrets Manager or SSM, and it is a network failure")     \
	X(SECRETS_DENIED, "secrets.denied", OTHER_CODES,                                           \
		"Secrets Manager, SSM or KMS denies the secret")                                   \
	X(SECRETS_NOT_FOUND, "secrets.not_found", OTHER_CODES,                                     \
		"the secret or parameter does not exist there")                                    \
	X(SECRETS_BAD_FORMAT, "secrets.bad_format", OTHER_CODES,                                   \
		"the secret is not valid JSON or lacks the key")                                   \
	X(ENVFILE_NETWORK, "envfile.network", OTHER_CODES,                                         \
		"the environment file in S3 is not reachable")                                     \
	X(ENVFILE_DENIED, "envfile.denied", OTHER_CODES,                                           \
		"the environment file in S3 is not readable")                                      \
	X(ENVFILE_NOT_FOUND, "envfile.not_found", OTHER_CODES,                                     \
		"there is no such environment file in S3")                                         \
	X(LOGS_CONFIG, "logs.config", OTHER_CODES, "log driver options invalid or incomplete")     \
	X(LOGS_NETWORK, "logs.network", OTHER_CODES, "CloudWatch Logs is not reachable")           \
	X(LOGS_NOT_FOUND, "logs.not_found", OTHER_CODES, "the log group does not exist")           \
	X(LOGS_DENIED, "logs.denied", OTHER_CODES, "no permission on the log group")               \
	X(ECS_ENI, "ecs.eni", OTHER_CODES,                                                         \
		"no pull: the task got no network interface, or the subnet has no free address")   \
	X(ECS_CAPACITY, "ecs.capacity", OTHER_CODES,                                               \
		"no pull: there is no capacity, or no instance, to place the task on")             \
	X(ECS_OUT_OF_MEMORY, "ecs.out_of_memory", OTHER_CODES,                                     \
		"no pull: the container was killed because it used too much memory")               \
	X(ECS_HEALTH_CHECK, "ecs.health_check", OTHER_CODES,                                       \
		"no pull: the container runs and fails its health check")                          \
	X(ECS_START, "ecs.start", OTHER_CODES,                                                     \
		"no pull: the container could not start, or it exited")                            \
	X(CONFIG_CONTRADICTION, "config.contradiction", OTHER_CODES,                               \
		"the configuration that was read and the walk contradict each other")              \
	X(UNSETTLED, "unsettled", OTHER_CODES, "the run ended before this was settled")            \
	X(PROBE_UNABLE, "probe.unable", OTHER_CODES,                                               \
		"the machine had no descriptor, memory or buffer left for the probe itself, "      \
		"which says nothing of the pull")

#define CAUSE_ENUM_(name, label, codes, meaning) CAUSE_##name,
enum cause { CAUSES(CAUSE_ENUM_) CAUSE_COUNT };

struct text cause_name(enum cause cause);
