/* What to do about each cause that a text can speak of: what would decide, the fix, the AWS CLI
 * line that confirms it from outside. SUBNET, VPC, ROLE and the like are the reader's to fill in.
 */
#include "diagnose/error_text_parts.h"

#define FROM_INSIDE "A probe in that subnet decides: it sees which hop fails and tries the others."

#define ENDPOINT_LINE                                                                        \
	"aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=VPC " \
	"Name=service-name,Values=com.amazonaws.{region}.{service} --query "                 \
	"'VpcEndpoints[].[State,PrivateDnsEnabled,SubnetIds,Groups]'"
#define ROUTE_LINE                                                   \
	"aws ec2 describe-route-tables --region {region} --filters " \
	"Name=association.subnet-id,Values=SUBNET --query 'RouteTables[].Routes'"
#define GROUP_LINE                                                                      \
	"aws ec2 describe-security-groups --region {region} --group-ids GROUP --query " \
	"'SecurityGroups[].[IpPermissions,IpPermissionsEgress]'"
#define NACL_LINE                                                    \
	"aws ec2 describe-network-acls --region {region} --filters " \
	"Name=association.subnet-id,Values=SUBNET --query 'NetworkAcls[].Entries'"
#define DNS_LINE                                                         \
	"aws ec2 describe-vpc-attribute --region {region} --vpc-id VPC " \
	"--attribute enableDnsSupport\n"                                 \
	"aws ec2 describe-vpc-attribute --region {region} --vpc-id VPC " \
	"--attribute enableDnsHostnames"
#define FIREWALL_LINE \
	"aws route53resolver list-firewall-rule-group-associations --region {region} --vpc-id VPC"
#define S3_LINE                                                                              \
	"aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=VPC " \
	"Name=service-name,Values=com.amazonaws.{region}.s3 --query "
#define SIMULATE_LINE                                                                    \
	"aws iam simulate-principal-policy --policy-source-arn ROLE_ARN --action-names " \
	"ecr:GetAuthorizationToken ecr:BatchGetImage ecr:GetDownloadUrlForLayer"
#define WHO_LINE "aws sts get-caller-identity"
#define IMAGES_LINE                                                          \
	"aws ecr describe-images --region {region} --registry-id {account} " \
	"--repository-name {repository} --image-ids imageTag={tag} --query " \
	"'imageDetails[].[imageDigest,imageStatus,lastArchivedAt]'"
#define REPOSITORY_LINE                                                            \
	"aws ecr describe-repositories --region {region} --registry-id {account} " \
	"--repository-names {repository}"
#define MANIFEST_LINE                                                        \
	"aws ecr batch-get-image --region {region} --registry-id {account} " \
	"--repository-name {repository} --image-ids imageTag={tag}"
#define DEFINITION_LINE \
	"aws ecs describe-task-definition --region {region} --task-definition FAMILY"
#define LOGIN_LINE "aws ecr get-login-password --region {region} | head -c 8"

