/* Who may: the policies of endpoints, the role, the repository's policy; and what is there to be
 * pulled. https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html */
#include "base/arena.h"
#include "diagnose/configuration_parts.h"

static const struct endpoint_call calls[] = {
	{ENDPOINT_API, STAGE_TOKEN, "ecr:GetAuthorizationToken"},
	{ENDPOINT_DKR, STAGE_MANIFEST, "ecr:BatchGetImage"},
	{ENDPOINT_DKR, STAGE_LAYERS, "ecr:GetDownloadUrlForLayer"},
	{ENDPOINT_S3, STAGE_LAYERS, "s3:GetObject"},
	{ENDPOINT_ENVFILE, STAGE_START, "s3:GetObject"},
	{ENDPOINT_LOGS, STAGE_START, "logs:CreateLogStream"},
	{ENDPOINT_LOGS, STAGE_START, "logs:PutLogEvents"},
	{ENDPOINT_SECRETSMANAGER, STAGE_START, "secretsmanager:GetSecretValue"},
	{ENDPOINT_SSM, STAGE_START, "ssm:GetParameters"},
	{ENDPOINT_KMS, STAGE_START, "kms:Decrypt"},
};

struct text judge_repository_arn(struct judge *judge)
{
	const struct target *target = judge->target;
	return target->partition
		? text_format(judge->arena, "arn:%.*s:ecr:%.*s:%.*s:repository/%.*s",
			  TEXT(target->partition->name), TEXT(target->region),
			  TEXT(target->account), TEXT(target->repository))
		: T("");
}

/* What the call is about: of the services beside the pull the first that was asked for, so long as
 * it is the only one. */
static struct text resource_of(struct judge *judge, const struct endpoint_call *call)
{
	struct texts all = judge->configuration->subject.resources;
	struct text service = endpoint_kind_name(call->endpoint);
	struct text middle = call->endpoint == ENDPOINT_ENVFILE
		? T(":s3:::")
		: text_format(judge->arena, ":%.*s:", TEXT(service));
	struct text found = {0};
	size_t count = 0;
	if (call->endpoint == ENDPOINT_API)
		return T("*");
	if (call->endpoint == ENDPOINT_DKR)
		return judge_repository_arn(judge);
	if (call->endpoint == ENDPOINT_S3)
		return text_format(judge->arena,
			"arn:%.*s:s3:::prod-%.*s-starport-layer-bucket/layer",
			TEXT(judge->target->partition->name), TEXT(judge->target->region));
	for (size_t i = 0; i < all.count; i++)
		if (text_holds(all.at[i], middle)) {
			found = all.at[i];
			count++;
		}
	return count == 1 ? found : T("");
}

/* An Allow of all that the endpoint is asked for; without a resource it is of a repository's own
 * policy. */
static struct text with_allowance(struct judge *judge, struct text document,
	const struct endpoint_call *call, struct text principal, struct text resource)
{
	bool foreign = call->endpoint == ENDPOINT_S3;
	json_t *statement = json_pack("{s:s,s:[]}", "Effect", "Allow", "Action");
	json_t *actions = json_object_get(statement, "Action");
	if (foreign) /* all layers */
		resource = text_format(
			judge->arena, "%.*s*", TEXT(text_head(resource, resource.len - 5)));
	for (size_t i = 0; i < COUNT(calls); i++)
		if (calls[i].endpoint == call->endpoint)
			field_append(actions, json_string(calls[i].action));
	if (principal.len && !foreign)
		field_put(statement, "Principal",
			json_pack("{s:s%}", "AWS", principal.at, (int)principal.len));
	else
		field_put(statement, "Principal", json_string("*"));
	if (resource.len)
		field_put(statement, "Resource", field_text(judge->arena, resource));
	return judge_with_statement(judge->arena, document, statement);
}

/* A document of somebody who may forbid it, and how the request comes to him. */
struct asked {
	const struct endpoint_call *call;
	const char *what;
	struct text whose; /* in words */
	struct text id;
	struct text document;
	struct text resource;
	enum cause cause;
	bool foreign; /* the layers are fetched with a role of AWS's own, whoever pulls */
	bool granted; /* only what it denies counts */
	bool certain; /* whether it comes by an endpoint, and by which */
	const struct vpc_endpoint *through; /* NULL: over the internet */
};

