/* IAM's sentence of a denial: as the documents have it, and as logs have left it. */
#include "check.h"
#include "model/aws.h"

struct denial_case {
	const char *text;
	const char *principal;
	const char *action;
	const char *resource;
	const char *policy;
	bool explicit_deny;
	const char *policy_arn;
};

#define HEAD "User: u is not authorized to perform: ecr:BatchGetImage on resource: r "

static void denials_are_read_by_iams_grammar(void **state)
{
	static const struct denial_case cases[] = {
		/* as the documents have it */
		{HEAD "because no identity-based policy allows the ecr:BatchGetImage action", "u",
			"ecr:BatchGetImage", "r", "identity", false, ""},
		{HEAD "with an explicit deny in an identity-based policy", "u", "ecr:BatchGetImage",
			"r", "identity", true, ""},
		{HEAD "because no resource-based policy allows the x action", "u",
			"ecr:BatchGetImage", "r", "resource", false, ""},
		{HEAD "with an explicit deny in a resource-based policy", "u", "ecr:BatchGetImage",
			"r", "resource", true, ""},
		{HEAD "because no VPC endpoint policy allows the x action", "u",
			"ecr:BatchGetImage", "r", "endpoint", false, ""},
		{HEAD "with an explicit deny in a VPC endpoint policy", "u", "ecr:BatchGetImage",
			"r", "endpoint", true, ""},
		{HEAD "with an explicit deny in a VPC endpoint policy transitively through a "
		      "service control policy",
			"u", "ecr:BatchGetImage", "r", "scp", true, ""},
		{HEAD "because no service control policy allows the x action", "u",
			"ecr:BatchGetImage", "r", "scp", false, ""},
		{HEAD "with an explicit deny in a service control policy", "u", "ecr:BatchGetImage",
			"r", "scp", true, ""},
		{HEAD "with an explicit deny in a resource control policy", "u",
			"ecr:BatchGetImage", "r", "rcp", true, ""},
		{HEAD "because no permissions boundary allows the x action", "u",
			"ecr:BatchGetImage", "r", "boundary", false, ""},
		{HEAD "with an explicit deny in a permissions boundary", "u", "ecr:BatchGetImage",
			"r", "boundary", true, ""},
		{HEAD "because no session policy allows the x action", "u", "ecr:BatchGetImage",
			"r", "session", false, ""},
		{HEAD "with an explicit deny in a sessions policy", "u", "ecr:BatchGetImage", "r",
			"session", true, ""},
		{"User: u is not authorized to perform: sts:AssumeRole on resource: r because no "
		 "role trust policy allows the sts:AssumeRole action",
			"u", "sts:AssumeRole", "r", "trust", false, ""},
		{"User: u is not authorized to perform: sts:AssumeRole on resource: r with an "
		 "explicit deny in the role trust policy",
			"u", "sts:AssumeRole", "r", "trust", true, ""},
		{HEAD "with an explicit deny in a service control policy: "
		      "arn:aws:organizations::123456789012:policy/o-1/service_control_policy/p-2",
			"u", "ecr:BatchGetImage", "r", "scp", true,
			"arn:aws:organizations::123456789012:policy/o-1/service_control_policy/"
			"p-2"},
		{HEAD "with an explicit deny in a service control policy: "
		      "arn:aws:organizations::...",
			"u", "ecr:BatchGetImage", "r", "scp", true, ""},
		/* as they were met; by their id in the corpus where they are of it */
		{/* pe-0064 */
			"Error response from daemon: pull access denied for "
			"123456789012.dkr.ecr.us-west-2.amazonaws.com/myapp, repository does not "
			"exist or may require 'docker login': denied: User: "
			"arn:aws:sts::123456789012:assumed-role/ecsInstanceRole/"
			"i-01a01a01a01a01a01a is not authorized to perform: ecr:BatchGetImage on "
			"resource: arn:aws:ecr:us-west-2:123456789012:repository/myapp because no "
			"resource-based policy allows the ecr:BatchGetImage action",
			"arn:aws:sts::123456789012:assumed-role/ecsInstanceRole/"
			"i-01a01a01a01a01a01a",
			"ecr:BatchGetImage", "arn:aws:ecr:us-west-2:123456789012:repository/myapp",
			"resource", false, ""},
		{/* pe-0240 */
			"denied: User: arn:aws:sts::ACCOUNT_ID:assumed-role/ROLE_NAME/INSTANCE_ID "
			"\nis not authorized to perform: ecr:PutImage on resource: "
			"\narn:aws:ecr:us-west-2:123456789012:repository/team-a/alpine \nwith an "
			"explicit deny in a VPC endpoint policy",
			"arn:aws:sts::ACCOUNT_ID:assumed-role/ROLE_NAME/INSTANCE_ID",
			"ecr:PutImage",
			"arn:aws:ecr:us-west-2:123456789012:repository/team-a/alpine", "endpoint",
			true, ""},
		{/* pe-0130 */
			"denied: User: "
			"arn:aws:sts::A:assumed-role/cp-sw-actions-runner/GitHubActions is not "
			"authorized to perform: ecr:InitiateLayerUpload on resource: "
			"arn:aws:ecr:us-west-2:B:repository/runner-test because no resource-based "
			"policy allows the ecr:InitiateLayerUpload action\nError: Process "
			"completed with exit code 1.",
			"arn:aws:sts::A:assumed-role/cp-sw-actions-runner/GitHubActions",
			"ecr:InitiateLayerUpload", "arn:aws:ecr:us-west-2:B:repository/runner-test",
			"resource", false, ""},
		{/* pe-0087 */
			"denied: User: arn:aws:sts::<aws-account-containing-eks-cluster>:"
			"assumed-role/<node-instance-role-for-worker-node is not authorized to "
			"perform: ecr:BatchGetImage on resource: "
			"arn:aws:ecr:REGION:cross-aws-account-id:repository/repo-name",
			"arn:aws:sts::<aws-account-containing-eks-cluster>:assumed-role/"
			"<node-instance-role-for-worker-node",
			"ecr:BatchGetImage",
			"arn:aws:ecr:REGION:cross-aws-account-id:repository/repo-name", "", false,
			""},
		{/* pe-0118 */
			"An error occurred (AccessDeniedException) when calling the "
			"GetAuthorizationToken operation: User: <USER> is not authorized to "
			"perform: <AWS_SERVICES:ACTION> on resource: * with an explicit deny",
			"<USER>", "<AWS_SERVICES:ACTION>", "*", "", true, ""},
		{/* pe-0173 */
			"CannotPullECRContainerError: AccessDeniedException: User: "
			"arn:aws:sts::...:assumed-role/OvertureTilesCdkStack-OvertureTilesContainer"
			"... is not authorized to perform: ecr:GetAuthorizationToken on r",
			"arn:aws:sts::...:assumed-role/"
			"OvertureTilesCdkStack-OvertureTilesContainer",
			"ecr:GetAuthorizationToken", "", "", false, ""},
		{/* pe-0223 */
			"(aws-eb-docker-django-skeleton: CannotPullContainerError: "
			"AccessDeniedException: User: "
			"arn:aws:sts::123456789012:assumed-role/aws-elasticbeanstalk-ec2-role/"
			"i-00000000 is not authorized to perform: ecr:GetAuthorizationToken on "
			"resource: * status code: 400, request id: 00000000-0000-0000)",
			"arn:aws:sts::123456789012:assumed-role/aws-elasticbeanstalk-ec2-role/"
			"i-00000000",
			"ecr:GetAuthorizationToken", "*", "", false, ""},
		{/* pe-0066 */
			"ResourceInitializationError: failed to validate logger args: "
			"...\nAccessDeniedException: ... not authorized to perform: "
			"logs:CreateLogGroup",
			"", "logs:CreateLogGroup", "", "", false, ""},
		{/* pe-0058 */
			"because no VPC endpoint policy allows the ecr:ListImages action", "",
			"ecr:ListImages", "", "endpoint", false, ""},
		{/* errors.md 4.6: S3 quotes the resource */
			"User: arn:aws:sts::111122223333:assumed-role/"
			"storage-access-role-prod-us-east-1/s is not authorized to perform: "
			"s3:GetObject on resource: "
			"\"arn:aws:s3:::prod-us-east-1-starport-layer-bucket/a\" because no VPC "
			"endpoint policy allows the s3:GetObject action",
			"arn:aws:sts::111122223333:assumed-role/storage-access-role-prod-us-east-1/"
			"s",
			"s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/a",
			"endpoint", false, ""},
		{"<Message>User: u is not authorized to perform: s3:GetObject on resource: "
		 "&quot;arn:aws:s3:::b/k&quot; with an explicit deny in a VPC endpoint "
		 "policy</Message>",
			"u", "s3:GetObject", "arn:aws:s3:::b/k", "endpoint", true, ""},
		{"msg=\"User: u is not authorized to perform: s3:GetObject on resource: "
		 "\\\"r\\\" because no\\nVPC endpoint policy",
			"u", "s3:GetObject", "r", "endpoint", false, ""},
		{"denied: user: u IS NOT AUTHORIZED TO PERFORM: a:B ON RESOURCE: r BECAUSE NO "
		 "VPC ENDPOINT POL",
			"u", "a:B", "r", "endpoint", false, ""},
		{"User: u is not authorized to perform: kms:Decrypt on the resource associated "
		 "with this ciphertext because no identity-based policy allows the kms:Decrypt "
		 "action",
			"u", "kms:Decrypt", "", "identity", false, ""},
		{HEAD "because no identity-based policy allows it; later: with an explicit deny "
		      "in a VPC endpoint policy",
			"u", "ecr:BatchGetImage", "r", "identity", false, ""},
		{"not authorized to perform:", "", "", "", "", false, ""},
		{"User: u is not authorized to perform: \"", "u", "", "", "", false, ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct denial denial;
		struct text text = exact(text_of(cases[i].text));
		check_row(i, denial_parse(text, &denial));
		check_text(i, denial.principal, cases[i].principal);
		check_text(i, denial.action, cases[i].action);
		check_text(i, denial.resource, cases[i].resource);
		check_text(i, denial.policy, cases[i].policy);
		check_row(i, denial.explicit_deny == cases[i].explicit_deny);
		check_text(i, denial.policy_arn, cases[i].policy_arn);
		exact_end(text);
	}
}

static void other_sentences_are_no_denials(void **state)
{
	static const char *const cases[] = {
		"",
		"Access Denied",
		"Request has expired",
		"denied: requested access to the resource is denied",
		"authorization failed: no basic auth credentials",
		"because no",
		"because no basic auth credentials",
		"with an explicit deny",
		"User: is not authorized",
		"\\",
		"\\n",
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct denial denial;
		struct text text = exact(text_of(cases[i]));
		check_row(i, !denial_parse(text, &denial));
		exact_end(text);
	}
}

static void every_beginning_of_a_denial_can_be_read(void **state)
{
	struct text whole = T(
		HEAD "with an explicit deny in a VPC endpoint policy transitively through "
		     "a service control policy: arn:aws:organizations::1:policy/o/p");
	(void)state;
	for (size_t len = 0; len <= whole.len; len++) {
		struct denial denial;
		struct text part = exact(text_head(whole, len));
		bool read = denial_parse(part, &denial);
		check_row(len, read == (len >= sizeof "User: u is not authorized to perform:" - 1));
		exact_end(part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(denials_are_read_by_iams_grammar),
		cmocka_unit_test(other_sentences_are_no_denials),
		cmocka_unit_test(every_beginning_of_a_denial_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
