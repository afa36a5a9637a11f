/* Lines that several rules share: what to paste to see it from outside. */
#pragma once

#define LINE_VPC_ENDPOINT                                                                         \
	"aws ec2 describe-vpc-endpoints{own_region_option} --filters "                            \
	"Name=vpc-id,Values={vpc_query} Name=service-name,Values='*.{region}.{service}' --query " \
	"'VpcEndpoints[].[VpcEndpointId,VpcEndpointType,State,PrivateDnsEnabled,SubnetIds,"       \
	"RouteTableIds,Groups[].GroupId]'"
#define LINE_ROUTES                                                   \
	"aws ec2 describe-route-tables{own_region_option} --filters " \
	"Name=association.subnet-id,Values={subnet_query} --query 'RouteTables[].Routes'"
#define LINE_NACL                                                     \
	"aws ec2 describe-network-acls{own_region_option} --filters " \
	"Name=association.subnet-id,Values={subnet_query} --query 'NetworkAcls[].Entries'"
#define LINE_OWN_GROUPS                                                     \
	"aws ec2 describe-network-interfaces{own_region_option} --filters " \
	"Name=addresses.private-ip-address,Values={own_ip} --query "        \
	"'NetworkInterfaces[].[NetworkInterfaceId,Groups,Association.PublicIp]'"
#define LINE_PEER_GROUPS                                                    \
	"aws ec2 describe-network-interfaces{own_region_option} --filters " \
	"Name=addresses.private-ip-address,Values={ip} --query "            \
	"'NetworkInterfaces[].[NetworkInterfaceId,Description,SubnetId,Groups]'"
#define LINE_PREFIX_LIST                                                      \
	"aws ec2 describe-managed-prefix-lists{own_region_option} --filters " \
	"Name=prefix-list-name,Values='*.{own_region}.s3' --query 'PrefixLists[].PrefixListId'"
#define LINE_DNS_ATTRIBUTES                                                                   \
	"aws ec2 describe-vpc-attribute{own_region_option} --vpc-id {vpc_query} --attribute " \
	"enableDnsSupport"
#define LINE_DHCP                                                                                 \
	"aws ec2 describe-dhcp-options{own_region_option} --dhcp-options-ids $(aws ec2 "          \
	"describe-vpcs{own_region_option} --vpc-ids {vpc_query} --query 'Vpcs[0].DhcpOptionsId' " \
	"--output text)"
#define LINE_DNS_FIREWALL                                                                        \
	"aws route53resolver list-firewall-rule-group-associations{own_region_option} --vpc-id " \
	"{vpc_query}"
#define LINE_ZONES \
	"aws route53 list-hosted-zones-by-vpc --vpc-region {own_region} --vpc-id {vpc_query}"
#define LINE_ENDPOINT_POLICY                                                                      \
	"aws ec2 describe-vpc-endpoints{own_region_option} --filters "                            \
	"Name=vpc-id,Values={vpc_query} Name=service-name,Values='*.{region}.{service}' --query " \
	"'VpcEndpoints[].[VpcEndpointId,PolicyDocument]' --output text"
#define LINE_SIMULATE                                                                             \
	"aws iam simulate-principal-policy --policy-source-arn {role_arn} --action-names "        \
	"ecr:GetAuthorizationToken ecr:BatchGetImage ecr:GetDownloadUrlForLayer --resource-arns " \
	"'{repository_arn}'"
#define LINE_REPOSITORY_POLICY                                                                    \
	"aws ecr get-repository-policy{region_option} --registry-id {account} --repository-name " \
	"{repository}"
#define LINE_DESCRIBE_IMAGE                                                                 \
	"aws ecr describe-images{region_option} --registry-id {account} --repository-name " \
	"{repository} --image-ids {image_id} --query "                                      \
	"'imageDetails[].[imageDigest,imageTags,imageStatus,imageManifestMediaType]'"
#define LINE_BATCH_GET_IMAGE                                                                \
	"aws ecr batch-get-image{region_option} --registry-id {account} --repository-name " \
	"{repository} --image-ids {image_id} --query '[failures,images[].imageManifest]'"
#define LINE_REPOSITORY                                                                            \
	"aws ecr describe-repositories{region_option} --registry-id {account} --repository-names " \
	"{repository}"
#define LINE_ENCRYPTION                                                                            \
	"aws ecr describe-repositories{region_option} --registry-id {account} --repository-names " \
	"{repository} --query 'repositories[].encryptionConfiguration'"
#define LINE_CACHE_RULES "aws ecr describe-pull-through-cache-rules{region_option}"
#define LINE_CURL "curl -sv -o /dev/null https://{host}/"

