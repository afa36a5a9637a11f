/* What to do about each cause: what would decide, the fix, what to paste to see it from outside. A
 * row of the rules that says something else overrides its cause's. */
#include "diagnose/advice.h"
#include "diagnose/lines.h"

/* clang-format off */
static const struct advice advices[CAUSE_COUNT] = {
	[CAUSE_DNS_NXDOMAIN] = {.stage = STAGE_DNS, .rank = 15, .verify = "Whether {host} resolves "
		"outside this VPC: if it does, the VPC's DNS hides it.", .fix = {"Check the host "
		"name in {image}: of ECR, its Region and account.", "Look for a private hosted "
		"zone or DNS firewall rule that covers {host}."}, .confirm = {"nslookup {host}",
		LINE_ZONES, LINE_DNS_FIREWALL}},
	[CAUSE_DNS_TIMEOUT] = {.stage = STAGE_DNS, .rank = 14, .verify = "The same query over TCP "
		"port 53, and to the VPC's own resolver.", .fix = {"Allow UDP and TCP port 53 to "
		"{resolver}, or enable VPC DNS."}, .confirm = {LINE_DNS_ATTRIBUTES, LINE_DHCP}},
	[CAUSE_DNS_REFUSED] = {.stage = STAGE_DNS, .rank = 36, .verify = "The same query to "
		"169.254.169.253.", .fix = {"Let {resolver} answer queries of this subnet, or use "
		"AmazonProvidedDNS in DHCP options."}, .confirm = {LINE_DHCP, LINE_DNS_FIREWALL}},
	[CAUSE_DNS_TCP_BLOCKED] = {.stage = STAGE_DNS, .verify = "The same query over TCP port 53: "
		"dig +tcp @{resolver} {host}.", .fix = {"Allow TCP port 53 beside UDP from the "
		"task to {resolver}, in security groups, network ACLs and on the DNS server."},
		.confirm = {LINE_DHCP, LINE_OWN_GROUPS}},
	[CAUSE_DNS_UDP_BLOCKED] = {.stage = STAGE_DNS, .verify = "A second run: loss comes and "
		"goes, a filter on large or fragmented UDP does not.", .fix = {"Allow UDP port 53 "
		"from the task to {resolver} and the replies back, in security groups, network "
		"ACLs and on the DNS server."}, .confirm = {LINE_DHCP, LINE_OWN_GROUPS, LINE_NACL}},
	[CAUSE_DNS_NODATA] = {.stage = STAGE_DNS, .rank = 48, .verify = "The same query outside "
		"this VPC.", .fix = {"Allow {host} in the VPC's DNS firewall, or add the record to "
		"the private hosted zone."}, .confirm = {LINE_DNS_FIREWALL, LINE_ZONES}},
	[CAUSE_DNS_SERVFAIL] = {.stage = STAGE_DNS, .verify = "The same query of the VPC's own "
		"resolver.", .fix = {"Use AmazonProvidedDNS in the VPC's DHCP options, or repair "
		"{resolver}."}, .confirm = {LINE_DHCP, "nslookup {host}"}},
	[CAUSE_DNS_SPLIT_HORIZON] = {.stage = STAGE_DNS, .rank = 47, .verify = "The same query of "
		"the VPC's own resolver.", .fix = {"Make {resolver} forward amazonaws.com and "
		"api.aws to the VPC's resolver (a Route 53 Resolver inbound endpoint), or set the "
		"DHCP options to AmazonProvidedDNS."}, .confirm = {LINE_DHCP, LINE_ZONES}},
	[CAUSE_REF_BAD_HOSTNAME] = {.stage = STAGE_DNS, .rank = 13, .verify = "Whether account, "
		"Region and suffix of the host name are right.", .fix = {"Correct the host name: "
		"account id, Region, suffix (.cn in China); and whether the service exists in that "
		"Region."}, .confirm = {"aws ecr describe-repositories{region_option} --query "
		"'repositories[].repositoryUri'"}},
	[CAUSE_REF_BAD_REFERENCE] = {.stage = STAGE_MANIFEST, .verify = "The reference as the "
		"puller got it.", .fix = {"Give the repository's name alone after the host: "
		"{registry}/NAME:TAG."}, .confirm = {"aws ecr describe-repositories{region_option} "
		"--query 'repositories[].repositoryUri'"}},
	[CAUSE_NET_NO_EGRESS_ROUTE] = {.stage = STAGE_TCP, .rank = 1, .verify = "If the route "
		"table leads 0.0.0.0/0 to a NAT gateway, or to an internet gateway and the task "
		"has a public IP, it is the security group or the network ACL.", .fix = {
		FIX_ADD_ENDPOINT, FIX_NAT}, .confirm = {LINE_ROUTES, LINE_OWN_GROUPS, LINE_NACL}},
	[CAUSE_NET_SECURITY_GROUP] = {.stage = STAGE_TCP, .rank = 2, .verify = "The ingress rules "
		"of the group on {ip}; then the network ACL of its subnet, and whether an "
		"interface still has that address.", .fix = {FIX_ENDPOINT_INGRESS, FIX_TASK_EGRESS,
		FIX_NACL}, .confirm = {LINE_OWN_GROUPS, LINE_NACL, LINE_ROUTES}},
	[CAUSE_NET_NACL] = {.stage = STAGE_TCP, .rank = 20, .verify = "The entries of the network "
		"ACL, after the routes and security groups.", .fix = {"Network ACL of the subnet: "
		"allow TCP 443 out and TCP 1024-65535 back in."}, .confirm = {LINE_NACL}},
	[CAUSE_NET_PORT_RANGE] = {.stage = STAGE_TCP, .verify = "More tries: if the same ports "
		"fail each time, a network ACL opens a part of the range.", .fix = {"Network ACL "
		"of the subnet: allow TCP 1024-65535 in from 0.0.0.0/0."}, .confirm = {LINE_NACL}},
	[CAUSE_NET_TIMEOUT] = {.stage = STAGE_TCP, .rank = 30, .verify = "A second run, and the "
		"same connection from another subnet.", .fix = {"Let TCP 443 from {own_ip} reach "
		"{ip}; where it happened once, try again."}, .confirm = {LINE_ROUTES,
		LINE_OWN_GROUPS}},
	[CAUSE_NET_LOSS] = {.stage = STAGE_TCP, .verify = "More runs: loss knows no source port "
		"and no address, a network ACL does.", .fix = {"Look at the NAT gateway's, "
		"firewall's or transit gateway's drop counters; one of several paths may be dead."},
		.confirm = {"aws cloudwatch list-metrics{own_region_option} --namespace "
		"AWS/NATGateway "
		"--metric-name PacketsDropCount", LINE_NACL}},
	[CAUSE_NET_IPV6_ONLY] = {.stage = STAGE_TCP, .rank = 31, .verify = "Whether {host} has an "
		"AAAA record outside this VPC: if not, {region} has no dual-stack endpoint there.",
		.fix = {"Enable DNS64 in the subnet and route 64:ff9b::/96 to a NAT gateway, or "
		"give it an IPv4 range besides."}, .confirm = {LINE_AAAA, LINE_SUBNET}},
	[CAUSE_NET_REFUSED] = {.stage = STAGE_TCP, .rank = 40, .verify = "The address that the "
		"name resolves to.", .fix = {"Let the firewall or proxy on the path pass TCP 443 "
		"to {host}; check that {ip} is its address."}, .confirm = {"nslookup {host}",
		LINE_ROUTES}},
	[CAUSE_NET_UNREACHABLE] = {.stage = STAGE_TCP, .rank = 45, .verify = "The route table of "
		"the machine.", .fix = {"Give the subnet the IP version that {host} has, or use a "
		"name that has both."}, .confirm = {LINE_ROUTES}},
	[CAUSE_NET_RESET] = {.stage = STAGE_TCP, .rank = 21, .options = " --full", .verify =
		"Whether the firewall on the path allows other names and not {host}.", .fix = {
		"Let TLS to {host} pass the firewall or proxy on the path."}, .confirm = {LINE_CURL,
		LINE_ROUTES}},
	[CAUSE_NET_MTU_BLACKHOLE] = {.stage = STAGE_TCP, .rank = 46, .verify = "The same handshake "
		"with small segments: if it passes, it is the packet size.", .fix = {
		"Let ICMP type 3 code 4 (IPv6: packet too big) through, or clamp the MSS on the "
		"path."}, .confirm = {"tracepath -n {ip}", LINE_ROUTES}},
	[CAUSE_PROXY_NOT_USED] = {.stage = STAGE_TCP, .rank = 33, .options = " --proxy", .verify =
		"A run with --proxy: if it passes, only the proxy leads out.", .fix = {
		"Give the pull a way of its own: a NAT gateway.", "Or the VPC endpoints "
		"com.amazonaws.{region}.ecr.api, .ecr.dkr and .s3.", "On EC2 set HTTPS_PROXY for "
		"the container runtime and the ECS agent."}, .confirm = {LINE_ROUTES,
		LINE_VPC_ENDPOINT}},
	[CAUSE_PROXY_UNREACHABLE] = {.stage = STAGE_TCP, .rank = 29, .options = " --proxy", .verify
		= "The proxy's own log for {host}.", .fix = {"Allow CONNECT to {host}:443 on the "
		"proxy {proxy}."}, .confirm = {"curl -sv -o /dev/null --proxy {proxy} "
		"https://{host}/"}},
	[CAUSE_TLS_HANDSHAKE_TIMEOUT] = {.stage = STAGE_TLS, .rank = 34, .verify =
		"The same handshake with small packets, and with another server name.", .fix = {
		"Let TLS to {host} pass the firewall uninspected; look at the packet size on the "
		"path."}, .confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_TLS_SNI_FILTERED] = {.stage = STAGE_TLS, .verify = "The firewall's log for {host}.",
		.fix = {"Allow the name {host} on the firewall (AWS Network Firewall: a domain "
		"list)."}, .confirm = {"aws network-firewall list-rule-groups{own_region_option}",
		LINE_ROUTES}},
	[CAUSE_TLS_VERSION] = {.stage = STAGE_TLS, .verify = "Whether {ip} is {host}'s address, "
		"and what the device there logs.", .fix = {"Check that {ip} is {host}'s address; "
		"allow TLS 1.2 and 1.3 on the devices on the path."}, .confirm = {
		"openssl s_client -connect {connect} -servername {host}"}},
	[CAUSE_TLS_INTERCEPTED] = {.stage = STAGE_TLS, .rank = 18, .verify = "Whether {ip} is "
		"{host}'s address.", .fix = {"Exempt {host} (and all other hosts of the pull) from "
		"TLS inspection; a Fargate pull cannot be given another CA."}, .confirm = {
		"openssl s_client -connect {connect} -servername {host} -showcerts"}},
	[CAUSE_TLS_UNTRUSTED] = {.stage = STAGE_TLS, .verify = "Who issued it, and for whom.", .fix
		= {"Exempt {host} from TLS inspection."}, .confirm = {"openssl s_client -connect "
		"{connect} -servername {host} -showcerts"}},
	[CAUSE_TLS_HOSTNAME_MISMATCH] = {.stage = STAGE_TLS, .verify = "The names in the "
		"certificate.", .fix = {"Use the registry's own host name in the image, not an "
		"alias of it.", "If the name is right, correct the DNS record that gives {ip}."},
		.confirm = {"nslookup {host}", "openssl s_client -connect {connect} -servername "
		"{host}"}},
	[CAUSE_TLS_EXPIRED] = {.stage = STAGE_TLS, .verify = "Whether the clock was set while this "
		"ran: an earlier certificate of the same walk was valid.", .fix = {"If the clock "
		"is right, look at what answers for {host}: another server than a moment ago."},
		.confirm = {"openssl s_client -connect {connect} -servername {host}",
		"chronyc tracking"}},
	[CAUSE_TLS_NOT_TLS] = {.stage = STAGE_TLS, .verify = "What answers on that port.", .fix = {
		"Check that {ip} is {host}'s address, and let TCP 443 pass the proxy unchanged."},
		.confirm = {"nslookup {host}", LINE_CURL}},
	[CAUSE_HTTP_NOT_THE_SERVICE] = {.stage = STAGE_HTTP, .verify = "The same call from outside "
		"this subnet.", .fix = {"Exempt {host} from the mirror or proxy that answers for "
		"it, or correct its DNS record."}, .confirm = {LINE_CURL}},
	[CAUSE_AUTH_NO_CREDENTIALS] = {.stage = STAGE_CREDENTIALS, .rank = 3, .verify =
		"A probe with the same role: it tells whether the call for a token fails by the "
		"network.", .fix = {"Give the puller a role: executionRoleArn of the task "
		"definition, the instance profile, the build's service role.", "Elsewhere log in: "
		"aws ecr get-login-password{region_option} | docker login --username AWS "
		"--password-stdin {registry}"}, .confirm = {
		"aws ecs describe-task-definition{own_region_option} --task-definition FAMILY "
		"--query "
		"taskDefinition.executionRoleArn", "aws ecr get-login-password{region_option} | "
		"head -c 8"}},
	[CAUSE_AUTH_INVALID_CREDENTIALS] = {.stage = STAGE_TOKEN, .verify = "The same credentials "
		"from outside this subnet.", .fix = {"Use credentials of the partition "
		"{partition}, and enable {region} for the account."}, .confirm = {
		"aws sts get-caller-identity"}},
	[CAUSE_AUTH_IAM_IDENTITY] = {.stage = STAGE_TOKEN, .rank = 4, .verify = "A simulation of "
		"the role's policies, then the repository's and the endpoint's policy, and whether "
		"{reference} still exists.", .fix = {"{attach}", "Or add to its policy: {grant}"},
		.confirm = {LINE_SIMULATE, LINE_REPOSITORY_POLICY, LINE_ENDPOINT_POLICY,
		LINE_DESCRIBE_IMAGE}},
	[CAUSE_AUTH_ENDPOINT_POLICY] = {.stage = STAGE_TOKEN, .rank = 22, .verify = "The policies "
		"of the ecr.api and ecr.dkr endpoints; then conditions on aws:SourceVpce in the "
		"role's and the repository's policy.", .fix = {"Allow the action in the policies "
		"of the ecr.api and ecr.dkr endpoints: "
		"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"ecr:*\",\"Resource\":\"*\"}"
		""}, .confirm = {"aws ec2 describe-vpc-endpoints{own_region_option} --filters "
		"Name=vpc-id,Values={vpc_query} --query "
		"'VpcEndpoints[].[ServiceName,PolicyDocument]'"}},
	[CAUSE_AUTH_SCP] = {.stage = STAGE_TOKEN, .rank = 41, .verify = "The organization's "
		"policies.", .fix = {"Ask the organization's administrator to allow {action} in "
		"{region}."}, .confirm = {"aws organizations list-policies-for-target --target-id "
		"{caller_account} --filter SERVICE_CONTROL_POLICY"}},
	[CAUSE_AUTH_ASSUME_ROLE] = {.stage = STAGE_CREDENTIALS, .rank = 23, .verify = "The trust "
		"policy of {asked_role}.", .fix = {"Let the role trust the service that uses it "
		"(ecs-tasks.amazonaws.com for tasks, build.apprunner.amazonaws.com for App Runner, "
		"ec2.amazonaws.com for instances), and allow the one who starts it iam:PassRole.",
		"A new role takes some seconds until it can be assumed."}, .confirm = {
		"aws iam get-role --role-name {role_name} --query Role.AssumeRolePolicyDocument"}},
	[CAUSE_AUTH_TOKEN_EXPIRED] = {.stage = STAGE_TOKEN, .rank = 9, .verify = "A pull with a "
		"fresh token, or after docker logout {host}.", .fix = {"Log in again in the Region "
		"of the image: a token lasts 12 hours.", "Where a stale login is in the way of a "
		"public image: docker logout {host}"}, .confirm = {"aws sts get-caller-identity"}},
	[CAUSE_AUTH_CLOCK_SKEW] = {.stage = STAGE_TOKEN, .rank = 42, .verify = "The clock of the "
		"identity provider that made the token.", .fix = {"Set the clock: Amazon Time Sync "
		"is 169.254.169.123 (chrony)."}, .confirm = {"chronyc tracking"}},
	[CAUSE_AUTH_THROTTLED] = {.stage = STAGE_TOKEN, .rank = 43, .verify = "A second run.", .fix
		= {"Start fewer tasks at once and keep tokens (they last 12 hours), or raise the "
		"quota."}, .confirm = {"aws service-quotas list-service-quotas{region_option} "
		"--service-code ecr --query "
		"\"Quotas[?contains(QuotaName,'GetAuthorizationToken')]\""}},
	[CAUSE_AUTH_UPSTREAM_CREDENTIALS] = {.stage = STAGE_TOKEN, .rank = 17, .verify =
		"A login with the same user name and password or token, and whether the image is "
		"public.", .fix = {"If it is private, " SIGN_IN, "For Kubernetes give the pod an "
		"imagePullSecret; for Docker run docker login {host}, or docker logout {host} "
		"where a "
		"stale login is in the way."}, .confirm = {LINE_TAGS}},
	[CAUSE_REGISTRY_REPO_POLICY] = {.stage = STAGE_MANIFEST, .rank = 12, .verify = "The policy "
		"of the repository in account {account}, then a simulation of the role's policies, "
		"then the endpoint's policy.", .fix = {"In account {account}, grant "
		"arn:{partition}:iam::{caller_account}:root ecr:BatchGetImage and "
		"ecr:GetDownloadUrlForLayer in the policy of {repository}.", "{attach}"}, .confirm =
		{LINE_REPOSITORY_POLICY}},
	[CAUSE_REGISTRY_REPO_NOT_FOUND] = {.stage = STAGE_MANIFEST, .rank = 8, .verify =
		"The list of the registry's repositories.", .fix = {"Correct account, Region or "
		"repository in {image}, or push the image."}, .confirm = {LINE_REPOSITORY}},
	[CAUSE_REGISTRY_TAG_NOT_FOUND] = {.stage = STAGE_MANIFEST, .rank = 5, .verify =
		"DescribeImages: an archived image is still listed.", .fix = {"Push {reference}, "
		"or use a tag that exists; look at the lifecycle policy if it was there."}, .confirm
		= {LINE_DESCRIBE_IMAGE}},
	[CAUSE_REGISTRY_DIGEST_GONE] = {.stage = STAGE_MANIFEST, .rank = 25, .verify =
		"DescribeImages: an archived image is still listed.", .fix = {"Deploy again, so "
		"that ECS pins the tag's present digest; look at the lifecycle policy."}, .confirm =
		{LINE_DESCRIBE_IMAGE}},
	[CAUSE_REGISTRY_ARCHIVED] = {.stage = STAGE_MANIFEST, .verify = "DescribeImages: "
		"imageStatus ARCHIVED.", .fix = {
		"aws ecr update-image-storage-class{region_option} --registry-id {account} "
		"--repository-name {repository} --image-id {image_id} --target-storage-class "
		"STANDARD"}, .confirm = {LINE_DESCRIBE_IMAGE}},
	[CAUSE_REGISTRY_PLATFORM_MISMATCH] = {.stage = STAGE_MANIFEST, .rank = 11, .options =
		" --platform {platform}", .verify = "The platforms that the image lists.", .fix = {
		"Build it for {platform} as well: docker buildx build --platform {platform} --push "
		"-t {image} .", "Or set runtimePlatform.cpuArchitecture in the task definition to "
		"one that the image has."}, .confirm = {LINE_BATCH_GET_IMAGE}},
	[CAUSE_REGISTRY_RATE_LIMITED] = {.stage = STAGE_MANIFEST, .rank = 6, .verify =
		"A pull with credentials.", .fix = {"For more pulls " SIGN_IN, FIX_CACHE,
		"Docker's official images are at public.ecr.aws/docker/library/ too."}, .confirm = {
		LINE_PING}},
	[CAUSE_REGISTRY_UNAVAILABLE] = {.stage = STAGE_HTTP, .rank = 35, .verify = "The same pull "
		"from another subnet.", .fix = {"Run again; check the devices between this subnet "
		"and {host}."}, .confirm = {LINE_CURL}},
	[CAUSE_REGISTRY_WRONG_REGISTRY] = {.stage = STAGE_MANIFEST, .rank = 10, .verify =
		"Whether the image is meant to come from Docker Hub at all.", .fix = {"Write the "
		"whole reference: ACCOUNT.dkr.ecr.REGION.amazonaws.com/{repository}."}, .confirm = {
		"aws ecr describe-repositories --repository-names {repository}"}},
	[CAUSE_REGISTRY_TRUNCATED] = {.stage = STAGE_MANIFEST, .verify = "A second run.", .fix = {
		"Check the devices between this subnet and {host}: a proxy that cuts answers."},
		.confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_REGISTRY_SLOW] = {.stage = STAGE_HTTP, .verify = "A run with a longer --timeout, "
		"and the same request with small packets.", .fix = {"Check the devices between "
		"this subnet and {host}: a firewall or proxy that holds the answer back."}, .confirm
		= {LINE_CURL, LINE_ROUTES}},
	[CAUSE_REGISTRY_BAD_REDIRECT] = {.stage = STAGE_MANIFEST, .verify = "The same pull from "
		"outside this subnet.", .fix = {"Correct the realm in the registry's token "
		"configuration: an https URL of a host that its callers can reach."}, .confirm = {
		LINE_CURL}},
	[CAUSE_REGISTRY_DIGEST_MISMATCH] = {.stage = STAGE_MANIFEST, .verify = "The same pull from "
		"outside this subnet.", .fix = {"Exempt {host} from proxies that cache or change "
		"answers; then push the image again."}, .confirm = {LINE_BATCH_GET_IMAGE}},
	[CAUSE_PTC_PERMISSION] = {.stage = STAGE_MANIFEST, .rank = 24, .verify = "Whether a "
		"pull-through cache rule has that prefix, whether the upstream registry has "
		"{reference}, and whether the caller may import it.", .fix = {"Allow the role that "
		"pulls ecr:BatchImportUpstreamImage and ecr:CreateRepository on {repository_arn}.",
		"From another account the registry's policy must allow both, and a repository "
		"creation template must give new repositories a policy.", "With VPC endpoints "
		"only, the first pull needs a NAT route besides."}, .confirm = {LINE_CACHE_RULES,
		LINE_DESCRIBE_IMAGE}},
	[CAUSE_PTC_UPSTREAM_AUTH] = {.stage = STAGE_MANIFEST, .rank = 39, .verify = "The rule's "
		"own check: aws ecr validate-pull-through-cache-rule.", .fix = {"Correct the "
		"secret of the pull-through cache rule (its name begins with "
		"ecr-pullthroughcache/).", "Check the path behind the prefix: official images of "
		"Docker Hub need library/, others must not have it."}, .confirm = {
		LINE_CACHE_RULES}},
	[CAUSE_S3_NO_ROUTE] = {.stage = STAGE_TCP, .rank = 7, .verify = "If the route table has a "
		"way to S3, it is the task's security group or the network ACL.", .fix = {
		FIX_S3_GATEWAY, FIX_NAT, FIX_S3_EGRESS}, .confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT,
		LINE_OWN_GROUPS}},
	[CAUSE_S3_SECURITY_GROUP] = {.stage = STAGE_TCP, .rank = 32, .verify = "The egress rules "
		"of the task's group, then the network ACL, then the routes.", .fix = {
		FIX_S3_EGRESS, FIX_S3_NACL, FIX_S3_GATEWAY}, .confirm = {LINE_OWN_GROUPS, LINE_NACL,
		LINE_ROUTES}},
	[CAUSE_S3_DNS] = {.stage = STAGE_DNS, .rank = 37, .verify = "A lookup of the layer "
		"bucket's name from that subnet.", .fix = {"Remove the private zone or DNS "
		"firewall rule that covers S3's names, or add the record.", "Switch on DNS support "
		"and DNS hostnames in the VPC: the S3 endpoint needs both."}, .confirm = {
		LINE_ZONES, LINE_DNS_FIREWALL, "aws ec2 describe-vpc-attribute{own_region_option} "
		"--vpc-id {vpc_query} --attribute enableDnsHostnames"}},
	[CAUSE_S3_ENDPOINT_POLICY] = {.stage = STAGE_LAYERS, .rank = 19, .verify = "The body of "
		"the refusal, which `check` reads: S3 names the policy there.", .fix = {
		"Allow s3:GetObject to everyone on arn:{partition}:s3:::{bucket}/* in the policy "
		"of the S3 endpoint, without conditions on account or organization."}, .confirm = {
		"aws ec2 describe-vpc-endpoints{own_region_option} --filters "
		"Name=vpc-id,Values={vpc_query} Name=service-name,Values='*.{region}.s3' --query "
		"'VpcEndpoints[].[VpcEndpointId,PolicyDocument]' --output text"}},
	[CAUSE_S3_KMS] = {.stage = STAGE_LAYERS, .rank = 38, .verify = "The state of the "
		"repository's KMS key.", .fix = {"Enable the repository's KMS key, or cancel its "
		"deletion; a revoked grant of ECR needs a new repository."}, .confirm = {
		LINE_ENCRYPTION}},
	[CAUSE_S3_RESET] = {.stage = STAGE_LAYERS, .rank = 44, .verify = "Whether the firewall on "
		"the path logs {host}.", .fix = {"Let TLS to {host} pass the firewall or proxy on "
		"the path."}, .confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_S3_EXPIRED_URL] = {.stage = STAGE_LAYERS, .verify = "The Date header of S3's "
		"response.", .fix = {"Exempt {registry} from caching proxies; its redirects last "
		"an hour at most."}, .confirm = {LINE_CURL}},
	[CAUSE_S3_SLOW] = {.stage = STAGE_LAYERS, .verify = "A run with a longer --timeout: if it "
		"passes, the host or what stands before it is slow.", .fix = {"Check the devices "
		"between this subnet and {host} (inspecting firewall, proxy).", FIX_GO_ROUND},
		.confirm = {LINE_ROUTES, LINE_CURL}},
	[CAUSE_S3_STALLED] = {.stage = STAGE_LAYERS, .verify = "The same request with small "
		"segments: if it passes, full-size packets vanish on the path.", .fix = {
		"Let ICMP type 3 code 4 through or clamp the MSS on the path; look at inspecting "
		"firewalls between this subnet and {host}."}, .confirm = {"tracepath -n {ip}",
		LINE_ROUTES}},
	[CAUSE_S3_NOT_FOUND] = {.stage = STAGE_LAYERS, .verify = "A second push of the image.", .fix
		= {"Push the image again: docker push {image}"}, .confirm = {
		"aws ecr batch-check-layer-availability{region_option} --registry-id {account} "
		"--repository-name {repository} --layer-digests {digest}"}},
	[CAUSE_S3_UNAVAILABLE] = {.stage = STAGE_LAYERS, .verify = "The same pull from outside "
		"this subnet.", .fix = {"Try again; look at the registry's status page."}, .confirm
		= {LINE_CURL}},
	[CAUSE_IMAGE_CORRUPT_LAYER] = {.stage = STAGE_LAYERS, .options = " --full", .verify =
		"A whole download with its digest (check --full).", .fix = {"Exempt {host} from "
		"proxies and inspection, then push the image again: docker push {image}"}, .confirm
		= {LINE_BATCH_GET_IMAGE, LINE_ROUTES}},
	[CAUSE_IMAGE_UNSUPPORTED_MANIFEST] = {.stage = STAGE_MANIFEST, .verify = "The media types "
		"in the manifest.", .fix = {"Build and push the image again with the media types "
		"that the puller knows: docker buildx build --provenance=false --sbom=false --push "
		"-t {image} .", "Or use a newer version of the puller."}, .confirm = {
		LINE_BATCH_GET_IMAGE}},
	[CAUSE_CLIENT_CONFIG] = {.stage = STAGE_CREDENTIALS, .verify = "The configuration and the "
		"log of the puller.", .fix = {"Correct the puller's configuration: credential "
		"helper, snapshotter, registry URL; or use a version without the bug."}, .confirm =
		{"journalctl --unit docker --unit containerd --unit kubelet --since -1h"}},
	[CAUSE_SECRETS_NETWORK] = {.stage = STAGE_TCP, .rank = 26, .verify = "A second run.", .fix =
		{FIX_ADD_ENDPOINT, FIX_NAT, FIX_TASK_EGRESS}, .confirm = {LINE_VPC_ENDPOINT,
		LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_SECRETS_DENIED] = {.stage = STAGE_TOKEN, .rank = 27, .verify = "The whole text, "
		"from DescribeTasks.", .fix = {"Add to the {role_hint}: "
		"{\"Effect\":\"Allow\",\"Action\":\"{call}\",\"Resource\":\"{resource}\"}",
		FIX_ELSE}, .confirm = {LINE_GRANTED}},
	[CAUSE_SECRETS_NOT_FOUND] = {.stage = STAGE_TOKEN, .verify = "The list of secrets in that "
		"Region.", .fix = {"Correct valueFrom in the task definition (the six characters "
		"at the end of the ARN are part of it), or create the secret there."}, .confirm = {
		"aws secretsmanager describe-secret{region_option} --secret-id {wanted}"}},
	[CAUSE_ENVFILE_NETWORK] = {.stage = STAGE_TCP, .rank = 50, .verify = "A second run.", .fix =
		{FIX_NETWORK}, .confirm = {LINE_CURL}},
	[CAUSE_ENVFILE_DENIED] = {.stage = STAGE_LAYERS, .rank = 49, .verify = "The policies of "
		"the execution role, and whether the file exists.", .fix = {"Add to the "
		"{role_hint}: "
		"{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:{partition}:s"
		"3:::{wanted}\"}", FIX_ELSE}, .confirm = {"aws s3 ls s3://{wanted}"}},
	[CAUSE_ENVFILE_NOT_FOUND] = {.stage = STAGE_TOKEN, .rank = 51, .verify = "Whether the file "
		"exists in that bucket.", .fix = {"Correct environmentFiles in the task "
		"definition, or upload the file there."}, .confirm = {"aws s3 ls s3://{wanted}"}},
	[CAUSE_LOGS_CONFIG] = {.stage = STAGE_TOKEN, .verify = "The options in the task "
		"definition.", .fix = {"Set awslogs-group and awslogs-region in the options of "
		"logConfiguration."}, .confirm = {"aws ecs "
		"describe-task-definition{own_region_option} "
		"--task-definition FAMILY --query "
		"'taskDefinition.containerDefinitions[].[name,logConfiguration]'"}},
	[CAUSE_LOGS_NETWORK] = {.stage = STAGE_TCP, .rank = 28, .verify = "A second run.", .fix = {
		FIX_ADD_ENDPOINT, FIX_NAT, FIX_TASK_EGRESS}, .confirm = {LINE_VPC_ENDPOINT,
		LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_LOGS_NOT_FOUND] = {.stage = STAGE_TOKEN, .verify = "The list of log groups.", .fix =
		{"Create it: aws logs create-log-group{region_option} --log-group-name {wanted}",
		"Or set awslogs-create-group to true, and allow the {role_hint} "
		"logs:CreateLogGroup."}, .confirm = {"aws logs describe-log-groups{region_option} "
		"--log-group-name-prefix {wanted} --query 'logGroups[].logGroupName'"}},
	[CAUSE_LOGS_DENIED] = {.stage = STAGE_TOKEN, .verify = "The policies of the execution "
		"role.", .fix = {"Add to the {role_hint}: "
		"{\"Effect\":\"Allow\",\"Action\":\"{call}\",\"Resource\":\"arn:{partition}:logs:*:"
		"*:log-group:{wanted}:*\"}", FIX_ELSE}, .confirm = {LINE_GRANTED}},
	[CAUSE_IMAGE_DISK_FULL] = {.stage = STAGE_MANIFEST, .rank = 16, .verify = "The free space "
		"where the image is unpacked.", .fix = {"Give the task more space: "
		"ephemeralStorage.sizeInGiB (21 to 200), the instance a larger volume; or make the "
		"image smaller."}, .confirm = {"aws ecs "
		"describe-task-definition{own_region_option} "
		"--task-definition FAMILY --query taskDefinition.ephemeralStorage"}},
	[CAUSE_SECRETS_BAD_FORMAT] = {.stage = STAGE_TOKEN, .verify = "The value of the secret.",
		.fix = {"Store a JSON object that has the key named in valueFrom."}, .confirm = {
		"aws secretsmanager describe-secret{region_option} --secret-id SECRET"}},
	[CAUSE_ECS_ENI] = {.stage = STAGE_START, .verify = "The free addresses of the subnet.", .fix
		= {"Use a subnet with free addresses, or free some.", "Where addresses are free, "
		"try again; check the quota of network interfaces and, on EC2, how many the "
		"instance type takes."}, .confirm = {"aws ec2 describe-subnets{own_region_option} "
		"--subnet-ids {subnet_query} --query "
		"'Subnets[].[SubnetId,AvailableIpAddressCount]'"}},
	[CAUSE_ECS_CAPACITY] = {.stage = STAGE_START, .verify = "The service's events, which name "
		"what is missing.", .fix = {"On Fargate try again, or allow subnets in more "
		"Availability Zones; on EC2 add instances, or let the task ask for less CPU and "
		"memory."}, .confirm = {"aws ecs describe-services{own_region_option} --cluster "
		"{cluster} --services SERVICE --query 'services[].events[:5].message'"}},
	[CAUSE_ECS_OUT_OF_MEMORY] = {.stage = STAGE_START, .verify = "The container's memory over "
		"time.", .fix = {"Give the task or container more memory, or let the program use "
		"less."}, .confirm = {"aws ecs describe-task-definition{own_region_option} "
		"--task-definition FAMILY --query "
		"'taskDefinition.[memory,containerDefinitions[].[name,memory]]'"}},
	[CAUSE_ECS_HEALTH_CHECK] = {.stage = STAGE_START, .verify = "The container's own log.", .fix
		= {"Read the container's log. Check the health check's path and port, its grace "
		"period, and that the load balancer's security group may reach the task."}, .confirm
		= {"aws ecs describe-services{own_region_option} --cluster {cluster} --services "
		"SERVICE --query 'services[].[healthCheckGracePeriodSeconds,loadBalancers]'"}},
	[CAUSE_ECS_START] = {.stage = STAGE_START, .verify = "The container's own log and exit "
		"code.", .fix = {"Read the container's log and exit code; check its command, "
		"volumes and platform."}, .confirm = {"aws ecs describe-tasks{own_region_option} "
		"--cluster {cluster} --tasks TASK --query "
		"'tasks[].[stopCode,stoppedReason,containers[].[name,exitCode,reason]]'"}},
	[CAUSE_CONFIG_CONTRADICTION] = {.stage = STAGE_TCP, .fix = {"Run check and inspect again: "
		"the configuration may have changed between them.", "Look for what inspect cannot "
		"read: a firewall appliance, a transit gateway, another account's VPC."},
		.confirm = {LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_UNSETTLED] = {STAGE_TCP, .fix = {"Use a longer deadline."}, .confirm = {LINE_CURL}},
};
/* clang-format on */

const struct advice *advice_of(enum cause cause)
{
	return &advices[cause];
}
