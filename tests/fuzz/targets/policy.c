/* A policy document: whatever stands in it, one more Deny of everything denies, and one more Allow
 * of everything takes nothing away. A report of `inspect` with it as an endpoint's policy is
 * judged. */
#include "diagnose/policy.h"
#include "fuzz.h"
#include <jansson.h>
#include <stdlib.h>

static const struct policy_key keys[] = {
	{"aws:SourceVpc", {"vpc-1", 5}, false},
	{"aws:PrincipalAccount", {"123456789012", 12}, false},
	{"aws:VpcSourceIp", {"10.0.0.1", 8}, false},
	{"aws:SourceIp", {"", 0}, false},
};

static struct text with(struct arena *arena, struct text document, const char *effect)
{
	json_t *policy = json_loadb(document.at, document.len, JSON_REJECT_DUPLICATES, NULL);
	json_t *statements = json_object_get(policy, "Statement");
	json_t *all = json_pack("{s:s,s:s,s:s,s:s}", "Effect", effect, "Principal", "*", "Action",
		"*", "Resource", "*");
	if (json_is_array(statements))
		json_array_append(statements, all);
	json_decref(all);
	char *dumped = json_is_array(statements) ? json_dumps(policy, 0) : NULL;
	struct text out = dumped ? text_keep(arena, text_of(dumped)) : T("");
	free(dumped);
	json_decref(policy);
	return out;
}

static void check(struct arena *arena, struct text document, const struct policy_request *request)
{
	struct policy_answer answer = policy_judge(arena, document, request);
	struct text more = with(arena, document, "Deny");
	must(answer.decision != POLICY_UNDECIDED || answer.doubt.len);
	if (!more.len)
		return;
	must(policy_judge(arena, more, request).decision == POLICY_DENIED);
	struct policy_answer allowed = policy_judge(arena, with(arena, document, "Allow"), request);
	must(allowed.decision != POLICY_NOT_ALLOWED);
	must(answer.decision != POLICY_DENIED || allowed.decision == POLICY_DENIED);
	must(answer.decision != POLICY_ALLOWED || allowed.decision == POLICY_ALLOWED);
}

void fuzz(struct arena *arena, struct text input)
{
	struct policy_request request = {
		.principal = T("arn:aws:iam::123456789012:role/pull"),
		.account = T("123456789012"),
		.action = T("ecr:BatchGetImage"),
		.resource = T("arn:aws:ecr:us-east-1:123456789012:repository/shop"),
		.keys = keys,
		.key_count = sizeof keys / sizeof *keys,
	};
	check(arena, input, &request);
	request.foreign = true;
	request.resource = T("");
	check(arena, input, &request);
	must(policy_matches(input, input, true));
	must(policy_matches(T("*"), input, false));
}