/* The condition keys of the request; a name that is empty is not known.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
static struct policy_answer ask(struct judge *judge, const struct asked *asked)
{
	const struct vpc_subject *subject = &judge->configuration->subject;
	struct text account = policy_account(subject->role);
	bool foreign = asked->foreign;
	/* without a role its account and ARN are not known, and not absent */
	bool named = foreign || subject->role.len;
	bool own = asked->call->endpoint != ENDPOINT_API ||
		text_equal(judge->target->account, subject->account);
	bool inside = asked->certain && asked->through;
	const struct policy_key keys[] = {
		{named ? "aws:PrincipalAccount" : "", account, foreign},
		{named ? "aws:PrincipalArn" : "", subject->role, foreign},
		{foreign ? "aws:PrincipalOrgID" : "", T(""), foreign},
		{foreign ? "aws:PrincipalOrgPaths" : "", T(""), foreign},
		{foreign ? "aws:ResourceOrgID" : "", T(""), foreign},
		{foreign ? "s3:ResourceAccount" : "", T(""), foreign},
		{foreign ? "" : "aws:PrincipalType", T("AssumedRole"), false},
		{foreign ? "" : "aws:PrincipalIsAWSService", T("false"), false},
		{foreign ? "" : "aws:ViaAWSService", T("false"), false},
		{own ? "aws:ResourceAccount" : "", judge->target->account, foreign},
		{asked->certain ? "aws:SourceVpc" : "", inside ? judge->subnet->vpc : T(""), false},
		{asked->certain ? "aws:SourceVpce" : "", inside ? asked->through->id : T(""),
			false},
		{inside ? "aws:VpcSourceIp" : "", judge->subnet->cidr, false},
		/* not there by an endpoint, and from no other service */
		{inside ? "aws:SourceIp" : "", T(""), false},
		{"aws:SourceArn", T(""), false},
		{"aws:SourceAccount", T(""), false},
		{"aws:RequestedRegion", judge->target->region, false},
		{"aws:SecureTransport", T("true"), false},
	};
	struct policy_request request = {
		.principal = foreign ? T("") : subject->role,
		.foreign = foreign,
		.account = subject->account.len ? subject->account : account,
		.action = text_of(asked->call->action),
		.resource = asked->resource,
		.granted = asked->granted,
		.keys = keys,
		.key_count = COUNT(keys),
	};
	if (!asked->document.len)
		return (struct policy_answer){
			.decision = asked->granted ? POLICY_ALLOWED : POLICY_NOT_ALLOWED};
	return policy_judge(judge->arena, asked->document, &request);
}

static struct link *add_answer(
	struct judge *judge, const struct asked *asked, const struct policy_answer *answer)
{
	static const struct {
		enum effect effect;
		const char *before, *does, *after; /* around whose it is, and what decides */
	} rows[] = {
		[POLICY_ALLOWED] = {EFFECT_PASSES, "", " allows ", " by "},
		[POLICY_DENIED] = {EFFECT_BLOCKS, "", " denies ", " by "},
		[POLICY_NOT_ALLOWED] = {EFFECT_BLOCKS, "", " does not allow ", ""},
		[POLICY_UNDECIDED] = {EFFECT_UNDECIDED, "whether ", " allows ", " hangs on "},
	};
	struct text by = answer->decision == POLICY_UNDECIDED ? answer->doubt : answer->name;
	struct text read = answer->statement;
	if (!read.len)
		read = asked->document.len ? text_head(asked->document, 300) : T("no policy");
	struct link *link = judge_link(judge,
		(struct link){asked->call->stage, asked->what, .id = asked->id,
			.effect = rows[answer->decision].effect, .cause = asked->cause},
		"%sthe policy of %.*s%s%s%s%.*s", rows[answer->decision].before, TEXT(asked->whose),
		rows[answer->decision].does, asked->call->action, rows[answer->decision].after,
		TEXT(by));
	judge_read(judge, link, "%.*s: %.*s", TEXT(asked->id), TEXT(read));
	if (answer->decision != POLICY_NOT_ALLOWED)
		judge_advise(judge, link,
			"Remove %.*s of the policy of %.*s, or except this request from it.",
			TEXT(answer->name), TEXT(asked->whose));
	return link;
}

/* the policies of endpoints */

/* the endpoint through which the way leads, or NULL */
static const struct vpc_endpoint *endpoint_of(struct judge *judge, const struct way *way)
{
	const struct vpc_route_table *table = judge_table(judge, judge->subnet);
	const struct vpc_route *routes = table ? table->routes.at : NULL;
	if (way->kind == WAY_INTERFACE)
		return way->through;
	for (size_t r = 0; table && r < table->routes.count; r++) {
		const struct vpc_endpoint *endpoint = VPC_FIND(
			judge->configuration->endpoints, vpc_endpoint, routes[r].target);
		if (endpoint && judge_serves(way, endpoint, T("Gateway")))
			return endpoint;
	}
	return NULL;
}

