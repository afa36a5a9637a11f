/* Who may: the policies of endpoints, the role, the repository's policy; and what is there to be
 * pulled. https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html */
#include "base/arena.h"
#include "diagnose/configuration_parts.h"

/* What an endpoint is asked for. */
struct call {
	enum endpoint_kind endpoint;
	enum stage stage;
	const char *action;
};

static const struct call calls[] = {
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
static struct text resource_of(struct judge *judge, const struct call *call)
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

static json_t *statement_for(
	struct judge *judge, const struct call *call, struct text principal, struct text resource)
{
	struct text arn = resource.len ? resource : T("*");
	if (call->endpoint == ENDPOINT_S3)
		arn = text_format(
			judge->arena, "%.*s*", TEXT(text_head(resource, resource.len - 5)));
	json_t *actions = json_array();
	for (size_t i = 0; i < COUNT(calls); i++)
		if (calls[i].endpoint == call->endpoint)
			field_append(actions, json_string(calls[i].action));
	json_t *statement = json_pack("{s:s,s:o,s:s%}", "Effect", "Allow", "Action", actions,
		"Resource", arn.at, (int)arn.len);
	if (principal.len && call->endpoint != ENDPOINT_S3)
		json_object_set_new(statement, "Principal",
			json_pack("{s:s%}", "AWS", principal.at, (int)principal.len));
	else
		json_object_set_new(statement, "Principal", json_string("*"));
	return statement;
}

static struct text decided(struct judge *judge, const struct policy_answer *answer,
	struct text whose, const struct call *call)
{
	struct arena *arena = judge->arena;
	switch (answer->decision) {
	case POLICY_ALLOWED:
		return text_format(arena, "%.*s allows %s (%.*s)", TEXT(whose), call->action,
			TEXT(answer->name));
	case POLICY_DENIED:
		return text_format(arena, "%.*s denies %s (%.*s)", TEXT(whose), call->action,
			TEXT(answer->name));
	case POLICY_NOT_ALLOWED:
		return text_format(arena, "%.*s does not allow %s", TEXT(whose), call->action);
	default:
		return text_format(arena, "whether %.*s allows %s hangs on %.*s", TEXT(whose),
			call->action, TEXT(answer->doubt));
	}
}

static enum effect effect_of(enum policy_decision decision)
{
	return decision == POLICY_ALLOWED      ? EFFECT_PASSES
		: decision == POLICY_UNDECIDED ? EFFECT_UNDECIDED
					       : EFFECT_BLOCKS;
}

/* the policies of endpoints */

/* the endpoint through which the way leads, or NULL */
static const struct vpc_endpoint *endpoint_of(struct judge *judge, const struct way *way)
{
	const struct vpc_route_table *table = judge_table(judge, judge->subnet);
	const struct vpc_endpoint *endpoints = judge->configuration->endpoints.at;
	const struct vpc_route *routes = table ? table->routes.at : NULL;
	if (way->kind == WAY_INTERFACE)
		return way->through;
	for (size_t r = 0; table && r < table->routes.count; r++)
		for (size_t e = 0; e < judge->configuration->endpoints.count; e++)
			if (text_equal(routes[r].target, endpoints[e].id) &&
				judge_serves(way, &endpoints[e], T("Gateway")))
				return &endpoints[e];
	return NULL;
}

/* The layers are fetched with a role of AWS's own account, whoever pulls: the presigned URL holds
 * its signature. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
static struct policy_answer ask_endpoint(struct judge *judge, const struct vpc_endpoint *endpoint,
	const struct call *call, struct text resource)
{
	const struct vpc_subject *subject = &judge->configuration->subject;
	bool foreign = call->endpoint == ENDPOINT_S3;
	struct text account = policy_account(subject->role);
	/* without a role its account and ARN are not known, and not absent */
	bool named = foreign || subject->role.len;
	bool own = call->endpoint != ENDPOINT_API ||
		text_equal(judge->target->account, subject->account);
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
		{"aws:SourceVpc", judge->subnet->vpc, false},
		{"aws:SourceVpce", endpoint->id, false},
		{"aws:VpcSourceIp", judge->subnet->cidr, false},
		/* not there, by an endpoint and from no other service */
		{"aws:SourceIp", T(""), false},
		{"aws:SourceArn", T(""), false},
		{"aws:SourceAccount", T(""), false},
		{"aws:RequestedRegion", judge->target->region, false},
		{"aws:SecureTransport", T("true"), false},
	};
	struct policy_request request = {
		.principal = foreign ? T("") : subject->role,
		.foreign = foreign,
		.account = subject->account.len ? subject->account : account,
		.action = text_of(call->action),
		.resource = resource,
		.keys = keys,
		.key_count = COUNT(keys),
	};
	return policy_judge(judge->arena, endpoint->policy, &request);
}

