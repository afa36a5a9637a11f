/* Addresses and networks. */
#include "base/address.h"
#include "check.h"
#include <string.h>

static void addresses_are_read_with_and_without_a_port(void **state)
{
	static const struct {
		const char *text;
		const char *bare; /* NULL when it is none */
		const char *peer;
	} cases[] = {
		{"10.0.0.1", "10.0.0.1", "10.0.0.1:0"},
		{"10.0.0.1:53", "10.0.0.1", "10.0.0.1:53"},
		{"fd00::1", "fd00::1", "[fd00::1]:0"},
		{"FD00:0::1", "fd00::1", "[fd00::1]:0"},
		{"[fd00::1]", "fd00::1", "[fd00::1]:0"},
		{"[fd00::1]:53", "fd00::1", "[fd00::1]:53"},
		{"::ffff:1.2.3.4", "::ffff:1.2.3.4", "[::ffff:1.2.3.4]:0"},
		{"", NULL, NULL},
		{"10.0.0", NULL, NULL},
		{"10.0.0.256", NULL, NULL},
		{"10.0.0.1:", NULL, NULL},
		{"10.0.0.1:0", NULL, NULL},
		{"10.0.0.1:65536", NULL, NULL},
		{"10.0.0.1:-1", NULL, NULL},
		{"10.0.0.1 ", NULL, NULL},
		{"[fd00::1", NULL, NULL},
		{"[fd00::1]x", NULL, NULL},
		{"[fd00::1]:", NULL, NULL},
		{"[]:53", NULL, NULL},
		{":53", NULL, NULL},
		{"fe80::1%eth0", NULL, NULL},
		{"localhost", NULL, NULL},
		{"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", NULL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct address address;
		struct text text = exact(text_of(cases[i].text));
		bool read = address_parse(text, &address);
		exact_end(text);
		check_row(i, read == (cases[i].bare != NULL));
		if (read) {
			check_text(i, address_text(&arena, &address), cases[i].bare);
			check_text(i, address_peer(&arena, &address), cases[i].peer);
		}
		arena_end(&arena);
	}
	struct address address;
	assert_false(address_parse(T("10.0.0.1\0x"), &address));
}

static void a_network_holds_its_addresses(void **state)
{
	static const struct {
		const char *network;
		const char *address;
		bool within;
	} cases[] = {
		{"10.20.1.0/24", "10.20.1.255", true},
		{"10.20.1.0/24", "10.20.2.0", false},
		{"10.20.1.7/24", "10.20.1.1", true},
		{"10.20.0.0/15", "10.21.255.255", true},
		{"10.20.0.0/15", "10.22.0.0", false},
		{"0.0.0.0/0", "1.2.3.4", true},
		{"1.2.3.4/32", "1.2.3.4", true},
		{"1.2.3.4/32", "1.2.3.5", false},
		{"0.0.0.0/0", "::1", false},
		{"fd00::/8", "fdff::1", true},
		{"fd00::/9", "fd80::1", false},
		{"::1/128", "::1", true},
		{"::/0", "::1", true},
	};
	static const char *const wrong[] = {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33",
		"10.0.0.0/-1", "::/129", "/8", "10.0.0.0/8/8", "10.0.0.0:1/8"};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct network network;
		struct address address;
		assert_true(network_parse(text_of(cases[i].network), &network));
		assert_true(address_parse(text_of(cases[i].address), &address));
		check_row(i, address_within(&address, &network) == cases[i].within);
	}
	for (size_t i = 0; i < SIZE(wrong); i++) {
		struct network network;
		check_row(i, !network_parse(text_of(wrong[i]), &network));
	}
}

static void an_address_is_of_at_most_one_kind(void **state)
{
	static const struct {
		const char *address;
		char kind; /* private, loopback, link-local, or none */
	} cases[] = {
		{"10.1.2.3", 'p'},
		{"172.16.0.1", 'p'},
		{"172.32.0.1", '-'},
		{"192.168.1.1", 'p'},
		{"100.64.0.1", 'p'},
		{"100.128.0.1", '-'},
		{"fd12::1", 'p'},
		{"2600::1", '-'},
		{"127.0.0.1", 'l'},
		{"127.255.0.1", 'l'},
		{"::1", 'l'},
		{"0.0.0.0", 'l'},
		{"::ffff:127.0.0.1", 'l'},
		{"169.254.170.2", 'k'},
		{"fe80::1", 'k'},
		{"::ffff:169.254.169.254", 'k'},
		{"52.216.0.10", '-'},
	};
	struct address metadata;
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct address address;
		assert_true(address_parse(text_of(cases[i].address), &address));
		check_row(i, address_is_private(&address) == (cases[i].kind == 'p'));
		check_row(i, address_is_loopback(&address) == (cases[i].kind == 'l'));
		check_row(i, address_is_link_local(&address) == (cases[i].kind == 'k'));
	}
	/* AWS' own services have unique local addresses, and are both */
	assert_true(address_parse(T("fd00:ec2::23"), &metadata));
	assert_true(address_is_link_local(&metadata) && address_is_private(&metadata));
}

static void a_translated_address_is_known_by_its_prefix(void **state)
{
	static const struct {
		const char *address;
		bool is;
	} cases[] = {
		{"64:ff9b::34d8:a", true},
		{"64:ff9b::", true},
		{"[64:ff9b::1.2.3.4]:443", true},
		{"64:ff9b::1:0:0", false},
		{"64:ff9b:1::1", false},
		{"2600:1f18::1", false},
		{"1.2.3.4", false},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct address address;
		assert_true(address_parse(text_of(cases[i].address), &address));
		check_row(i, address_is_nat64(&address) == cases[i].is);
		check_row(i, !cases[i].is || !address_is_private(&address));
	}
}

static void an_address_survives_the_sockets_form(void **state)
{
	static const char *const cases[] = {"1.2.3.4:443", "[2600::1]:65535"};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct address address;
		struct address back;
		struct sockaddr_storage socket;
		assert_true(address_parse(text_of(cases[i]), &address));
		assert_true(address_to_sockaddr(&address, &socket) > 0);
		check_row(i, address_from_sockaddr((const struct sockaddr *)&socket, &back));
		check_row(i, address_equal(&address, &back));
		back.port--;
		check_row(i, !address_equal(&address, &back));
	}
	struct sockaddr other = {.sa_family = AF_UNIX};
	struct address none;
	assert_false(address_from_sockaddr(&other, &none));
}

static void a_list_of_addresses_grows(void **state)
{
	struct arena arena = {0};
	struct addresses list = {0};
	(void)state;
	for (uint16_t port = 1; port <= 100; port++)
		addresses_add(&arena, &list, (struct address){.family = 4, .port = port});
	assert_int_equal(list.count, 100);
	for (size_t i = 0; i < 100; i++)
		check_row(i, list.at[i].port == i + 1);
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_with_and_without_a_port),
		cmocka_unit_test(a_network_holds_its_addresses),
		cmocka_unit_test(an_address_is_of_at_most_one_kind),
		cmocka_unit_test(a_translated_address_is_known_by_its_prefix),
		cmocka_unit_test(an_address_survives_the_sockets_form),
		cmocka_unit_test(a_list_of_addresses_grows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
