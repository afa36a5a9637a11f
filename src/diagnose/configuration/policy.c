/* The policy evaluator. Every question has three answers, and what is not known stays so. */
#include "diagnose/policy.h"
#include "model/json.h"
#include <ctype.h>
#include <stdlib.h>

enum { DOCUMENT_BYTES_MAX = 128 * 1024, SHOWN_BYTES_MAX = 300 };

static bool is_alike(char a, char b, bool same)
{
	return a == b || (same && tolower((unsigned char)a) == tolower((unsigned char)b));
}

bool policy_matches(struct text pattern, struct text value, bool same)
{
	size_t p = 0;
	size_t v = 0;
	size_t star = pattern.len; /* the last '*' met, and what it has taken so far */
	size_t taken = 0;
	while (v < value.len) {
		if (p < pattern.len && pattern.at[p] == '*') {
			star = p++;
			taken = v;
		} else if (p < pattern.len &&
			(pattern.at[p] == '?' || is_alike(pattern.at[p], value.at[v], same))) {
			p++;
			v++;
		} else if (star < pattern.len) {
			p = star + 1;
			v = ++taken;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.at[p] == '*')
		p++;
	return p == pattern.len;
}

static enum answer yes_if(bool so)
{
	return so ? ANSWER_YES : ANSWER_NO;
}

static enum answer not(enum answer answer) {
	return answer == ANSWER_UNKNOWN ? answer : yes_if(answer == ANSWER_NO);
}

static enum answer either(enum answer a, enum answer b)
{
	return a == ANSWER_YES || b == ANSWER_YES ? ANSWER_YES : a == b ? a : ANSWER_UNKNOWN;
}

static enum answer both(enum answer a, enum answer b)
{
	return not(either(not(a), not(b)));
}

/* what a question makes of each text of a value, which may be a list */
struct question {
	const struct policy_request *request;
	const struct policy_key *key;
	const struct operator* operator;
};
typedef enum answer asking(const struct question *question, struct text t);

static struct text string_of(const json_t *value)
{
	return (struct text){json_string_value(value), json_string_length(value)};
}

static enum answer any(const json_t *value, asking *ask, const struct question *question)
{
	enum answer answer = ANSWER_NO;
	if (json_is_string(value))
		return ask(question, string_of(value));
	if (json_is_boolean(value))
		return ask(question, json_is_true(value) ? T("true") : T("false"));
	if (!json_is_array(value))
		return ANSWER_UNKNOWN;
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *element = json_array_get(value, i);
		answer = either(answer,
			json_is_array(element) ? ANSWER_UNKNOWN : any(element, ask, question));
	}
	return answer;
}

/* who asks, and for what */

struct text policy_account(struct text arn)
{
	for (int i = 0; i < 4; i++)
		text_cut(&arn, T(":"));
	return text_cut(&arn, T(":"));
}

static bool is_account(struct text t)
{
	return t.len == 12 && text_only(t, T("0123456789"));
}

/* An account stands for its root, whose permissions its roles may have; a session of the role is
 * one of many, and an id ("AROA...") tells no name. */
static enum answer is_principal(const struct question *question, struct text t)
{
	const struct policy_request *request = question->request;
	struct text account = is_account(t) ? t : policy_account(t);
	if (text_equal(t, T("*")))
		return ANSWER_YES;
	if (request->foreign)
		return is_account(account) && text_equal(account, request->account)
			? ANSWER_NO
			: ANSWER_UNKNOWN;
	if (!request->principal.len || !account.len)
		return ANSWER_UNKNOWN;
	if (!text_equal(account, policy_account(request->principal)))
		return ANSWER_NO;
	if (is_account(t) || text_ends(t, T(":root")) || text_equal(t, request->principal))
		return ANSWER_YES;
	return text_holds(t, T(":assumed-role/")) ? ANSWER_UNKNOWN : ANSWER_NO;
}

/* An account among those that a Deny excepts excepts none of its roles:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html */
static enum answer is_exception(const struct question *question, struct text t)
{
	bool whole = is_account(t) || text_ends(t, T(":root"));
	return whole && question->request->principal.len ? ANSWER_NO : is_principal(question, t);
}

static enum answer principal_fits(const json_t *statement, const struct question *question)
{
	const json_t *principal = json_object_get(statement, "Principal");
	const json_t *aws = json_object_get(principal, "AWS");
	const json_t *others = json_object_get(statement, "NotPrincipal");
	/* all but these; of one of these a session of its own would have to be among them, too */
	if (json_object_get(others, "AWS") && !question->request->foreign)
		return any(json_object_get(others, "AWS"), is_exception, question) == ANSWER_NO
			? ANSWER_YES
			: ANSWER_UNKNOWN;
	if (others)
		return ANSWER_UNKNOWN;
	if (!principal || json_is_string(principal))
		return principal ? is_principal(question, string_of(principal)) : ANSWER_YES;
	if (!aws)
		return question->request->foreign ? ANSWER_UNKNOWN : ANSWER_NO;
	return any(aws, is_principal, question);
}

static enum answer is_action(const struct question *question, struct text t)
{
	return yes_if(policy_matches(t, question->request->action, true));
}

