/* The configuration: what was read of it, and its JSON form. */
#include "check.h"
#include "model/vpc_json.h"

static void an_empty_list_means_nothing_only_where_it_was_read(void **state)
{
	struct arena arena = {0};
	struct vpc_configuration configuration = {0};
	struct text vpc = T("vpc-1");
	struct text other = T("vpc-2");
	(void)state;
	assert_false(vpc_was_read(&configuration, VPC_ENDPOINTS, vpc));
	vpc_called(&arena, &configuration, VPC_ENDPOINTS, (struct vpc_call){.about = vpc});
	assert_true(vpc_was_read(&configuration, VPC_ENDPOINTS, vpc));
	assert_false(vpc_was_read(&configuration, VPC_ENDPOINTS, other));
	assert_false(vpc_was_read(&configuration, VPC_SUBNETS, vpc));
	/* a later page that failed makes the whole unread */
	vpc_called(&arena, &configuration, VPC_ENDPOINTS,
		(struct vpc_call){.about = vpc, .error = T("UnauthorizedOperation")});
	assert_false(vpc_was_read(&configuration, VPC_ENDPOINTS, vpc));
	assert_non_null(vpc_unread(&configuration, VPC_ENDPOINTS, vpc));
	assert_null(vpc_unread(&configuration, VPC_ENDPOINTS, other));
	arena_end(&arena);
}

static void what_is_written_is_read_back(void **state)
{
	const char *json =
		"{\"registry_policy\":\"{}\",\"calls\":[{\"part\":\"endpoints\",\"about\":\"vpc-"
		"1\","
		"\"call\":\"ec2:DescribeVpcEndpoints\",\"action\":\"ec2:DescribeVpcEndpoints\","
		"\"error\":\"UnauthorizedOperation\",\"message\":\"no\"}],"
		"\"network_acls\":[{\"id\":\"acl-1\",\"vpc\":\"vpc-1\",\"is_default\":true,"
		"\"subnets\":[\"subnet-1\"],\"entries\":[{\"number\":100,\"egress\":true,"
		"\"action\":\"allow\",\"protocol\":\"6\",\"cidr\":\"0.0.0.0/0\",\"from\":null,"
		"\"to\":443}]}],\"subject\":{\"image\":\"i\",\"public_ip\":true,"
		"\"subnets\":[\"subnet-1\"]}}";
	struct arena arena = {0};
	struct vpc_configuration first = {0};
	struct vpc_configuration second = {0};
	struct json_reader reader = {.arena = &arena};
	(void)state;
	json_t *given = json_loads(json, 0, NULL);
	assert_true(vpc_read(&reader, given, &first));
	json_t *written = vpc_write(&arena, &first);
	assert_true(vpc_read(&reader, written, &second));
	const struct vpc_network_acl *acl = VPC_FIND(
		second.network_acls, vpc_network_acl, T("acl-1"));
	assert_non_null(acl);
	const struct vpc_acl_entry *entry = acl->entries.at;
	assert_int_equal(entry->from, -1);
	assert_int_equal(entry->to, 443);
	assert_true(second.subject.public_ip && entry->egress && acl->is_default);
	/* every key of the given is in the written, and the same */
	const char *key;
	json_t *value;
	json_t *row = json_array_get(json_object_get(written, "calls"), 0);
	json_object_foreach (json_array_get(json_object_get(given, "calls"), 0), key, value)
		assert_true(json_equal(value, json_object_get(row, key)));
	assert_true(json_equal(
		json_object_get(given, "network_acls"), json_object_get(written, "network_acls")));
	json_decref(given);
	json_decref(written);
	arena_end(&arena);
}

static void an_empty_configuration_is_an_empty_object(void **state)
{
	struct arena arena = {0};
	struct vpc_configuration configuration = {0};
	(void)state;
	json_t *object = vpc_write(&arena, &configuration);
	assert_int_equal(json_object_size(object), 0);
	json_decref(object);
	arena_end(&arena);
}

static void what_is_of_the_wrong_kind_is_named(void **state)
{
	static const struct {
		const char *json, *complaint;
	} cases[] = {
		{"{\"subnets\":{}}", "configuration.subnets should be a list"},
		{"{\"subnets\":[1]}", "configuration.subnets should be a list of objects"},
		{"{\"subnets\":[{\"id\":1}]}", "configuration.id should be a text"},
		{"{\"network_acls\":[{\"entries\":[{\"number\":true}]}]}",
			"configuration.number should be a whole number"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena arena = {0};
		struct vpc_configuration configuration = {0};
		struct json_reader reader = {.arena = &arena};
		json_t *object = json_loads(cases[i].json, 0, NULL);
		assert_false(vpc_read(&reader, object, &configuration));
		assert_true(text_equal(reader.complaint, text_of(cases[i].complaint)));
		json_decref(object);
		arena_end(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_list_means_nothing_only_where_it_was_read),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(an_empty_configuration_is_an_empty_object),
		cmocka_unit_test(what_is_of_the_wrong_kind_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
