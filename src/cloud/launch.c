/* What is around the probes: what was made and what of it is left, the functions' role, and what
 * earlier runs left. */
#include "cloud/launch_parts.h"
#include <string.h>
#include <unistd.h>

#define CLOSE_US (SECOND_US * 120) /* to remove what was made */
#define ROLE_PATH "/pullprobe/"
#define POLICY_NAME "pullprobe"
#define CLEAN_LINE "pullprobe launch --clean"

void launch_begin(struct launch *launch)
{
	/* also those of what is removed: a URL that is wrong ends the program before anything is
	 * made
	 */
	const struct call_row *const needed[] = {&lambda_calls[LAMBDA_CREATE],
		&logs_calls[LOGS_DELETE_GROUP], &iam_calls[IAM_CREATE_ROLE],
		&ec2_calls[EC2_INTERFACES], &tagging_resources};
	struct cloud *cloud = launch->cloud;
	struct calls calls = {0};
	for (size_t i = 0; i < COUNT(needed); i++)
		calls_add(cloud, &calls, needed[i]);
	places_find(cloud, &calls);
	launch->run = text_format(cloud->arena, "%llx%04x", (unsigned long long)clock_unix(),
		(unsigned)getpid() & 0xffff);
	launch->began_us = clock_us();
	launch->until_us = launch->began_us + launch->wait_us;
	launch_open(launch);
}

/* what was made ---------------------------------------------------------------------------------
 */

struct made *launch_made(struct launch *launch, struct text kind, struct text id)
{
	struct made *made = vpc_add(launch->cloud->arena, &launch->made, sizeof *made);
	*made = (struct made){.kind = kind, .id = id};
	return made;
}

void launch_removed(struct launch *launch, size_t index, bool removed, const struct call *call)
{
	struct made *made = (struct made *)launch->made.at + index;
	made->removed = removed;
	made->left = removed ? T("") : launch_blame(launch, call);
}

/* what is left to do without the permission */
static struct text without(const struct call *call)
{
	if (call->row->service == SERVICE_IAM)
		return T("; with --lambda-role ARN no role has to be made");
	return call->row == &lambda_calls[LAMBDA_CREATE] ||
			call->row == &lambda_calls[LAMBDA_INVOKE]
		? T("; pullprobe inspect needs read permissions alone")
		: T("");
}

struct text launch_blame(const struct launch *launch, const struct call *call)
{
	struct arena *arena = launch->cloud->arena;
	struct text name = call_name(arena, call->row);
	struct text line = text_format(arena, "%.*s: %.*s%s%.*s", TEXT(name),
		TEXT(call->error.code), call->error.message.len ? ": " : "",
		TEXT(call->error.message));
	struct denial denial;
	if (call->symptom != SYMPTOM_DENIED)
		return line;
	struct text action = call_action(arena, call->row);
	if (denial_parse(call->error.message, &denial) && denial.action.len)
		action = denial.action;
	return text_format(arena, "%.*s; it needs the permission %.*s%.*s", TEXT(line),
		TEXT(action), TEXT(without(call)));
}

struct text launch_ended(const struct launch *launch, struct text when)
{
	return text_format(launch->cloud->arena, "%s %.*s",
		launch->stopped ? "interrupted" : "the time was up (--wait)", TEXT(when));
}

void launch_open(struct launch *launch)
{
	launch->closing = false;
	launch->end = T("");
	launch->cloud->end_us = launch->until_us;
	/* what a call made that was not heard to its end would not be known */
	launch->cloud->net->finishes = true;
}

void launch_close(struct launch *launch)
{
	launch->closing = true;
	launch->cloud->net->finishes = false; /* another signal ends all */
	launch->stopped |= interrupted != 0;
	interrupted = 0;
	launch->cloud->end_us = clock_us() + CLOSE_US;
}

/* Side by side. The first signal asks for what is going on already: a call that it ended is made
 * again. Another one ends all. */
static void run_removing(struct launch *launch, struct calls *calls)
{
	if (calls->count)
		calls_run(launch->cloud, calls);
	if (!interrupted || launch->stopped)
		return;
	launch_close(launch);
	for (size_t i = 0; i < calls->count; i++) {
		struct call *call = &calls->at[i];
		if (call->symptom != SYMPTOM_DEADLINE)
			continue;
		struct call again = {.row = call->row, .into = call->into};
		memcpy(again.values, call->values, sizeof again.values);
		*call = again;
	}
	calls_run(launch->cloud, calls);
}

static bool call_removing(struct launch *launch, struct call *call)
{
	struct calls calls = {.at = call, .count = 1};
	run_removing(launch, &calls);
	return call->symptom == SYMPTOM_NONE && !call->absent;
}