void judge_endpoint_policy(struct judge *judge, const struct way *way)
{
	const struct vpc_endpoint *endpoint = endpoint_of(judge, way);
	struct text role = judge->configuration->subject.role;
	if (!endpoint || !endpoint->policy.len || !judge->target->partition)
		return;
	for (const struct endpoint_call *call = calls; call < calls + COUNT(calls); call++) {
		struct asked asked = {call, "endpoint policy",
			.whose = text_format(judge->arena, "VPC endpoint %.*s", TEXT(endpoint->id)),
			.id = endpoint->id, .document = endpoint->policy,
			.resource = resource_of(judge, call),
			.cause = call->endpoint == ENDPOINT_S3 ? CAUSE_S3_ENDPOINT_POLICY
							       : CAUSE_AUTH_ENDPOINT_POLICY,
			.foreign = call->endpoint == ENDPOINT_S3, .certain = true,
			.through = endpoint};
		if (call->endpoint != way->endpoint)
			continue;
		struct policy_answer answer = ask(judge, &asked);
		struct link *link = add_answer(judge, &asked, &answer);
		struct text policy = with_allowance(judge, endpoint->policy, call, role,
			asked.resource.len ? asked.resource : T("*"));
		if (answer.decision == POLICY_NOT_ALLOWED)
			judge_fix(judge, link,
				"aws ec2 modify-vpc-endpoint --vpc-endpoint-id %.*s "
				"--policy-document '%.*s'",
				TEXT(endpoint->id), TEXT(policy));
	}
}

/* the policies of the repository and of its registry */

const struct vpc_repository *judge_repository_of(const struct judge *judge)
{
	return VPC_FIND(
		judge->configuration->repositories, vpc_repository, judge->target->repository);
}

/* Within an account either policy is enough; between two the repository's must allow it as well. */
static void judge_repository_policy(
	struct judge *judge, struct asked asked, struct policy_answer answer)
{
	const struct target *target = judge->target;
	asked.granted = !judge_is_cross_account(judge) && answer.decision == POLICY_NOT_ALLOWED;
	if (asked.granted) /* the role's own policy decides, unless this one denies */
		answer = ask(judge, &asked);
	if (!vpc_was_read(judge->configuration, VPC_REPOSITORY_POLICY, target->repository)) {
		judge_unread(judge, asked.call->stage, asked.what, asked.id, VPC_REPOSITORY_POLICY,
			target->repository);
		return;
	}
	if (asked.granted && answer.decision == POLICY_ALLOWED)
		return;
	struct link *link = add_answer(judge, &asked, &answer);
	struct text policy = with_allowance(
		judge, asked.document, asked.call, judge->configuration->subject.role, T(""));
	if (answer.decision != POLICY_DENIED)
		judge_fix(judge, link,
			"aws ecr set-repository-policy --registry-id %.*s --repository-name %.*s "
			"--policy-text '%.*s'",
			TEXT(target->account), TEXT(target->repository), TEXT(policy));
}

/* What the repository's policy answers; and the registry's may deny what all others allow.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html */
static struct policy_answer judge_registry(
	struct judge *judge, const struct endpoint_call *call, const struct way *taken)
{
	const struct target *target = judge->target;
	const struct vpc_repository *repository = judge_repository_of(judge);
	bool inside = taken && taken->kind == WAY_INTERFACE;
	struct asked asked = {call, "repository policy",
		.whose = text_format(judge->arena, "repository %.*s", TEXT(target->repository)),
		.id = judge_repository_arn(judge),
		.document = repository ? repository->policy : T(""),
		.resource = judge_repository_arn(judge), .cause = CAUSE_REGISTRY_REPO_POLICY,
		.certain = inside || (taken && taken->kind == WAY_PUBLIC),
		.through = inside ? taken->through : NULL};
	struct policy_answer answer = ask(judge, &asked);
	if (repository)
		judge_repository_policy(judge, asked, answer);
	asked.what = "registry policy";
	asked.whose = text_format(judge->arena, "registry %.*s", TEXT(target->account));
	asked.id = target->account;
	asked.document = judge->configuration->registry_policy;
	asked.granted = true;
	struct policy_answer registry = ask(judge, &asked);
	if (vpc_was_read(judge->configuration, VPC_REGISTRY_POLICY, target->account) &&
		registry.decision != POLICY_ALLOWED)
		add_answer(judge, &asked, &registry);
	return answer;
}

void judge_access(struct judge *judge, const struct way *way, const struct way *taken)
{
	bool is_first = true;
	if (judge->target->kind != REGISTRY_ECR && endpoint_is_of_pull(way->endpoint))
		return;
	for (size_t i = 0; i < COUNT(calls); i++) {
		struct policy_answer answer = {.decision = POLICY_NOT_ALLOWED};
		if (calls[i].endpoint != way->endpoint || calls[i].endpoint == ENDPOINT_S3)
			continue;
		if (calls[i].endpoint == ENDPOINT_DKR)
			answer = judge_registry(judge, &calls[i], taken);
		judge_role(judge, &calls[i], resource_of(judge, &calls[i]), &answer, is_first);
		is_first = false;
	}
}