static const struct error_text_advice advices[] = {
	/* names */
	{CAUSE_DNS_NXDOMAIN, STAGE_DNS, "The same name asked of the VPC's own resolver decides.",
		"Give the interface endpoint private DNS, or the private zone the record; look for "
		"a "
		"DNS firewall rule that denies the name.",
		DNS_LINE "\n" FIREWALL_LINE, ""},
	{CAUSE_DNS_TIMEOUT, STAGE_DNS, "A lookup of any other name from that subnet decides.",
		"Switch on DNS support of the VPC, or repair the DNS servers of its DHCP options.",
		DNS_LINE, ""},
	{CAUSE_DNS_REFUSED, STAGE_DNS, "The same name asked of 169.254.169.253 decides.",
		"Point resolv.conf or the DHCP options at a resolver that answers.", DNS_LINE, ""},
	{CAUSE_REF_BAD_HOSTNAME, STAGE_DNS, "The name, read letter by letter, decides.",
		"Correct the host: account, Region, suffix (.cn in China), and whether the service "
		"exists in that Region.",
		"aws ecr describe-repositories --region {region} --query "
		"'repositories[].repositoryUri'",
		""},
	{CAUSE_REF_BAD_REFERENCE, STAGE_MANIFEST,
		"The reference as the puller received it decides.",
		"Write the image as HOST/REPOSITORY:TAG; look for an empty variable in it.",
		DEFINITION_LINE, ""},
	/* the way out */
	{CAUSE_NET_NO_EGRESS_ROUTE, STAGE_TCP, FROM_INSIDE,
		"Give the subnet a way: a NAT gateway, or the interface endpoints ecr.api and "
		"ecr.dkr "
		"with private DNS and the S3 gateway endpoint; in a public subnet "
		"assignPublicIp=ENABLED.",
		ENDPOINT_LINE "\n" ROUTE_LINE, ""},
	{CAUSE_NET_SECURITY_GROUP, STAGE_TCP, FROM_INSIDE,
		"Allow TCP 443 out of the task's security group, and into the group of the "
		"endpoint.",
		GROUP_LINE, ""},
	{CAUSE_NET_NACL, STAGE_TCP, FROM_INSIDE,
		"Let the network ACL pass TCP 443 out and TCP 1024-65535 back in.", NACL_LINE, ""},
	{CAUSE_NET_TIMEOUT, STAGE_TCP, FROM_INSIDE,
		"Walk the path from that very place; a one-time timeout needs no fix but a retry.",
		ENDPOINT_LINE "\n" ROUTE_LINE, ""},
	{CAUSE_NET_IPV6_ONLY, STAGE_TCP, "The subnet's routes decide: IPv6 alone leads out.",
		"Give the subnet IPv4 egress, or NAT64 and DNS64, or interface endpoints.",
		ROUTE_LINE, ""},
	{CAUSE_NET_UNREACHABLE, STAGE_TCP, "The route table of the machine decides.",
		"Add a route for that address family, or keep the puller from using it.",
		ROUTE_LINE, ""},
	{CAUSE_NET_REFUSED, STAGE_TCP, "The address that the name resolves to decides.",
		"Make the name resolve to the registry, or start what should listen there.",
		ENDPOINT_LINE, ""},
	{CAUSE_NET_RESET, STAGE_TCP, "The same request past the device on the way decides.",
		"Find the firewall or proxy that cuts the connection, and exempt ECR and S3.",
		ROUTE_LINE, " --full"},
	{CAUSE_PROXY_NOT_USED, STAGE_TCP, "The same request through the proxy decides.",
		"Give the puller HTTPS_PROXY and NO_PROXY (the daemon's own, not the shell's).",
		"systemctl show docker containerd --property Environment", " --proxy"},
	{CAUSE_PROXY_UNREACHABLE, STAGE_TCP, "A connection to the proxy itself decides.",
		"Correct HTTPS_PROXY, or exempt the host with NO_PROXY.",
		"systemctl show docker containerd --property Environment", " --proxy"},
	/* TLS */
	{CAUSE_TLS_HANDSHAKE_TIMEOUT, STAGE_TLS, "A handshake with small packets decides.",
		"Look for an inspecting firewall, and for a path with a smaller MTU than the "
		"interface's.",
		ROUTE_LINE, ""},
	{CAUSE_TLS_INTERCEPTED, STAGE_TLS, "The issuer of the certificate decides.",
		"Exempt the ECR and S3 hosts from TLS inspection, or have the puller trust its CA.",
		"openssl s_client -connect {host}:443 -servername {host} </dev/null | "
		"openssl x509 -noout -issuer -dates",
		""},
	{CAUSE_TLS_UNTRUSTED, STAGE_TLS, "The issuer of the certificate decides.",
		"Install the system's CA certificates, or the registry's own CA, for the puller.",
		"openssl s_client -connect {host}:443 -servername {host} </dev/null | "
		"openssl x509 -noout -issuer -dates",
		""},
	{CAUSE_TLS_HOSTNAME_MISMATCH, STAGE_TLS, "The names in the certificate decide.",
		"Use the name that AWS gives the registry; an alias has no certificate.",
		"openssl s_client -connect {host}:443 -servername {host} </dev/null | "
		"openssl x509 -noout -ext subjectAltName",
		""},
	{CAUSE_TLS_EXPIRED, STAGE_TLS, "The clock decides: compare it with a Date header.",
		"Set the clock first; if it is right, have the certificate renewed.",
		"openssl s_client -connect {host}:443 -servername {host} </dev/null | "
		"openssl x509 -noout -dates",
		""},
	{CAUSE_TLS_NOT_TLS, STAGE_TLS, "What answers on that port decides.",
		"Use the port that speaks TLS, or declare the registry as plain HTTP to the "
		"puller.",
		"curl -v https://{host}/v2/", ""},
	{CAUSE_TLS_VERSION, STAGE_TLS, "The versions that both sides offer decide.",
		"Use a client that speaks TLS 1.2.", "curl -v --tlsv1.2 https://{host}/v2/", ""},
	{CAUSE_TLS_SNI_FILTERED, STAGE_TLS, "A handshake with another server name decides.",
		"Allow the ECR and S3 names on the firewall.", "curl -v https://{host}/v2/", ""},
	/* who asks */
	{CAUSE_AUTH_NO_CREDENTIALS, STAGE_CREDENTIALS,
		"A probe with the same role decides whether the token step fails by the network.",
		"Give the puller a role (executionRoleArn; the instance profile; the pod's "
		"identity) "
		"and wire its credential helper in.",
		LOGIN_LINE "\n" DEFINITION_LINE, ""},
	{CAUSE_AUTH_IAM_IDENTITY, STAGE_TOKEN,
		"The body of the refusal decides: `check` reads it, and IAM names the policy "
		"there.",
		"Allow the action to the role that pulls: AmazonECSTaskExecutionRolePolicy has "
		"what a "
		"task needs. Look at its permissions boundary, too.",
		SIMULATE_LINE, ""},
	{CAUSE_AUTH_ENDPOINT_POLICY, STAGE_TOKEN, "The policies of ecr.api and ecr.dkr decide.",
		"Allow the action in the policy of the ecr.api and of the ecr.dkr endpoint.",
		"aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=VPC "
		"--query 'VpcEndpoints[].[ServiceName,PolicyDocument]'",
		""},
	{CAUSE_AUTH_SCP, STAGE_TOKEN, "The policies of the organization decide.",
		"Ask the organization's administrator to allow the action.",
		"aws organizations list-policies-for-target --target-id {account} "
		"--filter SERVICE_CONTROL_POLICY",
		""},
	{CAUSE_AUTH_ASSUME_ROLE, STAGE_CREDENTIALS, "The role's trust policy decides.",
		"Have the role exist and trust the service (ecs-tasks.amazonaws.com for tasks), "
		"and "
		"the caller hold iam:PassRole; a new role needs some seconds.",
		"aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument", ""},
	{CAUSE_AUTH_TOKEN_EXPIRED, STAGE_TOKEN, "A pull with a fresh token decides.",
		"Log in again in the registry's own Region: a token lasts twelve hours. Where a "
		"stale "
		"login is in the way: docker logout {host}.",
		LOGIN_LINE "\n" WHO_LINE, ""},
	{CAUSE_AUTH_CLOCK_SKEW, STAGE_TOKEN, "The Date header of any answer decides.",
		"Set the clock (chrony with 169.254.169.123).", "chronyc tracking", ""},
	{CAUSE_AUTH_THROTTLED, STAGE_TOKEN, "A retry decides.",
		"Cache the token, spread the calls, or have the quota raised.",
		"aws service-quotas list-service-quotas --region {region} --service-code ecr", ""},
	{CAUSE_AUTH_UPSTREAM_CREDENTIALS, STAGE_TOKEN, "A login with the same credentials decides.",
		"Give the task repositoryCredentials (or the pod an imagePullSecret) that the "
		"registry "
		"accepts.",
		DEFINITION_LINE, ""},
	/* what is asked for */
	{CAUSE_REGISTRY_REPO_POLICY, STAGE_MANIFEST,
		"The body of the refusal decides: `check` reads it, and IAM names the policy "
		"there.",
		"Grant the caller in the repository's policy, in the account that owns it: "
		"ecr:BatchGetImage and ecr:GetDownloadUrlForLayer.",
		"aws ecr get-repository-policy --region {region} --registry-id {account} "
		"--repository-name {repository}",
		""},
	{CAUSE_REGISTRY_REPO_NOT_FOUND, STAGE_MANIFEST, "The list of repositories decides.",
		"Correct account, Region or name of the image, or create the repository.",
		REPOSITORY_LINE, ""},
	{CAUSE_REGISTRY_TAG_NOT_FOUND, STAGE_MANIFEST, "The list of tags decides.",
		"Push the tag, or name one that exists; lifecycle policies remove old ones.",
		IMAGES_LINE, ""},
	{CAUSE_REGISTRY_DIGEST_GONE, STAGE_MANIFEST, "The list of digests decides.",
		"Deploy anew, so that the tag is resolved to its digest of today.", IMAGES_LINE,
		""},
	{CAUSE_REGISTRY_PLATFORM_MISMATCH, STAGE_MANIFEST, "The platforms of the image decide.",
		"Build for the platform that runs it (docker buildx build --platform), or set "
		"runtimePlatform.cpuArchitecture of the task definition.",
		MANIFEST_LINE " --query 'images[].imageManifest'", " --platform {platform}"},
	{CAUSE_REGISTRY_RATE_LIMITED, STAGE_MANIFEST, "A pull with credentials decides.",
		"Log in to the registry, or keep the image in ECR by a pull-through cache.",
		"aws ecr describe-pull-through-cache-rules --region {region}", ""},
	{CAUSE_REGISTRY_UNAVAILABLE, STAGE_HTTP, "A retry decides.",
		"Wait and try again; look at the registry's status page.",
		"curl -v https://{host}/v2/", ""},
	{CAUSE_REGISTRY_WRONG_REGISTRY, STAGE_MANIFEST,
		"Whether the image is meant to lie in ECR decides.",
		"Put the registry in front: ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG.",
		"aws ecr describe-repositories --region {region} --query "
		"'repositories[].repositoryUri'",
		""},
	{CAUSE_PTC_PERMISSION, STAGE_MANIFEST, "Whether a pull-through cache rule has that prefix.",
		"Allow ecr:CreateRepository and ecr:BatchImportUpstreamImage to the role that "
		"pulls.",
		"aws ecr describe-pull-through-cache-rules --region {region}", ""},
	{CAUSE_PTC_UPSTREAM_AUTH, STAGE_MANIFEST, "The rule's own check decides.",
		"Give the rule a secret named ecr-pullthroughcache/... with valid credentials.",
		"aws ecr validate-pull-through-cache-rule --region {region} "
		"--ecr-repository-prefix PREFIX",
		""},
	/* layers */
	{CAUSE_S3_NO_ROUTE, STAGE_TCP, FROM_INSIDE,
		"Add the S3 gateway endpoint to the route table of the task's subnet, or another "
		"way "
		"out.",
		S3_LINE "'VpcEndpoints[].[VpcEndpointType,RouteTableIds]'\n" ROUTE_LINE, ""},
	{CAUSE_S3_SECURITY_GROUP, STAGE_TCP, FROM_INSIDE,
		"Allow TCP 443 out of the task's security group to the S3 prefix list.",
		GROUP_LINE "\naws ec2 describe-managed-prefix-lists --region {region} --filters "
			   "Name=prefix-list-name,Values=com.amazonaws.{region}.s3",
		""},
	{CAUSE_S3_DNS, STAGE_DNS, "A lookup of the layer bucket's name from that subnet decides.",
		"Let the resolver answer for the layer bucket: see DNS firewall and private zones "
		"for "
		"amazonaws.com.",
		DNS_LINE "\n" FIREWALL_LINE, ""},
	{CAUSE_S3_ENDPOINT_POLICY, STAGE_LAYERS,
		"The body of the refusal decides: `check` reads it, and S3 names the policy there.",
		"Allow s3:GetObject to everyone on "
		"arn:aws:s3:::prod-{region}-starport-layer-bucket/* in the S3 endpoint's policy.",
		S3_LINE "'VpcEndpoints[].PolicyDocument'", ""},
	{CAUSE_S3_KMS, STAGE_LAYERS, "The state of the key decides.",
		"Enable the key; the puller needs no right to it, but ECR's grant must stand. A "
		"revoked grant means a new repository.",
		REPOSITORY_LINE " --query 'repositories[].encryptionConfiguration'\n"
				"aws kms describe-key --region {region} --key-id KEY",
		""},
	{CAUSE_S3_EXPIRED_URL, STAGE_LAYERS, "The Date header of S3's answer decides.",
		"Pull anew, and set the clock.", "chronyc tracking", ""},
	{CAUSE_IMAGE_DISK_FULL, STAGE_LAYERS, "The free space of the machine decides.",
		"Give more room: ephemeralStorage.sizeInGiB of the task definition (21 to 200), or "
		"the "
		"volume of the instance; or a smaller image.",
		DEFINITION_LINE " --query taskDefinition.ephemeralStorage", ""},
	{CAUSE_IMAGE_CORRUPT_LAYER, STAGE_LAYERS, "A whole download with its digest decides.",
		"Pull again; if the digest is wrong again, push the image anew.", IMAGES_LINE,
		" --full"},
	{CAUSE_IMAGE_UNSUPPORTED_MANIFEST, STAGE_MANIFEST, "The manifest's media type decides.",
		"Build the image anew with today's tools.", MANIFEST_LINE, ""},
	{CAUSE_CLIENT_CONFIG, STAGE_CREDENTIALS, "The puller's own configuration decides.",
		"Correct the configuration of the puller: helper, snapshotter, registry URL.",
		"journalctl --unit docker --unit containerd --unit kubelet --since -1h", ""},
	/* what a task start needs besides */
	{CAUSE_SECRETS_NETWORK, STAGE_TCP, FROM_INSIDE,
		"Give the subnet a way to the service: the interface endpoint {service} with "
		"private "
		"DNS, or a NAT gateway; allow TCP 443.",
		ENDPOINT_LINE "\n" ROUTE_LINE, ""},
	{CAUSE_SECRETS_DENIED, STAGE_TOKEN, "The rest of the text, from DescribeTasks, decides.",
		"Allow the execution role secretsmanager:GetSecretValue or ssm:GetParameters, and "
		"kms:Decrypt for a key of your own.",
		"aws iam simulate-principal-policy --policy-source-arn ROLE_ARN --action-names "
		"secretsmanager:GetSecretValue ssm:GetParameters kms:Decrypt",
		""},
	{CAUSE_SECRETS_NOT_FOUND, STAGE_TOKEN, "The list of secrets in that Region decides.",
		"Correct the ARN in the task definition, or create the secret in that account and "
		"Region.",
		"aws secretsmanager describe-secret --region {region} --secret-id SECRET\n"
		"aws ssm get-parameters --region {region} --names PARAMETER",
		""},
	{CAUSE_SECRETS_BAD_FORMAT, STAGE_TOKEN, "The secret's value decides.",
		"Store a JSON object that has the key named in valueFrom.",
		"aws secretsmanager describe-secret --region {region} --secret-id SECRET", ""},
	{CAUSE_ENVFILE_NETWORK, STAGE_TCP, FROM_INSIDE,
		"Give the subnet a way to S3: the gateway endpoint on its route table, or a NAT "
		"gateway.",
		S3_LINE "'VpcEndpoints[].[VpcEndpointType,RouteTableIds]'", ""},
	{CAUSE_ENVFILE_DENIED, STAGE_LAYERS, "The rights of the execution role decide.",
		"Allow the execution role s3:GetObject on the file and s3:GetBucketLocation on its "
		"bucket, and see that the file is there.",
		"aws iam simulate-principal-policy --policy-source-arn ROLE_ARN --action-names "
		"s3:GetObject s3:GetBucketLocation",
		""},
	{CAUSE_LOGS_CONFIG, STAGE_TOKEN, "The options in the task definition decide.",
		"Complete logConfiguration.options: awslogs-group, awslogs-region, "
		"awslogs-stream-prefix.",
		DEFINITION_LINE " --query 'taskDefinition.containerDefinitions[].logConfiguration'",
		""},
	{CAUSE_LOGS_NETWORK, STAGE_TCP, FROM_INSIDE,
		"Give the subnet a way to CloudWatch Logs: the interface endpoint logs with "
		"private "
		"DNS, or a NAT gateway.",
		ENDPOINT_LINE, ""},
	{CAUSE_LOGS_NOT_FOUND, STAGE_TOKEN, "The list of log groups decides.",
		"Create the log group, or set awslogs-create-group.",
		"aws logs describe-log-groups --region {region} --log-group-name-prefix GROUP", ""},
	{CAUSE_LOGS_DENIED, STAGE_TOKEN, "The rights of the execution role decide.",
		"Allow the execution role logs:CreateLogStream and logs:PutLogEvents, and "
		"logs:CreateLogGroup where it is to create the group.",
		"aws iam simulate-principal-policy --policy-source-arn ROLE_ARN --action-names "
		"logs:CreateLogStream logs:PutLogEvents logs:CreateLogGroup",
		""},
};

const struct error_text_advice *error_text_advice(enum cause cause)
{
	/* a cause that no text speaks of: nothing to add to a look from inside */
	static const struct error_text_advice plain = {
		CAUSE_NONE, STAGE_TCP, FROM_INSIDE, "Walk the path from that very place.", "", ""};
	for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
		if (advices[i].cause == cause)
			return &advices[i];
	return &plain;
}
