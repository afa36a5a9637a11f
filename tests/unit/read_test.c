/* Paths and tables, over answers in XML and JSON. */
#include "check.h"
#include "cloud/services.h"
#include "model/json.h"

static void a_path_leads_through_lists_conditions_and_alternatives(void **state)
{
	static const struct {
		const char *path, *first;
	} cases[] = {
		{"a/b", "1"},
		{"a[k=y]/b", "2"},
		{"a[k=y]/c/d|a/b", "deep"},
		{"a[c/d=deep]/b", "2"},
		{"none|a/b", "1"},
		{"a[k=z]/b", ""},
		{"flag", "true"},
		{"number", "-7"},
		{"", ""},
	};
	struct arena arena = {0};
	struct text complaint;
	json_t *tree = json_read(T("{\"a\":[{\"k\":\"x\",\"b\":\"1\"},{\"k\":\"y\",\"b\":\"2\","
				   "\"c\":{\"d\":\"deep\"}}],\"flag\":true,\"number\":-7}"),
		1000, &complaint);
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_text(i, read_first(&arena, tree, cases[i].path), cases[i].first);
	json_decref(tree);
	arena_end(&arena);
}

static void lists_of_xml_are_arrays_and_an_empty_one_has_no_elements(void **state)
{
	struct arena arena = {0};
	struct text complaint;
	struct vpc_list groups = {0};
	json_t *tree = xml_read(
		T("<R><securityGroupInfo><item><groupId> sg-1 </groupId><ipPermissions><item>"
		  "<ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort>"
		  "<ipRanges><item><cidrIp>10.0.0.0/8</cidrIp></item></ipRanges><groups>"
		  "<item><groupId>sg-2</groupId></item></groups></item></ipPermissions>"
		  "<ipPermissionsEgress/></item></securityGroupInfo><nextToken/></R>"),
		10000, &complaint);
	const struct call_row *row = &ec2_calls[EC2_SECURITY_GROUPS];
	(void)state;
	read_list(&arena, tree, row->list, row->reads, &groups);
	assert_int_equal(groups.count, 1);
	const struct vpc_security_group *group = groups.at;
	const struct vpc_group_rule *rules = group->rules.at;
	check_text(0, group->id, "sg-1");
	assert_int_equal(group->rules.count, 2); /* one for each peer */
	check_text(0, rules[0].peer, "10.0.0.0/8");
	check_text(0, rules[1].peer, "sg-2");
	assert_int_equal(rules[1].to, 443);
	assert_false(rules[1].egress);
	check_text(0, read_first(&arena, tree, row->next), "");
	json_decref(tree);
	arena_end(&arena);
}

static void xml_that_is_not_whole_or_declares_a_type_is_refused(void **state)
{
	static const char *const documents[] = {"", "<a>", "<a></b>", "<!DOCTYPE a><a/>",
		"<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>"};
	struct text complaint;
	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++)
		assert_null(xml_read(text_of(documents[i]), 1000, &complaint));
	assert_null(xml_read(T("<a>long</a>"), 5, &complaint));
}

static void a_row_has_an_action_and_every_parameter_a_form(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; call_row_at(i); i++) {
		const struct call_row *row = call_row_at(i);
		assert_true(row->purpose && *row->purpose);
		assert_true(!row->next == !row->send_next);
		assert_true(text_holds(call_name(&arena, row), T(":")));
	}
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_leads_through_lists_conditions_and_alternatives),
		cmocka_unit_test(lists_of_xml_are_arrays_and_an_empty_one_has_no_elements),
		cmocka_unit_test(xml_that_is_not_whole_or_declares_a_type_is_refused),
		cmocka_unit_test(a_row_has_an_action_and_every_parameter_a_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