static enum answer is_resource(const struct question *question, struct text t)
{
	if (text_equal(t, T("*")))
		return ANSWER_YES;
	if (!question->request->resource.len || text_holds(t, T("${")))
		return ANSWER_UNKNOWN;
	return yes_if(policy_matches(t, question->request->resource, false));
}

/* an element, or its contrary; a resource policy of ECR has no Resource at all */
static enum answer element_fits(const json_t *statement, const char *name, const char *contrary,
	asking *ask, const struct question *question)
{
	const json_t *value = json_object_get(statement, name);
	const json_t *not_value = json_object_get(statement, contrary);
	if (value && not_value)
		return ANSWER_UNKNOWN;
	if (not_value)
		return not(any(not_value, ask, question));
	return value ? any(value, ask, question) : ANSWER_YES;
}

/* conditions:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

enum comparison_kind { EQUAL, LIKE, ARN, ADDRESS };

struct operator
{
	const char *name;
	enum comparison_kind kind;
	bool same;    /* the case of letters does not count */
	bool negated; /* holds where no value does, and where the key is not there */
};

static const struct operator operators[] = {
	{"StringEquals", EQUAL, false, false},
	{"StringNotEquals", EQUAL, false, true},
	{"StringEqualsIgnoreCase", EQUAL, true, false},
	{"StringNotEqualsIgnoreCase", EQUAL, true, true},
	{"StringLike", LIKE, false, false},
	{"StringNotLike", LIKE, false, true},
	{"ArnEquals", ARN, false, false},
	{"ArnNotEquals", ARN, false, true},
	{"ArnLike", ARN, false, false},
	{"ArnNotLike", ARN, false, true},
	{"Bool", EQUAL, true, false},
	{"IpAddress", ADDRESS, false, false},
	{"NotIpAddress", ADDRESS, false, true},
};

static size_t colons(struct text t)
{
	size_t count = 0;
	for (size_t i = 0; i < t.len; i++)
		count += t.at[i] == ':';
	return count;
}

static enum answer in_network(struct text range, struct text value)
{
	struct network network;
	struct network own;
	struct address address;
	if (address_parse(range, &network.address))
		network.bits = network.address.family == 6 ? 128 : 32;
	else if (!network_parse(range, &network))
		return ANSWER_UNKNOWN;
	if (address_parse(value, &address))
		return yes_if(address_within(&address, &network));
	if (!network_parse(value, &own)) /* any address of a subnet */
		return ANSWER_UNKNOWN;
	if (address_within(&own.address, &network) && own.bits >= network.bits)
		return ANSWER_YES;
	return address_within(&network.address, &own) ? ANSWER_UNKNOWN : ANSWER_NO;
}

/* A foreign value is some account, organization or role of AWS's, none that the customer has. */
static enum answer value_fits(const struct question *question, struct text t)
{
	const struct policy_key *key = question->key;
	const struct operator* operator= question->operator;
	bool wild = operator->kind == LIKE || operator->kind == ARN;
	if (text_holds(t, T("${")))
		return ANSWER_UNKNOWN;
	if (key->foreign && wild && text_only(t, T("*")))
		return ANSWER_YES;
	if (key->foreign)
		return text_holds(t, question->request->account) || text_starts(t, T("o-"))
			? ANSWER_NO
			: ANSWER_UNKNOWN;
	if (operator->kind == ADDRESS)
		return in_network(t, key->value);
	/* the six parts of an ARN are compared one by one: '*' in the place of several is not told
	 */
	if (operator->kind == ARN &&(colons(t) < 5 || colons(key->value) < 5))
		return ANSWER_UNKNOWN;
	if (wild)
		return yes_if(policy_matches(t, key->value, operator->same));
	return yes_if(operator->same ? text_same(t, key->value) : text_equal(t, key->value));
}

static const struct policy_key *find_key(const struct policy_request *request, struct text name)
{
	for (size_t i = 0; i < request->key_count; i++)
		if (text_same(text_of(request->keys[i].name), name))
			return &request->keys[i];
	return NULL;
}

static enum answer is_missing(const struct policy_key *key, const json_t *value)
{
	struct text wanted = json_is_boolean(value) ? (json_is_true(value) ? T("true") : T("false"))
						    : string_of(value);
	if (!key || (!text_same(wanted, T("true")) && !text_same(wanted, T("false"))))
		return ANSWER_UNKNOWN;
	bool missing = !key->foreign && !key->value.len;
	return yes_if(missing == text_same(wanted, T("true")));
}

static enum answer key_fits(struct text name, const json_t *value, struct question question)
{
	bool if_exists = text_ends(name, T("IfExists"));
	bool of_all = text_starts(name, T("ForAllValues:"));
	bool of_any = text_starts(name, T("ForAnyValue:"));
	const struct policy_key *key = question.key;
	name = if_exists ? text_head(name, name.len - 8) : name;
	if (of_all || of_any) /* the keys that are known have one value */
		text_cut(&name, T(":"));
	if (text_equal(name, T("Null")))
		return is_missing(key, value);
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (text_equal(text_of(operators[i].name), name))
			question.operator= & operators[i];
	if (!key || !question.operator)
		return ANSWER_UNKNOWN;
	if (!key->foreign && !key->value.len)
		return yes_if(if_exists || of_all || (question.operator->negated && !of_any));
	enum answer fits = any(value, value_fits, &question);
	return question.operator->negated ? not(fits) : fits;
}