static void judge_one_policy(
	struct judge *judge, const struct vpc_endpoint *endpoint, const struct call *call)
{
	struct arena *arena = judge->arena;
	struct text resource = resource_of(judge, call);
	struct text role = judge->configuration->subject.role;
	struct policy_answer answer = ask_endpoint(judge, endpoint, call, resource);
	struct text whose = text_format(
		arena, "the policy of VPC endpoint %.*s", TEXT(endpoint->id));
	struct link link = {.stage = call->stage,
		.what = "endpoint policy",
		.id = endpoint->id,
		.effect = effect_of(answer.decision),
		.cause = call->endpoint == ENDPOINT_S3 ? CAUSE_S3_ENDPOINT_POLICY
						       : CAUSE_AUTH_ENDPOINT_POLICY,
		.line = decided(judge, &answer, whose, call),
		.read = text_format(arena, "%.*s: %.*s", TEXT(endpoint->id),
			TEXT(answer.statement.len ? answer.statement
						  : text_head(endpoint->policy, 300)))};
	struct text policy = judge_with_statement(
		arena, endpoint->policy, statement_for(judge, call, role, resource));
	if (answer.decision == POLICY_NOT_ALLOWED)
		judge_fix(judge, &link,
			"aws ec2 modify-vpc-endpoint --vpc-endpoint-id %.*s --policy-document "
			"'%.*s'",
			TEXT(endpoint->id), TEXT(policy));
	else
		texts_add(arena, &link.fix,
			text_format(arena,
				"Remove %.*s of the policy of %.*s, or except this request from "
				"it.",
				TEXT(answer.name), TEXT(endpoint->id)));
	judge_add(judge, link);
}

void judge_endpoint_policy(struct judge *judge, const struct way *way)
{
	const struct vpc_endpoint *endpoint = endpoint_of(judge, way);
	if (!endpoint || !endpoint->policy.len || !judge->target->partition)
		return;
	for (size_t i = 0; i < COUNT(calls); i++)
		if (calls[i].endpoint == way->endpoint)
			judge_one_policy(judge, endpoint, &calls[i]);
}

/* the repository's policy, and the role's */

const struct vpc_repository *judge_repository_of(const struct judge *judge)
{
	return VPC_FIND(
		judge->configuration->repositories, vpc_repository, judge->target->repository);
}

static bool is_cross_account_pull(const struct judge *judge)
{
	struct text account = policy_account(judge->configuration->subject.role);
	return account.len && judge->target->account.len &&
		!text_equal(account, judge->target->account);
}

/* A repository's or the registry's policy sees through which endpoint the request comes. */
static struct policy_answer ask_repository(
	struct judge *judge, const struct call *call, const struct way *taken, struct text policy)
{
	struct text role = judge->configuration->subject.role;
	const struct vpc_endpoint *through = taken && taken->kind == WAY_INTERFACE ? taken->through
										   : NULL;
	bool is_public = taken && taken->kind == WAY_PUBLIC;
	const struct policy_key keys[] = {
		{role.len ? "aws:PrincipalArn" : "", role, false},
		{role.len ? "aws:PrincipalAccount" : "", policy_account(role), false},
		{"aws:PrincipalType", T("AssumedRole"), false},
		{"aws:PrincipalIsAWSService", T("false"), false},
		{"aws:ViaAWSService", T("false"), false},
		{"aws:SourceArn", T(""), false},
		{"aws:SourceAccount", T(""), false},
		{through || is_public ? "aws:SourceVpce" : "", through ? through->id : T(""),
			false},
		{through || is_public ? "aws:SourceVpc" : "", through ? judge->subnet->vpc : T(""),
			false},
		{through ? "aws:VpcSourceIp" : "", judge->subnet->cidr, false},
		{through ? "aws:SourceIp" : "", T(""), false},
		{"aws:SecureTransport", T("true"), false},
	};
	struct policy_request request = {.principal = role,
		.account = judge->configuration->subject.account,
		.action = text_of(call->action),
		.resource = judge_repository_arn(judge),
		.keys = keys,
		.key_count = COUNT(keys)};
	if (!policy.len)
		return (struct policy_answer){.decision = POLICY_NOT_ALLOWED};
	return policy_judge(judge->arena, policy, &request);
}

