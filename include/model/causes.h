/* The closed list of failure causes, used by `check`, `explain` and the exit codes alike. */
#pragma once
#include "base/text.h"

#define CAUSES(X)                                                                                  \
	X(NONE, "none", "nothing is wrong")                                                        \
	X(DNS_NXDOMAIN, "dns.nxdomain",                                                            \
		"a valid registry, API or S3 name answers \"no such host\": private DNS off or a " \
		"zone without the record, DNS firewall, broken resolver")                          \
	X(DNS_TIMEOUT, "dns.timeout",                                                              \
		"the resolver does not answer in time: VPC DNS support off, port 53 filtered, "    \
		"custom DNS server down")                                                          \
	X(DNS_REFUSED, "dns.refused",                                                              \
		"the resolver address refuses or rejects the query: nothing listens, or rcode "    \
		"REFUSED")                                                                         \
	X(DNS_TCP_BLOCKED, "dns.tcp_blocked",                                                      \
		"the answer needs TCP port 53, and only UDP gets through")                         \
	X(DNS_UDP_BLOCKED, "dns.udp_blocked",                                                      \
		"the resolver answers over TCP port 53 but not over UDP")                          \
	X(DNS_NODATA, "dns.nodata",                                                                \
		"the name exists but has no address: a DNS firewall's NODATA, or a private zone "  \
		"without the record")                                                              \
	X(DNS_SERVFAIL, "dns.servfail",                                                            \
		"the resolver fails for the name: its forwarding target is dead, or DNSSEC fails") \
	X(DNS_SPLIT_HORIZON, "dns.split_horizon",                                                  \
		"the configured resolver gives other addresses than the VPC's own, and only the "  \
		"VPC's answer: it does not know the endpoints' private zones")                     \
	X(REF_BAD_HOSTNAME, "ref.bad_hostname",                                                    \
		"the host name itself is wrong: misspelt Region, zone in place of Region, "        \
		"missing .cn suffix, empty account id, a FIPS or ECR Public API host that does "   \
		"not exist there")                                                                 \
	X(REF_BAD_REFERENCE, "ref.bad_reference",                                                  \
		"the image reference is malformed or incomplete")                                  \
	X(NET_NO_EGRESS_ROUTE, "net.no_egress_route",                                              \
		"TCP cannot leave the subnet: no NAT, no internet gateway route, no public IP in " \
		"a public subnet, or the needed interface endpoint does not exist")                \
	X(NET_SECURITY_GROUP, "net.security_group",                                                \
		"a security group blocks 443: the task's egress, or the ingress of the "           \
		"endpoint's own group")                                                            \
	X(NET_NACL, "net.nacl", "a network ACL blocks 443 out or the ephemeral ports back in")     \
	X(NET_PORT_RANGE, "net.port_range",                                                        \
		"replies come back to some source ports only: a network ACL opens part of the "    \
		"ephemeral range")                                                                 \
	X(NET_TIMEOUT, "net.timeout", "connection or read times out and nothing tells why")        \
	X(NET_LOSS, "net.loss", "some packets are lost: some tries pass and others do not")        \
	X(NET_IPV6_ONLY, "net.ipv6_only",                                                          \
		"the subnet has IPv6 egress only and the name has no AAAA record")                 \
	X(NET_REFUSED, "net.refused", "connection refused")                                        \
	X(NET_UNREACHABLE, "net.unreachable", "network or host unreachable, told at once")         \
	X(NET_RESET, "net.reset", "connection reset or cut in mid-stream")                         \
	X(NET_MTU_BLACKHOLE, "net.mtu_blackhole",                                                  \
		"full-size packets vanish on the path and no ICMP says so")                        \
	X(PROXY_NOT_USED, "proxy.not_used",                                                        \
		"only a proxy leads out, and the pull does not use it")                            \
	X(PROXY_UNREACHABLE, "proxy.unreachable",                                                  \
		"the configured proxy does not answer, does not resolve, or is the wrong one")     \
	X(TLS_HANDSHAKE_TIMEOUT, "tls.handshake_timeout",                                          \
		"TCP connects but the TLS handshake never finishes")                               \
	X(TLS_SNI_FILTERED, "tls.sni_filtered",                                                    \
		"a device cuts the handshake because of the server name in it")                    \
	X(TLS_VERSION, "tls.version", "no common TLS version or cipher")                           \
	X(TLS_INTERCEPTED, "tls.intercepted",                                                      \
		"the certificate was issued by an inspection device or proxy, not by the "         \
		"service's CA")                                                                    \
	X(TLS_UNTRUSTED, "tls.untrusted", "the chain is genuine but the trust store lacks its CA") \
	X(TLS_HOSTNAME_MISMATCH, "tls.hostname_mismatch", "the certificate is for another name")   \
	X(TLS_EXPIRED, "tls.expired", "certificate expired or not yet valid")                      \
	X(TLS_NOT_TLS, "tls.not_tls", "the other side does not speak TLS")                         \
	X(HTTP_NOT_THE_SERVICE, "http.not_the_service",                                            \
		"a captive page, proxy or other server answers in place of the service")           \
	X(AUTH_NO_CREDENTIALS, "auth.no_credentials",                                              \
		"there were no AWS or registry credentials at all")                                \
	X(AUTH_INVALID_CREDENTIALS, "auth.invalid_credentials",                                    \
		"the credentials are not accepted: wrong key, wrong secret, wrong partition or a " \
		"disabled Region")                                                                 \
	X(AUTH_IAM_IDENTITY, "auth.iam_identity",                                                  \
		"the caller's identity-based policy, boundary or session policy does not allow "   \
		"the action")                                                                      \
	X(AUTH_ENDPOINT_POLICY, "auth.endpoint_policy",                                            \
		"the ecr.api or ecr.dkr VPC endpoint policy does not allow it")                    \
	X(AUTH_SCP, "auth.scp", "an organization policy (SCP or RCP) denies it")                   \
	X(AUTH_ASSUME_ROLE, "auth.assume_role",                                                    \
		"the execution, task or instance role cannot be assumed")                          \
	X(AUTH_TOKEN_EXPIRED, "auth.token_expired",                                                \
		"the registry token, or the session behind it, is expired or invalid")             \
	X(AUTH_CLOCK_SKEW, "auth.clock_skew",                                                      \
		"the request signature is rejected because the clock is wrong")                    \
	X(AUTH_THROTTLED, "auth.throttled", "GetAuthorizationToken or another call is throttled")  \
	X(AUTH_UPSTREAM_CREDENTIALS, "auth.upstream_credentials",                                  \
		"a registry other than ECR got no, or wrong, credentials")                         \
	X(REGISTRY_REPO_POLICY, "registry.repo_policy",                                            \
		"the repository policy does not grant the caller")                                 \
	X(REGISTRY_REPO_NOT_FOUND, "registry.repo_not_found",                                      \
		"no such repository in that registry id and Region")                               \
	X(REGISTRY_TAG_NOT_FOUND, "registry.tag_not_found",                                        \
		"the repository exists, the tag does not")                                         \
	X(REGISTRY_DIGEST_GONE, "registry.digest_gone", "a pinned digest no longer exists")        \
	X(REGISTRY_ARCHIVED, "registry.archived",                                                  \
		"the image is archived and must be restored before it can be pulled")              \
	X(REGISTRY_PLATFORM_MISMATCH, "registry.platform_mismatch",                                \
		"the image exists but not for this OS and architecture")                           \
	X(REGISTRY_RATE_LIMITED, "registry.rate_limited",                                          \
		"the registry answers 429 or \"toomanyrequests\"")                                 \
	X(REGISTRY_UNAVAILABLE, "registry.unavailable",                                            \
		"the registry or its token service answers 5xx")                                   \
	X(REGISTRY_WRONG_REGISTRY, "registry.wrong_registry",                                      \
		"a reference without the ECR host, so the pull went to Docker Hub")                \
	X(REGISTRY_TRUNCATED, "registry.truncated",                                                \
		"an answer of the registry ended before it was whole")                             \
	X(REGISTRY_SLOW, "registry.slow", "the registry answers too slowly")                       \
	X(REGISTRY_BAD_REDIRECT, "registry.bad_redirect",                                          \
		"the registry redirects where a pull must not go")                                 \
	X(REGISTRY_DIGEST_MISMATCH, "registry.digest_mismatch",                                    \
		"a manifest does not hash to its digest")                                          \
	X(PTC_PERMISSION, "ptc.permission",                                                        \
		"pull-through cache: the caller lacks ecr:CreateRepository or "                    \
		"ecr:BatchImportUpstreamImage")                                                    \
	X(PTC_UPSTREAM_AUTH, "ptc.upstream_auth",                                                  \
		"pull-through cache: the rule lacks valid upstream credentials")                   \
	X(S3_NO_ROUTE, "s3.no_route",                                                              \
		"the layer host is not reachable: no S3 endpoint on that route table and no "      \
		"other egress")                                                                    \
	X(S3_SECURITY_GROUP, "s3.security_group",                                                  \
		"the task's security group lacks egress to the S3 prefix list")                    \
	X(S3_DNS, "s3.dns", "the layer host name does not resolve")                                \
	X(S3_ENDPOINT_POLICY, "s3.endpoint_policy",                                                \
		"S3 answers 403 because the S3 endpoint policy does not allow the layer bucket")   \
	X(S3_KMS, "s3.kms", "S3 answers 403 because the KMS key of the layers is not usable")      \
	X(S3_RESET, "s3.reset", "the connection to the layer host is reset or cut")                \
	X(S3_EXPIRED_URL, "s3.expired_url",                                                        \
		"the presigned URL is expired: slow start, or a clock is wrong")                   \
	X(S3_SLOW, "s3.slow", "the layer host asks to slow down, or is too slow")                  \
	X(S3_STALLED, "s3.stalled", "a layer's bytes start and then stop coming")                  \
	X(S3_NOT_FOUND, "s3.not_found", "the layer host does not have the blob")                   \
	X(S3_UNAVAILABLE, "s3.unavailable", "the layer host answers 5xx")                          \
	X(IMAGE_DISK_FULL, "image.disk_full", "no space to stage or unpack")                       \
	X(IMAGE_CORRUPT_LAYER, "image.corrupt_layer", "layer digest verification fails")           \
	X(IMAGE_UNSUPPORTED_MANIFEST, "image.unsupported_manifest",                                \
		"a manifest type that the pull cannot use")                                        \
	X(CLIENT_CONFIG, "client.config",                                                          \
		"the puller is misconfigured or has a bug; registry and path are fine")            \
	X(SECRETS_NETWORK, "secrets.network",                                                      \
		"the call that failed is Secrets Manager or SSM, and it is a network failure")     \
	X(SECRETS_DENIED, "secrets.denied", "Secrets Manager, SSM or KMS denies the secret")       \
	X(SECRETS_NOT_FOUND, "secrets.not_found", "the secret or parameter does not exist there")  \
	X(SECRETS_BAD_FORMAT, "secrets.bad_format",                                                \
		"the secret is not valid JSON or lacks the key")                                   \
	X(ENVFILE_NETWORK, "envfile.network", "the environment file in S3 is not reachable")       \
	X(ENVFILE_DENIED, "envfile.denied", "the environment file in S3 is not readable")          \
	X(LOGS_CONFIG, "logs.config", "log driver options invalid or incomplete")                  \
	X(LOGS_NETWORK, "logs.network", "CloudWatch Logs is not reachable")                        \
	X(LOGS_NOT_FOUND, "logs.not_found", "the log group does not exist")                        \
	X(LOGS_DENIED, "logs.denied", "no permission on the log group")                            \
	X(UNSETTLED, "unsettled", "the run ended before this was settled")                         \
	X(PROBE_UNABLE, "probe.unable",                                                            \
		"the machine had no descriptor, memory or buffer left for the probe itself, "      \
		"which says nothing of the pull")

#define CAUSE_ENUM_(name, label, meaning) CAUSE_##name,
enum cause { CAUSES(CAUSE_ENUM_) CAUSE_COUNT };

struct text cause_name(enum cause cause);
struct text cause_meaning(enum cause cause);
bool cause_parse(struct text name, enum cause *out);