/* what removes a kind of thing, by its name; but a role, whose policy goes first */
static const struct removal {
	const char *kind;
	const struct call_row *row;
	const char *mark; /* in an ARN, of what has a tag: the name follows */
} removals[] = {
	{"function", &lambda_calls[LAMBDA_DELETE], ":function:"},
	{"task", &ecs_calls[ECS_STOP], ":task/"},
	{"task-definition", &ecs_calls[ECS_DEREGISTER], ":task-definition/"},
	{"log-group", &logs_calls[LOGS_DELETE_GROUP], NULL},
	{"repository", &ecr_push_calls[ECR_DELETE_REPOSITORY], NULL},
};

/* the second parameter: a task's cluster, "arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID"; and that
 * images go with their repository */
static struct text second_of(const struct removal *removal, struct text id)
{
	if (removal->row == &ecr_push_calls[ECR_DELETE_REPOSITORY])
		return T("true");
	if (removal->row != &ecs_calls[ECS_STOP])
		return T("");
	text_cut(&id, T("/"));
	struct text cluster = text_cut(&id, T("/"));
	return id.len ? cluster : T(""); /* an old ARN has none: the default one's */
}

/* Removes things of one kind. `made` says of each what became of it; but not of what an earlier run
 * removed, and ECS still knows. */
static void remove_all(struct launch *launch, const struct removal *removal, struct texts ids)
{
	struct calls calls = {0};
	struct text kind = text_of(removal->kind);
	for (size_t i = 0; i < ids.count; i++)
		*calls_add(launch->cloud, &calls, removal->row) = call_of(launch->cloud,
			removal->row, NULL, ids.at[i], second_of(removal, ids.at[i]), T(""));
	run_removing(launch, &calls);
	for (size_t i = 0; i < ids.count; i++) {
		const struct call *call = &calls.at[i];
		bool gone = removal->row->service == SERVICE_ECS && call->exchange.status == 400 &&
			call->symptom == SYMPTOM_STATUS;
		struct made *made = launch->made.at;
		size_t at = 0;
		while (at < launch->made.count &&
			!(text_equal(made[at].kind, kind) && text_equal(made[at].id, ids.at[i])))
			at++;
		if (at == launch->made.count && gone)
			continue;
		if (at == launch->made.count)
			launch_made(launch, kind, ids.at[i]);
		launch_removed(launch, at, gone || call->symptom == SYMPTOM_NONE, call);
	}
}

void launch_remove(struct launch *launch, struct text kind)
{
	struct texts ids = {0};
	const struct made *made = launch->made.at;
	for (size_t i = 0; i < launch->made.count; i++)
		if (text_equal(made[i].kind, kind) && !made[i].removed)
			texts_add(launch->cloud->arena, &ids, made[i].id);
	for (size_t i = 0; i < COUNT(removals); i++)
		if (text_equal(text_of(removals[i].kind), kind))
			remove_all(launch, &removals[i], ids);
}

/* the role --------------------------------------------------------------------------------------
 */

/* What Lambda needs to put a function into a subnet, and what a pull needs. No logs: so Lambda
 * makes no log group. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
static const char role_policy[] =
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":["
	"\"ec2:CreateNetworkInterface\",\"ec2:DescribeNetworkInterfaces\",\"ec2:DescribeSubnets\","
	"\"ec2:DeleteNetworkInterface\",\"ec2:AssignPrivateIpAddresses\","
	"\"ec2:UnassignPrivateIpAddresses\",\"ecr:GetAuthorizationToken\",\"ecr:BatchGetImage\","
	"\"ecr:GetDownloadUrlForLayer\",\"ecr:BatchCheckLayerAvailability\"],"
	"\"Resource\":\"*\"}]}";

static const char role_trust[] =
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
	"\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";

/* a call about a role or its policy */
static bool call_role(struct launch *launch, struct call *call, struct text role, bool policy)
{
	struct arena *arena = launch->cloud->arena;
	call->values[0] = one_text(arena, role);
	if (policy)
		call->values[1] = one_text(arena, T(POLICY_NAME));
	return launch->closing ? call_removing(launch, call) : call_run(launch->cloud, call);
}

bool launch_make_role(struct launch *launch)
{
	struct arena *arena = launch->cloud->arena;
	struct text name = text_format(arena, "pullprobe-%.*s", TEXT(launch->run));
	struct names arns = {0};
	struct call call = {.row = &iam_calls[IAM_CREATE_ROLE], .into = &arns};
	struct call policy = {.row = &iam_calls[IAM_PUT_POLICY]};
	launch->role = launch->lambda_role;
	if (launch->role.len)
		return true;
	call.values[1] = one_text(arena, T(ROLE_PATH));
	call.values[2] = one_text(arena, text_of(role_trust));
	call.values[3] = one_text(arena, launch->run);
	policy.values[2] = one_text(arena, text_of(role_policy));
	bool made = call_role(launch, &call, name, false);
	/* where no answer came it may have been made */
	if (made || call.symptom != SYMPTOM_DENIED)
		launch_made(launch, T("role"), name);
	launch->role = arns.names.count
		? arns.names.at[0]
		: text_format(arena, "arn:%.*s:iam::%.*s:role" ROLE_PATH "%.*s",
			  TEXT(launch->cloud->partition->name), TEXT(launch->account), TEXT(name));
	if (!made)
		launch->end = launch_blame(launch, &call);
	else if (!call_role(launch, &policy, name, true))
		launch->end = launch_blame(launch, &policy);
	return launch->end.len == 0;
}

