/* IAM's sentence of a denied access: what was read in it, said again, is read again. */
#include "fuzz.h"

static const struct {
	struct text policy;
	const char *words;
} policies[] = {
	{{"identity", 8}, "identity-based policy"},
	{{"resource", 8}, "resource-based policy"},
	{{"endpoint", 8}, "VPC endpoint policy"},
	{{"scp", 3}, "service control policy"},
	{{"rcp", 3}, "resource control policy"},
	{{"boundary", 8}, "permissions boundary"},
	{{"session", 7}, "session policy"},
	{{"trust", 5}, "role trust policy"},
};

/* NULL where no policy is named; another name than these is a finding */
static const char *words_of(struct text policy)
{
	size_t i = 0;
	if (policy.len == 0)
		return NULL;
	while (i < sizeof policies / sizeof *policies && !text_equal(policies[i].policy, policy))
		i++;
	must_of(policy, i < sizeof policies / sizeof *policies);
	return policies[i].words;
}

static struct text reason(struct arena *arena, const struct denial *denial)
{
	const char *words = words_of(denial->policy);
	if (!words)
		return T("");
	if (denial->explicit_deny)
		return text_format(arena, " with an explicit deny in a %s%s%.*s", words,
			denial->policy_arn.len ? ": " : "", TEXT(denial->policy_arn));
	return text_format(arena, " because no %s allows the %.*s action%s%.*s", words,
		TEXT(denial->action), denial->policy_arn.len ? ": " : "", TEXT(denial->policy_arn));
}

static void check_retry(struct arena *arena, const struct denial *denial)
{
	struct denial retry;
	struct text why = reason(arena, denial);
	struct text sentence = text_format(arena,
		"User: %.*s is not authorized to perform: %.*s on resource: %.*s%.*s",
		TEXT(denial->principal), TEXT(denial->action), TEXT(denial->resource), TEXT(why));
	must_of(sentence, denial_parse(sentence, &retry));
	must_of(sentence, text_equal(retry.principal, denial->principal));
	must_of(sentence, text_equal(retry.action, denial->action));
	must_of(sentence, text_equal(retry.resource, denial->resource));
	must_of(sentence, text_equal(retry.policy, denial->policy));
	must_of(sentence, text_equal(retry.policy_arn, denial->policy_arn) || !why.len);
	must_of(sentence, retry.explicit_deny == denial->explicit_deny || !why.len);
}

/* what was found stands in the text */
static void check_inside(struct text whole, struct text piece)
{
	must(piece.len == 0 ||
		(piece.at >= whole.at && piece.at + piece.len <= whole.at + whole.len));
}

void fuzz(struct arena *arena, struct text input)
{
	struct denial denial;
	struct aws_error error = {T("AccessDeniedException"), input};
	fuzz_error(arena, 403, &error);
	if (!denial_parse(input, &denial))
		return;
	words_of(denial.policy);
	check_inside(input, denial.principal);
	check_inside(input, denial.action);
	check_inside(input, denial.resource);
	check_inside(input, denial.policy_arn);
	/* a sentence is put together by printf, which a NUL ends */
	if (!text_holds(input, T("\0")) && denial.principal.len && denial.action.len &&
		denial.resource.len)
		check_retry(arena, &denial);
}
