/* What to do about each cause: what would decide, the fix, what to paste to see it from outside. A
 * row of the rules that says something else overrides its cause's. */
#include "diagnose/advice.h"
#include "diagnose/lines.h"

/* clang-format off */
static const struct advice advices[CAUSE_COUNT] = {
	[CAUSE_DNS_NXDOMAIN] = {.verify = "Whether {host} resolves outside this VPC: if it does, "
		"the VPC's DNS hides it.",
		.fix = {"Check the host name in {image}: of ECR, its Region and account.",
		"Look for a private hosted zone or DNS firewall rule that covers {host}."},
		.confirm = {"nslookup {host}", LINE_ZONES, LINE_DNS_FIREWALL}},
	[CAUSE_DNS_TIMEOUT] = {.verify = "The same query over TCP port 53, and of the VPC's own "
		"resolver.",
		.fix = {"Let UDP and TCP port 53 reach {resolver}, or switch on DNS support in the "
		"VPC."}, .confirm = {LINE_DNS_ATTRIBUTES, LINE_DHCP}},
	[CAUSE_DNS_REFUSED] = {.fix = {"Let the DNS server {resolver} answer queries of this "
		"subnet, or use AmazonProvidedDNS in the VPC's DHCP options."},
		.confirm = {LINE_DHCP, LINE_DNS_FIREWALL}},
	[CAUSE_DNS_TCP_BLOCKED] = {.verify = "The same query over TCP port 53: dig +tcp "
		"@{resolver} {host}.",
		.fix = {"Allow TCP port 53 beside UDP from the task to {resolver}, in security "
		"groups, network ACLs and on the DNS server."},
		.confirm = {LINE_DHCP, LINE_OWN_GROUPS}},
	[CAUSE_DNS_UDP_BLOCKED] = {.verify = "A second run: loss comes and goes, a filter on large "
		"or fragmented UDP does not.",
		.fix = {"Allow UDP port 53 from the task to {resolver} and the replies back, in "
		"security groups, network ACLs and on the DNS server."},
		.confirm = {LINE_DHCP, LINE_OWN_GROUPS, LINE_NACL}},
	[CAUSE_DNS_NODATA] = {.fix = {"Allow {host} in the VPC's DNS firewall, or add the record "
		"to the private hosted zone."}, .confirm = {LINE_DNS_FIREWALL, LINE_ZONES}},
	[CAUSE_DNS_SERVFAIL] = {.verify = "The same query of the VPC's own resolver.",
		.fix = {"Use AmazonProvidedDNS in the VPC's DHCP options, or repair {resolver}."},
		.confirm = {LINE_DHCP, "nslookup {host}"}},
	[CAUSE_DNS_SPLIT_HORIZON] = {.fix = {"Make {resolver} forward amazonaws.com and api.aws to "
		"the VPC's resolver (a Route 53 Resolver inbound endpoint), or set the DHCP "
		"options to AmazonProvidedDNS."}, .confirm = {LINE_DHCP, LINE_ZONES}},
	[CAUSE_REF_BAD_HOSTNAME] = {.verify = "Whether the Region {region} exists.",
		.fix = {"Correct the Region in {image}."},
		.confirm = {"aws account list-regions --query 'Regions[].RegionName'"}},
	[CAUSE_REF_BAD_REFERENCE] = {.fix = {"Give the repository's name alone after the host: "
		"{registry}/NAME:TAG."},
		.confirm = {"aws ecr describe-repositories{region_option} --query "
		"'repositories[].repositoryUri'"}},
	[CAUSE_NET_NO_EGRESS_ROUTE] = {.verify = "If the route table leads 0.0.0.0/0 to a NAT "
		"gateway, or to an internet gateway and the task has a public IP, it is the "
		"security group or the network ACL.", .fix = {FIX_ADD_ENDPOINT, FIX_NAT},
		.confirm = {LINE_ROUTES, LINE_OWN_GROUPS, LINE_NACL}},
	[CAUSE_NET_SECURITY_GROUP] = {.verify = "The ingress rules of the group on {ip}; then the "
		"network ACL of its subnet, and whether an interface still has that address.",
		.fix = {FIX_ENDPOINT_INGRESS, FIX_TASK_EGRESS, FIX_NACL},
		.confirm = {LINE_OWN_GROUPS, LINE_NACL, LINE_ROUTES}},
	[CAUSE_NET_PORT_RANGE] = {.verify = "More tries: if the same ports fail each time, a "
		"network ACL opens a part of the range.",
		.fix = {"Network ACL of the subnet: allow TCP 1024-65535 in from 0.0.0.0/0."},
		.confirm = {LINE_NACL}},
	[CAUSE_NET_TIMEOUT] = {.verify = "A second run, and the same connection from another "
		"subnet.", .fix = {"Let TCP 443 from {own_ip} reach {ip}."},
		.confirm = {LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_NET_LOSS] = {.verify = "More runs: loss knows no source port and no address, a "
		"network ACL does.",
		.fix = {"Look at the NAT gateway's, firewall's or transit gateway's drop counters; "
		"one of several paths may be dead."},
		.confirm = {"aws cloudwatch list-metrics{own_region_option} --namespace "
		"AWS/NATGateway --metric-name PacketsDropCount", LINE_NACL}},
	[CAUSE_NET_IPV6_ONLY] = {.verify = "Whether {host} has an AAAA record outside this VPC: if "
		"not, {region} has no dual-stack endpoint there.",
		.fix = {"Enable DNS64 in the subnet and route 64:ff9b::/96 to a NAT gateway, or "
		"give it an IPv4 range besides."}, .confirm = {LINE_AAAA, LINE_SUBNET}},
	[CAUSE_NET_REFUSED] = {.fix = {"Let the firewall or proxy on the path pass TCP 443 to "
		"{host}; check that {ip} is its address."},
		.confirm = {"nslookup {host}", LINE_ROUTES}},
	[CAUSE_NET_UNREACHABLE] = {.fix = {"Give the subnet the IP version that {host} has, or use "
		"a name that has both."}, .confirm = {LINE_ROUTES}},
	[CAUSE_NET_RESET] = {.verify = "Whether the firewall on the path allows other names and "
		"not {host}.",
		.fix = {"Let TLS to {host} pass the firewall or proxy on the path."},
		.confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_NET_MTU_BLACKHOLE] = {.verify = "The same handshake with small segments: if it "
		"passes, it is the packet size.",
		.fix = {"Let ICMP type 3 code 4 (IPv6: packet too big) through, or clamp the MSS "
		"on the path."}, .confirm = {"tracepath -n {ip}", LINE_ROUTES}},
	[CAUSE_PROXY_NOT_USED] = {.verify = "A run with --proxy: if it passes, only the proxy "
		"leads out.",
		.fix = {"Give the pull a way of its own: a NAT gateway.",
		"Or the VPC endpoints com.amazonaws.{region}.ecr.api, .ecr.dkr and .s3.",
		"On EC2 set HTTPS_PROXY for the container runtime and the ECS agent."},
		.confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT}},
	[CAUSE_PROXY_UNREACHABLE] = {.verify = "The proxy's own log for {host}.",
		.fix = {"Allow CONNECT to {host}:443 on the proxy {proxy}."},
		.confirm = {"curl -sv -o /dev/null --proxy {proxy} https://{host}/"}},
	[CAUSE_TLS_HANDSHAKE_TIMEOUT] = {.verify = "The same handshake with small packets, and "
		"with another server name.",
		.fix = {"Let TLS to {host} pass the firewall uninspected; look at the packet size "
		"on the path."}, .confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_TLS_SNI_FILTERED] = {.verify = "The firewall's log for {host}.",
		.fix = {"Allow the name {host} on the firewall (AWS Network Firewall: a domain "
		"list)."},
		.confirm = {"aws network-firewall list-rule-groups{own_region_option}",
		LINE_ROUTES}},
	[CAUSE_TLS_VERSION] = {.verify = "Whether {ip} is {host}'s address, and what the device "
		"there logs.",
		.fix = {"Check that {ip} is {host}'s address; allow TLS 1.2 and 1.3 on the devices "
		"on the path."},
		.confirm = {"openssl s_client -connect {connect} -servername {host}"}},
	[CAUSE_TLS_INTERCEPTED] = {.verify = "Whether {ip} is {host}'s address.",
		.fix = {"Exempt {host} (and all other hosts of the pull) from TLS inspection; a "
		"Fargate pull cannot be given another CA."},
		.confirm = {"openssl s_client -connect {connect} -servername {host} -showcerts"}},
	[CAUSE_TLS_UNTRUSTED] = {.verify = "Who issued it, and for whom.",
		.fix = {"Exempt {host} from TLS inspection."},
		.confirm = {"openssl s_client -connect {connect} -servername {host} -showcerts"}},
	[CAUSE_TLS_HOSTNAME_MISMATCH] = {.fix = {"Use the registry's own host name in the image, "
		"not an alias of it.", "If the name is right, correct the DNS record that gives "
		"{ip}."},
		.confirm = {"nslookup {host}", "openssl s_client -connect {connect} -servername "
		"{host}"}},
	[CAUSE_TLS_EXPIRED] = {.verify = "Whether the clock was set while this ran: an earlier "
		"certificate of the same walk was valid.",
		.fix = {"If the clock is right, look at what answers for {host}: another server "
		"than a moment ago."},
		.confirm = {"openssl s_client -connect {connect} -servername {host}",
		"chronyc tracking"}},
	[CAUSE_TLS_NOT_TLS] = {.fix = {"Check that {ip} is {host}'s address, and let TCP 443 pass "
		"the proxy unchanged."}, .confirm = {"nslookup {host}", LINE_CURL}},
	[CAUSE_HTTP_NOT_THE_SERVICE] = {.verify = "The same call from outside this subnet.",
		.fix = {"Exempt {host} from the mirror or proxy that answers for it, or correct "
		"its DNS record."}, .confirm = {LINE_CURL}},
	[CAUSE_AUTH_NO_CREDENTIALS] = {.verify = "The agent's log: it names what EKS answered.",
		.fix = {"Run again; if it stays so, stop and start the instance."},
		.confirm = {SEE_METADATA_OPTIONS}},
	[CAUSE_AUTH_INVALID_CREDENTIALS] = {.verify = "The same credentials from outside this "
		"subnet.",
		.fix = {"Use credentials of the partition {partition}, and enable {region} for the "
		"account."}, .confirm = {"aws sts get-caller-identity"}},
	[CAUSE_AUTH_IAM_IDENTITY] = {.verify = "A simulation of the role's policies, then the "
		"repository's and the endpoint's policy, and whether {reference} still exists.",
		.fix = {"{attach}", "Or add to its policy: {grant}"},
		.confirm = {LINE_SIMULATE, LINE_REPOSITORY_POLICY, LINE_ENDPOINT_POLICY,
		LINE_DESCRIBE_IMAGE}},
	[CAUSE_AUTH_ENDPOINT_POLICY] = {.verify = "The policy of the ecr.dkr endpoint; then "
		"conditions on aws:SourceVpce in the role's and the repository's policy.",
		.fix = {"Add to the policy of the STS endpoint: {\"Effect\":\"Allow\","
		"\"Principal\":\"*\",\"Action\":[\"sts:AssumeRole\","
		"\"sts:AssumeRoleWithWebIdentity\"],\"Resource\":\"{resource}\"}"},
		.confirm = {SEE_ENDPOINT}},
	[CAUSE_AUTH_SCP] = {.fix = {"Ask the organization's administrator to allow {action} in "
		"{region}."},
		.confirm = {"aws organizations list-policies-for-target --target-id "
		"{caller_account} --filter SERVICE_CONTROL_POLICY"}},
	[CAUSE_AUTH_ASSUME_ROLE] = {.verify = "The trust policy of {asked_role}; if it allows this "
		"pod, the policy of the STS endpoint.",
		.fix = {TRUST_CALLER, "Add to the policy of {role_name}: {\"Effect\":\"Allow\","
		"\"Action\":\"sts:AssumeRole\",\"Resource\":\"{resource}\"}"},
		.confirm = {"aws iam get-role --role-name {role_name} --query "
		"Role.AssumeRolePolicyDocument"}},
	[CAUSE_AUTH_TOKEN_EXPIRED] = {.verify = "The same token from outside this subnet.",
		.fix = {"Fetch the token in the Region of the image ({region}); exempt {host} from "
		"proxies."}, .confirm = {"aws sts get-caller-identity"}},
	[CAUSE_AUTH_CLOCK_SKEW] = {.verify = "The clock of the identity provider that made the "
		"token.",
		.fix = {"Set the clock: Amazon Time Sync is 169.254.169.123 (chrony)."},
		.confirm = {"chronyc tracking"}},
	[CAUSE_AUTH_THROTTLED] = {.fix = {"Start fewer tasks at once and keep tokens (they last 12 "
		"hours), or raise the quota."},
		.confirm = {"aws service-quotas list-service-quotas{region_option} --service-code "
		"ecr --query \"Quotas[?contains(QuotaName,'GetAuthorizationToken')]\""}},
	[CAUSE_AUTH_UPSTREAM_CREDENTIALS] = {.verify = "The same with credentials (--user), or the "
		"registry's own page.",
		.fix = {"If it is private, " SIGN_IN, "If not, correct the name in {image}."},
		.confirm = {LINE_TAGS}},
	[CAUSE_REGISTRY_REPO_POLICY] = {.verify = "The policy of the repository in account "
		"{account}, then a simulation of the role's policies, then the endpoint's policy.",
		.fix = {"In account {account}, grant arn:{partition}:iam::{caller_account}:root "
		"ecr:BatchGetImage and ecr:GetDownloadUrlForLayer in the policy of {repository}.",
		"{attach}"}, .confirm = {LINE_REPOSITORY_POLICY}},
	[CAUSE_REGISTRY_REPO_NOT_FOUND] = {.verify = "Whether the repository exists and is public.",
		.fix = {"Correct the name in {image}, or push the image."},
		.confirm = {LINE_REPOSITORY}},
	[CAUSE_REGISTRY_TAG_NOT_FOUND] = {.verify = "DescribeImages: an archived image is still "
		"listed.",
		.fix = {"Push {reference}, or use a tag that exists; look at the lifecycle policy "
		"if it was there."}, .confirm = {LINE_DESCRIBE_IMAGE}},
	[CAUSE_REGISTRY_DIGEST_GONE] = {.verify = "DescribeImages: an archived image is still "
		"listed.",
		.fix = {"Deploy again, so that ECS pins the tag's present digest; look at the "
		"lifecycle policy."}, .confirm = {LINE_DESCRIBE_IMAGE}},
	[CAUSE_REGISTRY_ARCHIVED] = {.verify = "DescribeImages: imageStatus ARCHIVED.",
		.fix = {"aws ecr update-image-storage-class{region_option} --registry-id {account} "
		"--repository-name {repository} --image-id {image_id} --target-storage-class "
		"STANDARD"}, .confirm = {LINE_DESCRIBE_IMAGE}},
	[CAUSE_REGISTRY_PLATFORM_MISMATCH] = {.fix = {"Build it for {platform} as well: docker "
		"buildx build --platform {platform} --push -t {image} .",
		"Or set runtimePlatform.cpuArchitecture in the task definition to one that the "
		"image has."}, .confirm = {LINE_BATCH_GET_IMAGE}},
	[CAUSE_REGISTRY_RATE_LIMITED] = {.fix = {"For more pulls " SIGN_IN, FIX_CACHE,
		"Docker's official images are at public.ecr.aws/docker/library/ too."},
		.confirm = {LINE_PING}},
	[CAUSE_REGISTRY_UNAVAILABLE] = {.verify = "The same pull from another subnet.",
		.fix = {"Run again; check the devices between this subnet and {host}."},
		.confirm = {LINE_CURL}},
	[CAUSE_REGISTRY_WRONG_REGISTRY] = {.verify = "Whether the image is meant to come from "
		"Docker Hub at all.",
		.fix = {"Write the whole reference: "
		"ACCOUNT.dkr.ecr.REGION.amazonaws.com/{repository}."},
		.confirm = {"aws ecr describe-repositories --repository-names {repository}"}},
	[CAUSE_REGISTRY_TRUNCATED] = {.fix = {"Check the devices between this subnet and {host}: a "
		"proxy that cuts answers."}, .confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_REGISTRY_SLOW] = {.verify = "A run with a longer --timeout, and the same request "
		"with small packets.",
		.fix = {"Check the devices between this subnet and {host}: a firewall or proxy "
		"that holds the answer back."}, .confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_REGISTRY_BAD_REDIRECT] = {.verify = "The same pull from outside this subnet.",
		.fix = {"Correct the realm in the registry's token configuration: an https URL of "
		"a host that its callers can reach."}, .confirm = {LINE_CURL}},
	[CAUSE_REGISTRY_DIGEST_MISMATCH] = {.fix = {"Exempt {host} from proxies that cache or "
		"change answers; then push the image again."},
		.confirm = {LINE_BATCH_GET_IMAGE}},
	[CAUSE_PTC_PERMISSION] = {.verify = "Whether the upstream registry has {reference}, and "
		"whether the caller may do ecr:BatchImportUpstreamImage.",
		.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\","
		"\"Action\":\"ecr:BatchImportUpstreamImage\",\"Resource\":\"{repository_arn}\"}",
		"With VPC endpoints only, the first pull needs a NAT route besides."},
		.confirm = {LINE_CACHE_RULES, LINE_DESCRIBE_IMAGE}},
	[CAUSE_PTC_UPSTREAM_AUTH] = {.fix = {"Correct the secret of the pull-through cache rule "
		"(its name begins with ecr-pullthroughcache/)."}, .confirm = {LINE_CACHE_RULES}},
	[CAUSE_S3_NO_ROUTE] = {.verify = "If the route table has a way to S3, it is the task's "
		"security group or the network ACL.",
		.fix = {FIX_S3_GATEWAY, FIX_NAT, FIX_S3_EGRESS},
		.confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT, LINE_OWN_GROUPS}},
	[CAUSE_S3_SECURITY_GROUP] = {.verify = "The egress rules of the task's group, then the "
		"network ACL, then the routes.",
		.fix = {FIX_S3_EGRESS, FIX_S3_NACL, FIX_S3_GATEWAY},
		.confirm = {LINE_OWN_GROUPS, LINE_NACL, LINE_ROUTES}},
	[CAUSE_S3_DNS] = {.fix = {"Remove the private zone or DNS firewall rule that covers S3's "
		"names, or add the record.", "Switch on DNS support and DNS hostnames in the VPC: "
		"the S3 endpoint needs both."},
		.confirm = {LINE_ZONES, LINE_DNS_FIREWALL, "aws ec2 "
		"describe-vpc-attribute{own_region_option} --vpc-id {vpc_query} --attribute "
		"enableDnsHostnames"}},
	[CAUSE_S3_ENDPOINT_POLICY] = {.verify = "Whether {host} is in S3 and this VPC has an S3 "
		"endpoint: then its policy; else a proxy.",
		.fix = {"Allow {host} in the policy of the S3 endpoint and on the proxy."},
		.confirm = {LINE_CURL, LINE_ENDPOINT_POLICY}},
	[CAUSE_S3_KMS] = {.fix = {"Enable the repository's KMS key, or cancel its deletion; a "
		"revoked grant of ECR needs a new repository."}, .confirm = {LINE_ENCRYPTION}},
	[CAUSE_S3_RESET] = {.verify = "Whether the firewall on the path logs {host}.",
		.fix = {"Let TLS to {host} pass the firewall or proxy on the path."},
		.confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_S3_EXPIRED_URL] = {.fix = {"Exempt {registry} from caching proxies; its redirects "
		"last an hour at most."}, .confirm = {LINE_CURL}},
	[CAUSE_S3_SLOW] = {.verify = "A run with a longer --timeout: if it passes, the host or "
		"what stands before it is slow.",
		.fix = {"Check the devices between this subnet and {host} (inspecting firewall, "
		"proxy).", FIX_GO_ROUND}, .confirm = {LINE_ROUTES, LINE_CURL}},
	[CAUSE_S3_STALLED] = {.verify = "The same request with small segments: if it passes, "
		"full-size packets vanish on the path.",
		.fix = {"Let ICMP type 3 code 4 through or clamp the MSS on the path; look at "
		"inspecting firewalls between this subnet and {host}."},
		.confirm = {"tracepath -n {ip}", LINE_ROUTES}},
	[CAUSE_S3_NOT_FOUND] = {.fix = {"Push the image again: docker push {image}"},
		.confirm = {"aws ecr batch-check-layer-availability{region_option} --registry-id "
		"{account} --repository-name {repository} --layer-digests {digest}"}},
	[CAUSE_S3_UNAVAILABLE] = {.verify = "The same pull from outside this subnet.",
		.fix = {"Try again; look at the registry's status page."},
		.confirm = {LINE_CURL}},
	[CAUSE_IMAGE_CORRUPT_LAYER] = {.fix = {"Exempt {host} from proxies and inspection, then "
		"push the image again: docker push {image}"},
		.confirm = {LINE_BATCH_GET_IMAGE, LINE_ROUTES}},
	[CAUSE_IMAGE_UNSUPPORTED_MANIFEST] = {.verify = "The same manifest from outside this "
		"subnet.", .fix = {"Build and push the image again."},
		.confirm = {LINE_BATCH_GET_IMAGE}},
	[CAUSE_CLIENT_CONFIG] = {.verify = "The limits of this machine: descriptors, memory, "
		"source ports.",
		.fix = {"Raise the limit that the error names, or free what is in use."},
		.confirm = {"ss -s"}},
	[CAUSE_SECRETS_NETWORK] = {.verify = "A second run.",
		.fix = {FIX_ADD_ENDPOINT, FIX_NAT, FIX_TASK_EGRESS},
		.confirm = {LINE_VPC_ENDPOINT, LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_SECRETS_DENIED] = {.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\","
		"\"Action\":\"{call}\",\"Resource\":\"{resource}\"}", FIX_ELSE},
		.confirm = {LINE_GRANTED}},
	[CAUSE_SECRETS_NOT_FOUND] = {.fix = {"Correct valueFrom in the task definition (the six "
		"characters at the end of the ARN are part of it), or create the secret there."},
		.confirm = {"aws secretsmanager describe-secret{region_option} --secret-id "
		"{wanted}"}},
	[CAUSE_ENVFILE_NETWORK] = {.verify = "A second run.", .fix = {FIX_NETWORK},
		.confirm = {LINE_CURL}},
	[CAUSE_ENVFILE_DENIED] = {.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\","
		"\"Action\":\"s3:GetObject\",\"Resource\":\"arn:{partition}:s3:::{wanted}\"}",
		FIX_ELSE}, .confirm = {"aws s3 ls s3://{wanted}"}},
	[CAUSE_ENVFILE_NOT_FOUND] = {.fix = {"Correct environmentFiles in the task definition, or "
		"upload the file there."}, .confirm = {"aws s3 ls s3://{wanted}"}},
	[CAUSE_LOGS_CONFIG] = {.fix = {"Set awslogs-group and awslogs-region in the options of "
		"logConfiguration."},
		.confirm = {"aws ecs describe-task-definition{own_region_option} --task-definition "
		"FAMILY --query 'taskDefinition.containerDefinitions[].[name,logConfiguration]'"}},
	[CAUSE_LOGS_NETWORK] = {.verify = "A second run.",
		.fix = {FIX_ADD_ENDPOINT, FIX_NAT, FIX_TASK_EGRESS},
		.confirm = {LINE_VPC_ENDPOINT, LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_LOGS_NOT_FOUND] = {.fix = {"Create it: aws logs create-log-group{region_option} "
		"--log-group-name {wanted}", "Or set awslogs-create-group to true, and allow the "
		"{role_hint} logs:CreateLogGroup."},
		.confirm = {"aws logs describe-log-groups{region_option} --log-group-name-prefix "
		"{wanted} --query 'logGroups[].logGroupName'"}},
	[CAUSE_LOGS_DENIED] = {.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\","
		"\"Action\":\"{call}\","
		"\"Resource\":\"arn:{partition}:logs:*:*:log-group:{wanted}:*\"}", FIX_ELSE},
		.confirm = {LINE_GRANTED}},
	[CAUSE_UNSETTLED] = {.fix = {"Run again with a longer --deadline."},
		.confirm = {LINE_CURL}},
};
/* clang-format on */

const struct advice *advice_of(enum cause cause)
{
	return &advices[cause];
}
