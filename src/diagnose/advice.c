/* What to do about each cause: where a pull meets it, how often, what would decide, the fix, what
 * to paste to see it from outside. A rule's row that says something else overrides its cause's. */
#include "diagnose/advice.h"
#include "diagnose/lines.h"

/* clang-format off */
static const struct advice advices[CAUSE_COUNT] = {
	[CAUSE_DNS_NXDOMAIN] = {STAGE_DNS, 15, "Whether {host} resolves outside this VPC: if it "
	 "does, the VPC's DNS hides it.", {"Check the host name in {image}: of ECR, its Region and "
	 "account.", "Look for a private hosted zone or DNS firewall rule that covers {host}."},
	 .confirm = {"nslookup {host}", LINE_ZONES, LINE_DNS_FIREWALL}},
	[CAUSE_DNS_TIMEOUT] = {STAGE_DNS, 14, "The same query over TCP port 53, and to the VPC's "
	 "own resolver.", {"Allow UDP and TCP port 53 to {resolver}, start the DNS server there, "
	 "or set the VPC's DHCP options to AmazonProvidedDNS."}, .confirm = {LINE_DNS_ATTRIBUTES,
	 LINE_DHCP}},
	[CAUSE_DNS_REFUSED] = {STAGE_DNS, 36, "The same query to 169.254.169.253.", {"Let "
	 "{resolver} answer queries of this subnet, or use AmazonProvidedDNS in DHCP options."},
	 .confirm = {LINE_DHCP, LINE_DNS_FIREWALL}},
	[CAUSE_DNS_TCP_BLOCKED] = {STAGE_DNS, 0, "The same query over TCP port 53: dig +tcp "
	 "@{resolver} {host}.", {"Allow TCP port 53 beside UDP from the task to {resolver}, in "
	 "security groups, network ACLs and on the DNS server."}, .confirm = {LINE_DHCP,
	 LINE_OWN_GROUPS}},
	[CAUSE_DNS_UDP_BLOCKED] = {STAGE_DNS, 0, "A second run: loss comes and goes, a filter on "
	 "large or fragmented UDP does not.", {"Allow UDP port 53 from the task to {resolver} and "
	 "the replies back, in security groups, network ACLs and on the DNS server."},
	 .confirm = {LINE_DHCP, LINE_OWN_GROUPS, LINE_NACL}},
	[CAUSE_DNS_NODATA] = {STAGE_DNS, 48, "The same query outside this VPC.", {"Allow {host} in "
	 "the VPC's DNS firewall, or add the record to the private hosted zone."},
	 .confirm = {LINE_DNS_FIREWALL, LINE_ZONES}},
	[CAUSE_DNS_SERVFAIL] = {STAGE_DNS, 0, "The same query of the VPC's own resolver.", {"Use "
	 "AmazonProvidedDNS in the VPC's DHCP options, or repair {resolver}."},
	 .confirm = {LINE_DHCP, "nslookup {host}"}},
	[CAUSE_DNS_SPLIT_HORIZON] = {STAGE_DNS, 47, "The same query of the VPC's own resolver.",
	 {FIX_FORWARD}, .confirm = {LINE_DHCP, LINE_ZONES}},
	[CAUSE_REF_BAD_HOSTNAME] = {STAGE_DNS, 13, "Whether account, Region and suffix of the host "
	 "name are right.", {"Correct the host name: account id, Region, suffix (.cn in China); "
	 "and whether the service exists in that Region."}, .confirm = {"aws ecr "
	 "describe-repositories{region_option} --query 'repositories[].repositoryUri'"}},
	[CAUSE_REF_BAD_REFERENCE] = {STAGE_MANIFEST, 0, "The reference as the puller got it.",
	 {"Give the repository's name alone after the host: {registry}/NAME:TAG."},
	 .confirm = {"aws ecr describe-repositories{region_option} --query "
	 "'repositories[].repositoryUri'"}},
	[CAUSE_NET_NO_EGRESS_ROUTE] = {STAGE_TCP, 1, "If the route table leads 0.0.0.0/0 to a NAT "
	 "gateway, or to an internet gateway and the task has a public IP, it is the security "
	 "group or the network ACL.", {FIX_ADD_ENDPOINT, FIX_NAT}, .confirm = {LINE_ROUTES,
	 LINE_VPC_ENDPOINT, LINE_OWN_GROUPS, LINE_NACL}},
	[CAUSE_NET_SECURITY_GROUP] = {STAGE_TCP, 2, "The egress rules of the task's group, the "
	 "ingress rules of the group on {ip}, then the network ACLs of both subnets, and whether "
	 "an interface still has that address.", {FIX_ENDPOINT_INGRESS, FIX_TASK_EGRESS, FIX_NACL},
	 .confirm = {LINE_PEER_GROUPS, LINE_OWN_GROUPS, LINE_NACL}},
	[CAUSE_NET_NACL] = {STAGE_TCP, 20, "The entries of the network ACL, after the routes and "
	 "security groups.", {"Network ACL of the subnet: allow TCP 443 out and TCP 1024-65535 "
	 "back in."}, .confirm = {LINE_NACL}},
	[CAUSE_NET_PORT_RANGE] = {STAGE_TCP, 0, "More tries: if the same ports fail each time, a "
	 "network ACL opens a part of the range.", {"Network ACL of the subnet: allow TCP "
	 "1024-65535 in from 0.0.0.0/0, and out on the other side's subnet."},
	 .confirm = {LINE_NACL}},
	[CAUSE_NET_TIMEOUT] = {STAGE_TCP, 30, "A second run, and the same connection from another "
	 "subnet.", {"Let TCP 443 from {own_ip} reach {ip}; where it happened once, try again."},
	 .confirm = {LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_NET_LOSS] = {STAGE_TCP, 0, "More runs: loss knows no source port and no address, a "
	 "network ACL does.", {"Look at the NAT gateway's, firewall's or transit gateway's drop "
	 "counters; one of several paths may be dead."}, .confirm = {"aws cloudwatch "
	 "list-metrics{own_region_option} --namespace AWS/NATGateway --metric-name "
	 "PacketsDropCount", LINE_NACL}},
	[CAUSE_NET_IPV6_ONLY] = {STAGE_TCP, 31, "Whether {host} has an AAAA record outside this "
	 "VPC: if not, {region} has no dual-stack endpoint there.", {"Enable DNS64 in the subnet "
	 "and route 64:ff9b::/96 to a NAT gateway, or add an IPv4 range to it."},
	 .confirm = {LINE_AAAA, LINE_SUBNET}},
	[CAUSE_NET_REFUSED] = {STAGE_TCP, 40, "The address that the name resolves to.", {"Let the "
	 "firewall or proxy on the path pass TCP 443 to {host}; check that {ip} is its address."},
	 .confirm = {"nslookup {host}", LINE_ROUTES}},
	[CAUSE_NET_UNREACHABLE] = {STAGE_TCP, 45, "The route table of the machine.", {"Give the "
	 "subnet the IP version that {host} has, or use a name that has both."},
	 .confirm = {LINE_ROUTES}},
	[CAUSE_NET_RESET] = {STAGE_TCP, 21, "Whether the firewall on the path allows other names "
	 "and not {host}.", {"Let TLS to {host} pass the firewall or proxy on the path."},
	 .confirm = {LINE_CURL, LINE_ROUTES}, .options = " --full"},
	[CAUSE_NET_MTU_BLACKHOLE] = {STAGE_TCP, 46, "The same handshake with small segments: if it "
	 "passes, it is the packet size.", {"Allow ICMP type 3 code 4 (IPv6: packet too big) on "
	 "firewall, VPN or transit gateway, or clamp the MSS there to {largest_passed}.", "Or "
	 "lower the MTU of this subnet's interfaces."}, .confirm = {"tracepath -n {ip}",
	 LINE_ROUTES}},
	[CAUSE_PROXY_NOT_USED] = {STAGE_TCP, 33, "A run with --proxy: if it passes, only the proxy "
	 "leads out.", {"Give the pull a way of its own: a NAT gateway.", "Or the VPC endpoints "
	 "com.amazonaws.{region}.ecr.api, .ecr.dkr and .s3.", "On EC2 set HTTPS_PROXY for the "
	 "container runtime and the ECS agent."}, .confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT},
	 .options = " --proxy"},
	[CAUSE_PROXY_UNREACHABLE] = {STAGE_TCP, 29, "The proxy's own log for {host}.", {"Allow "
	 "CONNECT to {host}:443 on the proxy {proxy}."}, .confirm = {"curl -sv -o /dev/null "
	 "--proxy {proxy} https://{host}/"}, .options = " --proxy"},
	[CAUSE_TLS_HANDSHAKE_TIMEOUT] = {STAGE_TLS, 34, "The same handshake with small packets, "
	 "and with another server name.", {"Let TLS to {host} pass the firewall uninspected; look "
	 "at the packet size on the path."}, .confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_TLS_SNI_FILTERED] = {STAGE_TLS, 0, "The firewall's log for {host}.", {"Allow the "
	 "name {host} on the firewall (AWS Network Firewall: a domain list or Suricata rule on "
	 "tls.sni)."}, .confirm = {"aws network-firewall list-rule-groups{own_region_option}",
	 LINE_ROUTES}},
	[CAUSE_TLS_VERSION] = {STAGE_TLS, 0, "Whether {ip} is {host}'s address, and what the "
	 "device there logs.", {"Check that {ip} is {host}'s address; allow TLS 1.2 and 1.3 on the "
	 "devices on the path."}, .confirm = {"openssl s_client -connect {connect} -servername "
	 "{host}"}},
	[CAUSE_TLS_INTERCEPTED] = {STAGE_TLS, 18, "Whether {ip} is {host}'s address.", {"Exempt "
	 "{host} (and all other hosts of the pull) from TLS inspection; a Fargate pull cannot be "
	 "given another CA."}, .confirm = {"openssl s_client -connect {connect} -servername {host} "
	 "-showcerts"}},
	[CAUSE_TLS_UNTRUSTED] = {STAGE_TLS, 0, "Who issued it, and for whom.", {"If it is the "
	 "registry's own CA, install it where the pull runs, and pass it to the probe with "
	 "--ca-file.", "If it is not, exempt {host} from TLS inspection."}, .confirm = {"openssl "
	 "s_client -connect {connect} -servername {host} -showcerts"}},
	[CAUSE_TLS_HOSTNAME_MISMATCH] = {STAGE_TLS, 0, "The names in the certificate.", {"Use the "
	 "registry's own host name in the image, not an alias of it.", "If the name is right, "
	 "correct the DNS record that gives {ip}."}, .confirm = {"nslookup {host}", "openssl "
	 "s_client -connect {connect} -servername {host}"}},
	[CAUSE_TLS_EXPIRED] = {STAGE_TLS, 0, "Whether the clock was set while this ran: an earlier "
	 "certificate of the same walk was valid.", {"If the clock is right, look at what answers "
	 "for {host}: another server than a moment ago."}, .confirm = {"openssl s_client -connect "
	 "{connect} -servername {host}", "chronyc tracking"}},
	[CAUSE_TLS_NOT_TLS] = {STAGE_TLS, 0, "What answers on that port.", {"Check that {ip} is "
	 "{host}'s address, and let TCP 443 pass the proxy unchanged."}, .confirm = {"nslookup "
	 "{host}", LINE_CURL}},
	[CAUSE_HTTP_NOT_THE_SERVICE] = {STAGE_HTTP, 0, "The same call from outside this subnet.",
	 {"Exempt {host} from the proxy, mirror or web filter that answers for it, or correct its "
	 "DNS record."}, .confirm = {LINE_CURL, "nslookup {host}"}},
	[CAUSE_AUTH_NO_CREDENTIALS] = {STAGE_CREDENTIALS, 3, "A probe with the same role: it tells "
	 "whether the call for a token fails by the network.", {"Give the puller a role: "
	 "executionRoleArn of the task definition, the instance profile, the build's service role.",
	 "Elsewhere log in: aws ecr get-login-password{region_option} | docker login --username "
	 "AWS --password-stdin {registry}"}, .confirm = {"aws ecs "
	 "describe-task-definition{own_region_option} --task-definition FAMILY --query "
	 "taskDefinition.executionRoleArn", "aws ecr get-login-password{region_option} | head -c "
	 "8"}},
	[CAUSE_AUTH_INVALID_CREDENTIALS] = {STAGE_TOKEN, 0, "The same credentials from outside "
	 "this subnet.", {"Use credentials of the partition {partition}, and enable {region} for "
	 "the account."}, .confirm = {"aws sts get-caller-identity"}},
	[CAUSE_AUTH_IAM_IDENTITY] = {STAGE_TOKEN, 4, "A simulation of the role's policies, then "
	 "the repository's and the endpoint's policy, and whether {reference} still exists.",
	 {"{attach}", "Or add to its policy: {grant}"}, .confirm = {LINE_SIMULATE,
	 LINE_REPOSITORY_POLICY, LINE_ENDPOINT_POLICY, LINE_DESCRIBE_IMAGE}},
	[CAUSE_AUTH_ENDPOINT_POLICY] = {STAGE_TOKEN, 22, "The policies of the ecr.api and ecr.dkr "
	 "endpoints; then conditions on aws:SourceVpce in the role's and the repository's policy.",
	 {"Allow the action in the policies of the ecr.api and ecr.dkr endpoints: "
	 "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"ecr:*\",\"Resource\":\"*\"}"},
	 .confirm = {"aws ec2 describe-vpc-endpoints{own_region_option} --filters "
	 "Name=vpc-id,Values={vpc_query} --query 'VpcEndpoints[].[ServiceName,PolicyDocument]'"}},
	[CAUSE_AUTH_SCP] = {STAGE_TOKEN, 41, "The organization's policies.", {"Ask the "
	 "organization's administrator to allow {action} in {region}."}, .confirm = {"aws "
	 "organizations list-policies-for-target --target-id {caller_account} --filter "
	 "SERVICE_CONTROL_POLICY"}},
	[CAUSE_AUTH_ASSUME_ROLE] = {STAGE_CREDENTIALS, 23, "The trust policy of {asked_role}.",
	 {"In the role's trust policy allow the service that uses it (ecs-tasks.amazonaws.com for "
	 "tasks, ec2.amazonaws.com for instances, lambda.amazonaws.com for functions, "
	 "build.apprunner.amazonaws.com for App Runner), and allow whoever starts it iam:PassRole.",
	 "A new role takes some seconds until it can be assumed."}, .confirm = {"aws iam get-role "
	 "--role-name {role_name} --query Role.AssumeRolePolicyDocument"}},
	[CAUSE_AUTH_TOKEN_EXPIRED] = {STAGE_TOKEN, 9, "A pull with a fresh token, or after docker "
	 "logout {host}.", {"Log in again in the Region of the image: a token lasts 12 hours.",
	 "Where a stale login is in the way of a public image: docker logout {host}"},
	 .confirm = {"aws sts get-caller-identity"}},
	[CAUSE_AUTH_CLOCK_SKEW] = {STAGE_TOKEN, 42, "The clock of the identity provider that made "
	 "the token.", {"Set the clock: Amazon Time Sync is 169.254.169.123 (chrony)."},
	 .confirm = {"chronyc tracking"}},
	[CAUSE_AUTH_THROTTLED] = {STAGE_TOKEN, 43, "A second run.", {"Start fewer tasks at once "
	 "and keep tokens (they last 12 hours), or raise the quota."}, .confirm = {"aws "
	 "service-quotas list-service-quotas{region_option} --service-code ecr --query "
	 "\"Quotas[?contains(QuotaName,'GetAuthorizationToken')]\""}},
	[CAUSE_AUTH_UPSTREAM_CREDENTIALS] = {STAGE_TOKEN, 17, "A login with the same user name and "
	 "password or token, and whether the image is public.", {"If it is private, " SIGN_IN,
	 "For Kubernetes give the pod an imagePullSecret; for Docker run docker login {host}, or "
	 "docker logout {host} where a stale login is in the way."}, .confirm = {LINE_TAGS}},
	[CAUSE_REGISTRY_REPO_POLICY] = {STAGE_MANIFEST, 12, "The policy of the repository in "
	 "account {account}, then a simulation of the role's policies, then the endpoint's policy.",
	 {"In account {account}, grant arn:{partition}:iam::{caller_account}:root "
	 "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer in the policy of {repository}.",
	 "{attach}"}, .confirm = {LINE_REPOSITORY_POLICY}},
	[CAUSE_REGISTRY_REPO_NOT_FOUND] = {STAGE_MANIFEST, 8, "The list of the registry's "
	 "repositories.", {"Correct account, Region or repository in {image}, or push the image."},
	 .confirm = {LINE_REPOSITORY}},
	[CAUSE_REGISTRY_TAG_NOT_FOUND] = {STAGE_MANIFEST, 5, "DescribeImages: an archived image is "
	 "still listed.", {"Push {reference}, or use a tag that exists; look at the lifecycle "
	 "policy if it was there."}, .confirm = {LINE_DESCRIBE_IMAGE}},
	[CAUSE_REGISTRY_DIGEST_GONE] = {STAGE_MANIFEST, 25, "DescribeImages: an archived image is "
	 "still listed.", {"Deploy again, so that ECS resolves the tag to its current digest, or "
	 "push the image again; check the lifecycle policy."}, .confirm = {LINE_DESCRIBE_IMAGE,
	 LINE_LIFECYCLE}},
	[CAUSE_REGISTRY_ARCHIVED] = {STAGE_MANIFEST, 0, "DescribeImages: imageStatus ARCHIVED.",
	 {"aws ecr update-image-storage-class{region_option} --registry-id {account} "
	 "--repository-name {repository} --image-id {image_id} --target-storage-class STANDARD"},
	 .confirm = {LINE_DESCRIBE_IMAGE}},
	[CAUSE_REGISTRY_PLATFORM_MISMATCH] = {STAGE_MANIFEST, 11, "The platforms that the image "
	 "lists.", {"Build it for {platform} as well: docker buildx build --platform {platform} "
	 "--push -t {image} .", "Or set runtimePlatform.cpuArchitecture in the task definition to "
	 "one that the image has."}, .confirm = {LINE_BATCH_GET_IMAGE}, .options = " --platform "
	 "{platform}"},
	[CAUSE_REGISTRY_RATE_LIMITED] = {STAGE_MANIFEST, 6, "A pull with credentials.", {"For more "
	 "pulls " SIGN_IN, FIX_CACHE, "Docker's official images are at "
	 "public.ecr.aws/docker/library/ too."}, .confirm = {LINE_PING}},
	[CAUSE_REGISTRY_UNAVAILABLE] = {STAGE_HTTP, 35, "The same pull from another subnet.",
	 {"Run again; check the devices between this subnet and {host}."}, .confirm = {LINE_CURL}},
	[CAUSE_REGISTRY_WRONG_REGISTRY] = {STAGE_MANIFEST, 10, "Whether the image is meant to come "
	 "from Docker Hub at all.", {"Write the whole reference: "
	 "ACCOUNT.dkr.ecr.REGION.amazonaws.com/{repository}."}, .confirm = {"aws ecr "
	 "describe-repositories --repository-names {repository}"}},
	[CAUSE_REGISTRY_TRUNCATED] = {STAGE_MANIFEST, 0, "A second run.", {"Check the devices "
	 "between this subnet and {host}: a proxy that cuts answers."}, .confirm = {LINE_CURL,
	 LINE_ROUTES}},
	[CAUSE_REGISTRY_SLOW] = {STAGE_HTTP, 0, "A run with a longer --timeout, and the same "
	 "request with small packets.", {"Check the devices between this subnet and {host}: a "
	 "firewall or proxy that holds the answer back."}, .confirm = {LINE_CURL, LINE_ROUTES}},
	[CAUSE_REGISTRY_BAD_REDIRECT] = {STAGE_MANIFEST, 0, "The same pull from outside this "
	 "subnet.", {"Correct the realm in the registry's token configuration: an https URL of a "
	 "host that its callers can reach."}, .confirm = {LINE_CURL}},
	[CAUSE_REGISTRY_DIGEST_MISMATCH] = {STAGE_MANIFEST, 0, "The same pull from outside this "
	 "subnet.", {"Exempt {host} from proxies that cache or change answers; then push the image "
	 "again."}, .confirm = {LINE_BATCH_GET_IMAGE}},
	[CAUSE_PTC_PERMISSION] = {STAGE_MANIFEST, 24, "Whether a pull-through cache rule has that "
	 "prefix, whether the upstream registry has {reference}, and whether the caller may import "
	 "it.", {"Allow the role that pulls ecr:BatchImportUpstreamImage and ecr:CreateRepository "
	 "on {repository_arn}.", "From another account the registry's policy must allow both, and "
	 "a repository creation template must give new repositories a policy.", "With VPC "
	 "endpoints only, the first pull also needs a NAT route."}, .confirm = {LINE_CACHE_RULES,
	 LINE_DESCRIBE_IMAGE}},
	[CAUSE_PTC_UPSTREAM_AUTH] = {STAGE_MANIFEST, 39, "The rule's own check: aws ecr "
	 "validate-pull-through-cache-rule.", {"Correct the secret of the pull-through cache rule "
	 "(its name begins with ecr-pullthroughcache/).", "Check the path behind the prefix: "
	 "official images of Docker Hub need library/, others must not have it."},
	 .confirm = {LINE_CACHE_RULES}},
	[CAUSE_S3_NO_ROUTE] = {STAGE_TCP, 7, "The route table. If it leads S3's prefix list to an "
	 "endpoint (vpce-), or 0.0.0.0/0 to a NAT gateway, the task's security group or the "
	 "network ACL blocks it.", {FIX_S3_GATEWAY, FIX_NAT, FIX_S3_EGRESS},
	 .confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT, LINE_OWN_GROUPS}},
	[CAUSE_S3_SECURITY_GROUP] = {STAGE_TCP, 32, "The egress rules of the task's group, then "
	 "the network ACL, then the routes.", {FIX_S3_EGRESS, FIX_S3_NACL, FIX_S3_GATEWAY},
	 .confirm = {LINE_OWN_GROUPS, LINE_PREFIX_LIST, LINE_NACL, LINE_ROUTES}},
	[CAUSE_S3_DNS] = {STAGE_DNS, 37, "A lookup of the layer bucket's name from that subnet.",
	 {"Remove the private zone or DNS firewall rule that covers S3's names, or add the record.",
	 "Switch on DNS support and DNS hostnames in the VPC: the S3 endpoint needs both."},
	 .confirm = {LINE_ZONES, LINE_DNS_FIREWALL, "aws ec2 "
	 "describe-vpc-attribute{own_region_option} --vpc-id {vpc_query} --attribute "
	 "enableDnsHostnames"}},
	[CAUSE_S3_ENDPOINT_POLICY] = {STAGE_LAYERS, 19, "The body of the refusal, which `check` "
	 "reads: S3 names the policy there.", {"Add to the policy of the S3 endpoint: "
	 "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\","
	 "\"Resource\":\"arn:{partition}:s3:::{bucket}/*\"}, without conditions on account, "
	 "organization or principal.", "If the policy has a Deny statement that covers the bucket, "
	 "exempt the bucket there."}, .confirm = {LINE_ENDPOINT_POLICY}},
	[CAUSE_S3_KMS] = {STAGE_LAYERS, 38, "The state of the repository's KMS key.", {"Enable the "
	 "repository's KMS key, or cancel its deletion; a revoked grant of ECR needs a new "
	 "repository."}, .confirm = {LINE_ENCRYPTION}},
	[CAUSE_S3_RESET] = {STAGE_LAYERS, 44, "Whether the firewall on the path logs {host}.",
	 {"Let TLS to {host} pass the firewall or proxy on the path."}, .confirm = {LINE_CURL,
	 LINE_ROUTES}},
	[CAUSE_S3_EXPIRED_URL] = {STAGE_LAYERS, 0, "The Date header of S3's response.", {"Exempt "
	 "{registry} from caching proxies; its redirects last an hour at most."},
	 .confirm = {LINE_CURL}},
	[CAUSE_S3_SLOW] = {STAGE_LAYERS, 0, "A run with a longer --timeout: if it passes, the host "
	 "or what is in front of it is slow.", {"Check the devices between this subnet and {host} "
	 "(inspecting firewall, proxy).", FIX_GO_ROUND}, .confirm = {LINE_ROUTES, LINE_CURL}},
	[CAUSE_S3_STALLED] = {STAGE_LAYERS, 0, "The same request with small segments: if it "
	 "passes, full-size packets vanish on the path.", {"Let ICMP type 3 code 4 through or "
	 "clamp the MSS on the path; look at inspecting firewalls between this subnet and {host}."},
	 .confirm = {"tracepath -n {ip}", LINE_ROUTES}},
	[CAUSE_S3_NOT_FOUND] = {STAGE_LAYERS, 0, "A second push of the image.", {FIX_PUSH},
	 .confirm = {LINE_LAYER}},
	[CAUSE_S3_UNAVAILABLE] = {STAGE_LAYERS, 0, "The same pull from outside this subnet.",
	 {"Try again; look at the registry's status page."}, .confirm = {LINE_CURL}},
	[CAUSE_IMAGE_CORRUPT_LAYER] = {STAGE_LAYERS, 0, "A whole download with its digest (check "
	 "--full).", {"Exempt {host} from proxies and inspection, then push the image again: "
	 "docker push {image}"}, .confirm = {LINE_BATCH_GET_IMAGE, LINE_ROUTES},
	 .options = " --full"},
	[CAUSE_IMAGE_UNSUPPORTED_MANIFEST] = {STAGE_MANIFEST, 0, "The media types in the manifest.",
	 {"Build and push the image again with the media types that the puller knows: docker "
	 "buildx build --provenance=false --sbom=false --push -t {image} .", "Or use a newer "
	 "version of the puller."}, .confirm = {LINE_BATCH_GET_IMAGE}},
	[CAUSE_CLIENT_CONFIG] = {STAGE_CREDENTIALS, 0, "The configuration and the log of the "
	 "puller.", {"Correct the puller's configuration: credential helper, snapshotter, registry "
	 "URL; or use a version without the bug."}, .confirm = {"journalctl --unit docker --unit "
	 "containerd --unit kubelet --since -1h"}},
	[CAUSE_SECRETS_NETWORK] = {STAGE_TCP, 26, "A second run.", {FIX_ADD_ENDPOINT, FIX_NAT,
	 FIX_TASK_EGRESS}, .confirm = {LINE_VPC_ENDPOINT, LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_SECRETS_DENIED] = {STAGE_TOKEN, 27, "The whole text, from DescribeTasks.", {"Add to "
	 "the {role_hint}: {\"Effect\":\"Allow\",\"Action\":\"{call}\","
	 "\"Resource\":\"{resource}\"}", FIX_ELSE}, .confirm = {LINE_GRANTED}},
	[CAUSE_SECRETS_NOT_FOUND] = {STAGE_TOKEN, 0, "The list of secrets in that Region.",
	 {"Correct valueFrom in the task definition (the six characters at the end of the ARN are "
	 "part of it), or create the secret there."}, .confirm = {"aws secretsmanager "
	 "describe-secret{region_option} --secret-id {wanted}"}},
	[CAUSE_ENVFILE_NETWORK] = {STAGE_TCP, 50, "A second run.", {FIX_NETWORK},
	 .confirm = {LINE_CURL}},
	[CAUSE_ENVFILE_DENIED] = {STAGE_LAYERS, 49, "The policies of the execution role, and "
	 "whether the file exists.", {"Add to the {role_hint}: "
	 "{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\","
	 "\"Resource\":\"arn:{partition}:s3:::{wanted}\"}", FIX_ELSE}, .confirm = {"aws s3 ls "
	 "s3://{wanted}"}},
	[CAUSE_ENVFILE_NOT_FOUND] = {STAGE_TOKEN, 51, "Whether the file exists in that bucket.",
	 {"Correct environmentFiles in the task definition, or upload the file there."},
	 .confirm = {"aws s3 ls s3://{wanted}"}},
	[CAUSE_LOGS_CONFIG] = {STAGE_TOKEN, 0, "The options in the task definition.", {"Set "
	 "awslogs-group and awslogs-region in the options of logConfiguration."}, .confirm = {"aws "
	 "ecs describe-task-definition{own_region_option} --task-definition FAMILY --query "
	 "'taskDefinition.containerDefinitions[].[name,logConfiguration]'"}},
	[CAUSE_LOGS_NETWORK] = {STAGE_TCP, 28, "A second run.", {FIX_ADD_ENDPOINT, FIX_NAT,
	 FIX_TASK_EGRESS}, .confirm = {LINE_VPC_ENDPOINT, LINE_ROUTES, LINE_OWN_GROUPS}},
	[CAUSE_LOGS_NOT_FOUND] = {STAGE_TOKEN, 0, "The list of log groups.", {"Create it: aws logs "
	 "create-log-group{region_option} --log-group-name {wanted}", "Or set awslogs-create-group "
	 "to true, and allow the {role_hint} logs:CreateLogGroup."}, .confirm = {"aws logs "
	 "describe-log-groups{region_option} --log-group-name-prefix {wanted} --query "
	 "'logGroups[].logGroupName'"}},
	[CAUSE_LOGS_DENIED] = {STAGE_TOKEN, 0, "The policies of the execution role.", {"Add to the "
	 "{role_hint}: {\"Effect\":\"Allow\",\"Action\":\"{call}\","
	 "\"Resource\":\"arn:{partition}:logs:*:*:log-group:{wanted}:*\"}", FIX_ELSE},
	 .confirm = {LINE_GRANTED}},
	[CAUSE_IMAGE_DISK_FULL] = {STAGE_MANIFEST, 16, "The free space where the image is "
	 "unpacked.", {"Give the task more space: ephemeralStorage.sizeInGiB (21 to 200), the "
	 "instance a larger volume; or make the image smaller."}, .confirm = {"aws ecs "
	 "describe-task-definition{own_region_option} --task-definition FAMILY --query "
	 "taskDefinition.ephemeralStorage"}},
	[CAUSE_SECRETS_BAD_FORMAT] = {STAGE_TOKEN, 0, "The value of the secret.", {"Store a JSON "
	 "object that has the key named in valueFrom."}, .confirm = {"aws secretsmanager "
	 "describe-secret{region_option} --secret-id SECRET"}},
	[CAUSE_ECS_ENI] = {STAGE_START, 0, "The free addresses of the subnet.", {"Use a subnet "
	 "with free addresses, or free some.", "Where addresses are free, try again; check the "
	 "quota of network interfaces and, on EC2, how many the instance type takes."},
	 .confirm = {"aws ec2 describe-subnets{own_region_option} --subnet-ids {subnet_query} "
	 "--query 'Subnets[].[SubnetId,AvailableIpAddressCount]'"}},
	[CAUSE_ECS_CAPACITY] = {STAGE_START, 0, "The service's events, which name what is missing.",
	 {"On Fargate try again, or allow subnets in more Availability Zones; on EC2 add "
	 "instances, or let the task ask for less CPU and memory."}, .confirm = {"aws ecs "
	 "describe-services{own_region_option} --cluster {cluster} --services SERVICE --query "
	 "'services[].events[:5].message'"}},
	[CAUSE_ECS_OUT_OF_MEMORY] = {STAGE_START, 0, "The container's memory over time.", {"Give "
	 "the task or container more memory, or let the program use less."}, .confirm = {"aws ecs "
	 "describe-task-definition{own_region_option} --task-definition FAMILY --query "
	 "'taskDefinition.[memory,containerDefinitions[].[name,memory]]'"}},
	[CAUSE_ECS_HEALTH_CHECK] = {STAGE_START, 0, "The container's own log.", {"Read the "
	 "container's log. Check the health check's path and port, its grace period, and that the "
	 "load balancer's security group may reach the task."}, .confirm = {"aws ecs "
	 "describe-services{own_region_option} --cluster {cluster} --services SERVICE --query "
	 "'services[].[healthCheckGracePeriodSeconds,loadBalancers]'"}},
	[CAUSE_ECS_START] = {STAGE_START, 0, "The container's own log and exit code.", {"Read the "
	 "container's log and exit code; check its command, volumes and platform."},
	 .confirm = {"aws ecs describe-tasks{own_region_option} --cluster {cluster} --tasks TASK "
	 "--query 'tasks[].[stopCode,stoppedReason,containers[].[name,exitCode,reason]]'"}},
	[CAUSE_CONFIG_CONTRADICTION] = {STAGE_TCP, 0, NULL, {"Run check and inspect again: the "
	 "configuration may have changed between them.", "Look for what inspect cannot read: a "
	 "firewall appliance, a transit gateway, another account's VPC."}, .confirm = {LINE_ROUTES,
	 LINE_OWN_GROUPS}},
	[CAUSE_UNSETTLED] = {STAGE_TCP, 0, NULL, {"Use a longer deadline."},
	 .confirm = {LINE_CURL}},
};
/* clang-format on */

const struct advice *advice_of(enum cause cause)
{
	return &advices[cause];
}