static enum answer conditions_fit(
	const json_t *statement, struct question question, struct text *doubt)
{
	enum answer all = ANSWER_YES;
	const json_t *conditions = json_object_get(statement, "Condition");
	const json_t *keys;
	const json_t *value;
	const char *name;
	const char *key;
	if (conditions && !json_is_object(conditions))
		return ANSWER_UNKNOWN;
	json_object_foreach ((json_t *)conditions, name, keys) {
		json_object_foreach ((json_t *)keys, key, value) {
			question.key = find_key(question.request, text_of(key));
			enum answer fits = key_fits(text_of(name), value, question);
			if (fits == ANSWER_UNKNOWN)
				*doubt = text_of(key);
			all = both(all, fits);
		}
		if (!json_is_object(keys))
			all = both(all, ANSWER_UNKNOWN);
	}
	return all;
}

/* statements */

static enum answer statement_fits(
	const json_t *statement, const struct policy_request *request, struct text *doubt)
{
	struct question question = {.request = request};
	enum answer asked = both(
		element_fits(statement, "Action", "NotAction", is_action, &question),
		element_fits(statement, "Resource", "NotResource", is_resource, &question));
	enum answer principal = principal_fits(statement, &question);
	if (!json_object_get(statement, "Action") && !json_object_get(statement, "NotAction"))
		asked = ANSWER_UNKNOWN;
	*doubt = principal == ANSWER_UNKNOWN ? T("Principal") : T("Resource");
	return both(both(asked, principal), conditions_fit(statement, question, doubt));
}

static void show(
	struct arena *arena, const json_t *statement, size_t index, struct policy_answer *answer)
{
	struct text sid = json_text(arena, statement, "Sid");
	char *dumped = json_dumps(statement, JSON_COMPACT);
	struct text whole = text_of(dumped);
	bool fits = whole.len <= SHOWN_BYTES_MAX;
	answer->statement = text_format(
		arena, "%.*s%s", TEXT(text_head(whole, SHOWN_BYTES_MAX)), fits ? "" : "...");
	answer->name = sid.len && sid.len < 100
		? text_format(arena, "statement \"%.*s\"", TEXT(sid))
		: text_format(arena, "statement %zu", index + 1);
	free(dumped);
}

/* A Deny that holds wins; one that may hold leaves doubt, but only of what is allowed. */
static struct policy_answer judge_statements(
	struct arena *arena, const json_t *statements, const struct policy_request *request)
{
	struct policy_answer allow = {
		.decision = request->granted ? POLICY_ALLOWED : POLICY_NOT_ALLOWED};
	struct policy_answer doubt = {.decision = POLICY_NOT_ALLOWED};
	for (size_t i = 0; i < json_array_size(statements); i++) {
		const json_t *statement = json_array_get(statements, i);
		struct text effect = json_text(arena, statement, "Effect");
		struct text why = {0};
		enum answer fits = statement_fits(statement, request, &why);
		bool denies = text_equal(effect, T("Deny"));
		if (!denies && !text_equal(effect, T("Allow")))
			fits = ANSWER_UNKNOWN;
		struct policy_answer answer = {.doubt = text_keep(arena, why)};
		if (fits == ANSWER_NO)
			continue;
		show(arena, statement, i, &answer);
		answer.decision = fits == ANSWER_UNKNOWN ? POLICY_UNDECIDED
			: denies			 ? POLICY_DENIED
							 : POLICY_ALLOWED;
		if (answer.decision == POLICY_DENIED)
			return answer;
		if (answer.decision == POLICY_ALLOWED && allow.decision != POLICY_ALLOWED)
			allow = answer;
		/* of what might allow it besides an Allow nothing hangs */
		if (answer.decision == POLICY_UNDECIDED && denies)
			doubt = answer;
		if (answer.decision == POLICY_UNDECIDED && !denies &&
			allow.decision == POLICY_NOT_ALLOWED)
			allow = answer;
	}
	bool hangs = allow.decision == POLICY_ALLOWED && doubt.decision == POLICY_UNDECIDED;
	return hangs ? doubt : allow;
}

struct policy_answer policy_judge(
	struct arena *arena, struct text document, const struct policy_request *request)
{
	struct text complaint = {0};
	json_t *policy = json_read(document, DOCUMENT_BYTES_MAX, &complaint);
	const json_t *statements = json_object_get(policy, "Statement");
	struct policy_answer answer = {.decision = POLICY_UNDECIDED, .doubt = T("the document")};
	if (json_is_object(statements)) {
		json_t *one = json_pack("[O]", statements);
		answer = judge_statements(arena, one, request);
		json_decref(one);
	} else if (json_is_array(statements)) {
		answer = judge_statements(arena, statements, request);
	}
	json_decref(policy);
	return answer;
}