/* The registry's policy may deny what all others allow.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html */
static void judge_registry_policy(
	struct judge *judge, const struct call *call, const struct way *taken)
{
	struct arena *arena = judge->arena;
	struct text account = judge->target->account;
	struct text document = judge->configuration->registry_policy;
	struct policy_answer answer = ask_repository(judge, call, taken, document);
	if (!vpc_was_read(judge->configuration, VPC_REGISTRY_POLICY, account) ||
		answer.decision != POLICY_DENIED)
		return;
	struct link link = {.stage = call->stage,
		.what = "registry policy",
		.id = account,
		.effect = EFFECT_BLOCKS,
		.cause = CAUSE_REGISTRY_REPO_POLICY,
		.line = decided(judge, &answer,
			text_format(arena, "the policy of registry %.*s", TEXT(account)), call),
		.read = text_format(arena, "%.*s: %.*s", TEXT(account), TEXT(answer.statement))};
	texts_add(arena, &link.fix,
		text_format(arena,
			"Remove %.*s of the registry's policy: aws ecr "
			"put-registry-policy --policy-text file://policy.json",
			TEXT(answer.name)));
	judge_add(judge, link);
}

/* Within an account either policy is enough; between two the repository's must allow it as well. */
static void judge_repository_policy(
	struct judge *judge, const struct call *call, const struct policy_answer *answer)
{
	struct arena *arena = judge->arena;
	const struct target *target = judge->target;
	bool cross = is_cross_account_pull(judge);
	struct text role = judge->configuration->subject.role;
	struct text arn = judge_repository_arn(judge);
	const struct vpc_repository *repository = judge_repository_of(judge);
	struct text document = repository ? repository->policy : T("");
	if (!vpc_was_read(judge->configuration, VPC_REPOSITORY_POLICY, target->repository)) {
		judge_unread(judge, call->stage, "repository policy", arn, VPC_REPOSITORY_POLICY,
			target->repository);
		return;
	}
	if (!cross && answer->decision == POLICY_NOT_ALLOWED)
		return; /* the role's own policy decides */
	struct link link = {.stage = call->stage,
		.what = "repository policy",
		.id = arn,
		.effect = effect_of(answer->decision),
		.cause = CAUSE_REGISTRY_REPO_POLICY,
		.line = decided(judge, answer,
			text_format(
				arena, "the policy of repository %.*s", TEXT(target->repository)),
			call),
		.read = text_format(arena, "%.*s: %.*s", TEXT(target->repository),
			TEXT(answer->statement.len     ? answer->statement
					: document.len ? text_head(document, 300)
						       : T("no policy")))};
	json_t *statement = json_pack("{s:s,s:{s:s%},s:[s,s]}", "Effect", "Allow", "Principal",
		"AWS", role.len ? role.at : "", (int)role.len, "Action", "ecr:BatchGetImage",
		"ecr:GetDownloadUrlForLayer");
	struct text policy = judge_with_statement(arena, document, statement);
	if (answer->decision == POLICY_DENIED)
		texts_add(arena, &link.fix,
			text_format(arena, "Remove %.*s of that policy.", TEXT(answer->name)));
	else
		judge_fix(judge, &link,
			"aws ecr set-repository-policy --registry-id %.*s --repository-name %.*s "
			"--policy-text '%.*s'",
			TEXT(target->account), TEXT(target->repository), TEXT(policy));
	judge_add(judge, link);
}

const struct vpc_simulation *judge_simulation(const struct judge *judge, const char *action)
{
	const struct vpc_simulation *simulations = judge->configuration->simulations.at;
	for (size_t i = 0; i < judge->configuration->simulations.count; i++)
		if (text_same(simulations[i].action, text_of(action)))
			return &simulations[i];
	return NULL;
}

struct text judge_role_name(struct text arn)
{
	while (text_holds(arn, T("/")))
		text_cut(&arn, T("/"));
	return arn;
}