/* Whether Lambda still has network interfaces of a run; it removes them with the functions' role.
 * Empty: none. */
static struct text interfaces_of(struct launch *launch, struct text run)
{
	struct arena *arena = launch->cloud->arena;
	struct vpc_list list = {0};
	struct texts ids = {0};
	struct call call = {.row = &ec2_calls[EC2_INTERFACES], .into = &list};
	call.values[1] = one_text(
		arena, text_format(arena, "AWS Lambda VPC ENI-pullprobe-%.*s-*", TEXT(run)));
	if (!call_removing(launch, &call))
		return launch_blame(launch, &call);
	for (size_t i = 0; i < list.count; i++)
		texts_add(arena, &ids, ((const struct vpc_interface *)list.at)[i].id);
	return ids.count ? text_format(arena,
				   "Lambda needs it to remove %.*s, which takes up to 20 minutes; "
				   "then run " CLEAN_LINE,
				   TEXT(texts_joined(arena, ids)))
			 : T("");
}

static void remove_role(struct launch *launch, struct made *made, struct text run)
{
	struct call policy = {.row = &iam_calls[IAM_DELETE_POLICY]};
	struct call role = {.row = &iam_calls[IAM_DELETE_ROLE]};
	struct text id = made->id;
	if (!launch->cloud->dry_run)
		made->left = interfaces_of(launch, run);
	if (made->left.len)
		return;
	call_role(launch, &policy, id, true);
	call_role(launch, &role, id, false);
	made->removed = policy.symptom == SYMPTOM_NONE && role.symptom == SYMPTOM_NONE;
	if (!made->removed)
		made->left = launch_blame(launch, policy.symptom == SYMPTOM_NONE ? &role : &policy);
}

void launch_remove_role(struct launch *launch)
{
	struct made *made = launch->made.at;
	launch_close(launch);
	for (size_t i = 0; i < launch->made.count; i++)
		if (text_equal(made[i].kind, T("role")))
			remove_role(launch, &made[i], launch->run);
}

/* what earlier runs left ------------------------------------------------------------------------
 */

/* Lists what one call finds, of names that begin like ours. */
static bool find(
	struct launch *launch, const struct call_row *row, const char *first, struct names *found)
{
	struct call call = {.row = row, .into = found};
	call.values[0] = one_text(launch->cloud->arena, text_of(first));
	if (call_run(launch->cloud, &call))
		return true;
	launch->end = launch_blame(launch, &call);
	return false;
}

/* Removes what those ARNs name of a kind; a task's name is the ARN itself. */
static void remove_tagged(
	struct launch *launch, const struct removal *removal, const struct names *arns)
{
	struct texts names = {0};
	struct text mark = text_of(removal->mark);
	for (size_t i = 0; i < arns->names.count && removal->mark; i++) {
		struct text arn = arns->names.at[i];
		size_t at = text_find(arn, mark);
		if (at < arn.len)
			texts_add(launch->cloud->arena, &names,
				removal->row == &ecs_calls[ECS_STOP]
					? arn
					: text_skip(arn, at + mark.len));
	}
	remove_all(launch, removal, names);
}

bool launch_clean(struct launch *launch)
{
	struct names tagged = {0};
	struct names logs = {0};
	struct names roles = {0};
	bool whole = find(launch, &tagging_resources, CLOUD_TAG, &tagged);
	whole &= find(launch, &logs_calls[LOGS_GROUPS], "/aws/lambda/pullprobe-", &logs);
	for (size_t i = 0; i < COUNT(removals); i++)
		remove_tagged(launch, &removals[i], &tagged);
	for (size_t i = 0; i < logs.names.count; i++)
		launch_made(launch, T("log-group"), logs.names.at[i]);
	launch_remove(launch, T("log-group"));
	whole &= find(launch, &iam_calls[IAM_ROLES], ROLE_PATH, &roles);
	for (size_t i = 0; i < roles.names.count; i++)
		if (text_starts(roles.names.at[i], T("pullprobe-")))
			remove_role(launch, launch_made(launch, T("role"), roles.names.at[i]),
				text_skip(roles.names.at[i], sizeof "pullprobe-" - 1));
	const struct made *made = launch->made.at;
	for (size_t i = 0; i < launch->made.count; i++)
		whole &= made[i].removed;
	return whole;
}