#define FIX_TASK_EGRESS \
	"Security group of the task: allow egress TCP 443 to {ip}/32, or to the VPC's range."
#define FIX_ENDPOINT_INGRESS                                                                    \
	"Security group of the {service} endpoint: allow ingress TCP 443 from {own_ip}/32, or " \
	"from the task's security group."
#define FIX_NACL                                                                                \
	"Network ACLs: allow TCP 443 out and TCP 1024-65535 back in on the task's subnet, and " \
	"the reverse on the subnet of {ip}."
#define FIX_ADD_ENDPOINT                                                                           \
	"Create the interface endpoint com.amazonaws.{region}.{service} in this VPC, private DNS " \
	"on, with a security group that allows TCP 443 in from the task."
#define FIX_NAT                                                                                \
	"Or route 0.0.0.0/0 of this subnet to a NAT gateway; in a public subnet run the task " \
	"with assignPublicIp=ENABLED."
#define FIX_S3_GATEWAY                                                                        \
	"Create the S3 gateway endpoint com.amazonaws.{region}.s3 and associate it with the " \
	"route table of the task's subnet."
#define FIX_GO_ROUND                                                                            \
	"Or bypass it with the S3 gateway endpoint com.amazonaws.{region}.s3 on this subnet's " \
	"route table."
#define FIX_S3_EGRESS                                                          \
	"Security group of the task: allow egress TCP 443 to the prefix list " \
	"com.amazonaws.{region}.s3, or to 0.0.0.0/0; a gateway endpoint needs it too."
#define FIX_S3_NACL                                                                              \
	"Network ACL of the subnet: allow TCP 443 out to S3's public ranges and TCP 1024-65535 " \
	"back in; it knows no prefix lists."
#define KUBELET                                                                                 \
	"For the pull itself look at the node's instance role: the kubelet pulls with it, not " \
	"with the pod's."
#define FIX_CACHE \
	"Or pull through an ECR pull-through cache, which keeps the image once it was fetched."
#define FIX_ELSE                                                                                 \
	"If a Deny, an endpoint's policy or an organization's is named above, change that one: " \
	"an Allow of the role does not outweigh it."
#define FIX_NETWORK "Check the devices between this subnet and {host}, and run again."
#define LINE_AAAA "nslookup -type=AAAA {host}"
#define LINE_GRANTED                                                                              \
	"aws iam simulate-principal-policy --policy-source-arn {role_arn} --action-names {call} " \
	"--resource-arns {resource}"
#define LINE_PING "curl -si https://{registry}/v2/"
#define LINE_SUBNET                                                                        \
	"aws ec2 describe-subnets{own_region_option} --subnet-ids {subnet_query} --query " \
	"'Subnets[].[CidrBlock,Ipv6Native,EnableDns64]'"
#define LINE_TAGS "curl -s https://{registry}/v2/{repository}/tags/list"
#define SEE_ENDPOINT                                                                        \
	"aws ec2 describe-vpc-endpoints{own_region_option} --filters "                      \
	"Name=vpc-id,Values={vpc_query} Name=service-name,Values='*.{region}.sts' --query " \
	"'VpcEndpoints[].PolicyDocument'"
#define SEE_METADATA_OPTIONS                                       \
	"aws ec2 describe-instances{own_region_option} --filters " \
	"Name=private-ip-address,Values={own_ip} --query "         \
	"'Reservations[].Instances[].[InstanceId,IamInstanceProfile,MetadataOptions]'"
#define SIGN_IN                                                                                  \
	"sign in: repositoryCredentials (a Secrets Manager secret with user name and password) " \
	"for the container, --user NAME --password-stdin for the probe."
#define TRUST_CALLER                                                                     \
	"Add to the trust policy of {asked_role}: "                                      \
	"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"{role_arn}\"},\"Action\":\"sts:" \
	"AssumeRole\"}"
#define LINE_TOKEN                                                \
	"aws ecr get-authorization-token{region_option} --query " \
	"'authorizationData[].[expiresAt,proxyEndpoint]'"
#define LINE_LIFECYCLE                                                                           \
	"aws ecr get-lifecycle-policy{region_option} --registry-id {account} --repository-name " \
	"{repository}"
#define LINE_LAYER                                                                       \
	"aws ecr batch-check-layer-availability{region_option} --registry-id {account} " \
	"--repository-name {repository} --layer-digests {digest}"
#define FIX_PUSH "Push the image again: docker push {image}"
#define FIX_FORWARD                                                                            \
	"Make {resolver} forward amazonaws.com and api.aws to the VPC's resolver (a Route 53 " \
	"Resolver inbound endpoint), or set the VPC's DHCP options to AmazonProvidedDNS."