void judge_suggest_role(struct judge *judge, const struct vpc_simulation *simulation,
	const char *action, struct link *link)
{
	struct arena *arena = judge->arena;
	struct text role = judge_role_name(judge->configuration->subject.role);
	struct text sources = texts_joined(arena, simulation->sources);
	json_t *statement = json_pack("{s:s,s:s,s:s%}", "Effect", "Allow", "Action", action,
		"Resource", simulation->resource.len ? simulation->resource.at : "*",
		simulation->resource.len ? (int)simulation->resource.len : 1);
	struct text policy = judge_with_statement(arena, T(""), statement);
	if (text_same(simulation->decision, T("explicitDeny")))
		texts_add(arena, &link->fix,
			text_format(arena, "Remove the Deny of %s from policy %.*s of role %.*s.",
				action, TEXT(sources), TEXT(role)));
	else if (text_equal(simulation->boundary, T("false")))
		texts_add(arena, &link->fix,
			text_format(arena, "Allow %s in the permissions boundary of role %.*s.",
				action, TEXT(role)));
	else if (text_equal(simulation->organizations, T("false")))
		texts_add(arena, &link->fix,
			text_format(arena,
				"Allow %s in the organization's service control policies.",
				action));
	else
		texts_add(arena, &link->fix,
			text_format(arena,
				"aws iam put-role-policy --role-name %.*s --policy-name "
				"pullprobe-pull --policy-document '%.*s'",
				TEXT(role), TEXT(policy)));
}

/* SimulatePrincipalPolicy sees what the role has, its boundary, and the organization's policies;
 * not the repository's, which within the account may grant it to the role itself. */
static void judge_role(
	struct judge *judge, const struct call *call, const struct policy_answer *repository)
{
	struct arena *arena = judge->arena;
	struct text role = judge->configuration->subject.role;
	const struct vpc_simulation *simulation = judge_simulation(judge, call->action);
	if (!simulation) {
		judge_unread(judge, call->stage, "role", role, VPC_SIMULATIONS, role);
		return;
	}
	bool allowed = text_same(simulation->decision, T("allowed"));
	bool scp = text_equal(simulation->organizations, T("false"));
	bool denied = text_same(simulation->decision, T("explicitDeny"));
	bool bounded = text_equal(simulation->boundary, T("false"));
	bool granted = call->endpoint == ENDPOINT_DKR && !is_cross_account_pull(judge) && !scp &&
		!denied;
	enum effect effect = allowed ? EFFECT_PASSES : EFFECT_BLOCKS;
	if (!allowed && simulation->missing.count)
		effect = EFFECT_UNDECIDED;
	struct text name = judge->target->repository;
	if (!allowed && granted &&
		(!vpc_was_read(judge->configuration, VPC_REPOSITORIES, name) ||
			!vpc_was_read(judge->configuration, VPC_REPOSITORY_POLICY, name)))
		effect = EFFECT_UNREAD; /* it may grant it */
	if (!allowed && granted && repository->decision == POLICY_UNDECIDED)
		effect = EFFECT_UNDECIDED;
	if (!allowed && granted && repository->decision == POLICY_ALLOWED)
		effect = bounded				  ? EFFECT_UNDECIDED
			: text_holds(repository->statement, role) ? EFFECT_PASSES
								  : effect;
	struct text sources = texts_joined(arena, simulation->sources);
	struct link link = {.stage = call->stage,
		.what = "role",
		.id = role,
		.effect = effect,
		.cause = scp ? CAUSE_AUTH_SCP : CAUSE_AUTH_IAM_IDENTITY,
		.line = text_format(arena, "Role %.*s %s %s%s%.*s%s", TEXT(judge_role_name(role)),
			allowed		  ? "may call"
				: scp	  ? "may not call, by an organization's policy,"
				: bounded ? "may not call, by its permissions boundary,"
				: denied  ? "is denied"
					  : "may not call",
			call->action, sources.len ? " (policy " : "", TEXT(sources),
			sources.len ? ")" : ""),
		.read = text_format(arena, "%s on %.*s: %.*s", call->action,
			TEXT(simulation->resource), TEXT(simulation->decision))};
	judge_suggest_role(judge, simulation, call->action, &link);
	judge_add(judge, link);
}

void judge_access(struct judge *judge, const struct way *way, const struct way *taken)
{
	bool ecr = judge->target->kind == REGISTRY_ECR;
	if (!ecr && endpoint_is_of_pull(way->endpoint))
		return;
	for (size_t i = 0; i < COUNT(calls); i++) {
		const struct call *call = &calls[i];
		struct policy_answer answer = {.decision = POLICY_NOT_ALLOWED};
		if (call->endpoint != way->endpoint || call->endpoint == ENDPOINT_S3)
			continue;
		const struct vpc_repository *repository = judge_repository_of(judge);
		if (call->endpoint == ENDPOINT_DKR && repository) {
			answer = ask_repository(judge, call, taken, repository->policy);
			judge_repository_policy(judge, call, &answer);
		}
		if (call->endpoint == ENDPOINT_DKR)
			judge_registry_policy(judge, call, taken);
		judge_role(judge, call, &answer);
	}
}
