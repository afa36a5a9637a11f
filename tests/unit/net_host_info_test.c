/* Digests, and what the machine knows of itself: the parts of the net layer that meet no peer. */
#include "check.h"
#include "net/net.h"
#include <unistd.h>

static void a_digest_is_the_standard_s(void **state)
{
	/* FIPS 180-4's examples, as published with it */
	static const struct {
		struct text bytes;
		const char *digest;
	} cases[] = {
		{T(""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{T("abc"),
			"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	};
	(void)state;
	struct arena arena = {0};
	for (size_t i = 0; i < SIZE(cases); i++) {
		check_text(i, digest_of(&arena, cases[i].bytes), cases[i].digest);
		struct evp_md_ctx_st *digest = digest_begin();
		for (size_t at = 0; at < cases[i].bytes.len; at++)
			digest_add(digest, text_head(text_skip(cases[i].bytes, at), 1));
		check_text(i, digest_end(digest, &arena), cases[i].digest);
	}
	arena_end(&arena);
}

static void the_host_info_is_consistent(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct host_info here;
	char name[256] = "";
	host_info_read(&arena, &here);
	for (size_t i = 0; i < here.addresses.count; i++) {
		check_row(i, !address_is_loopback(&here.addresses.at[i]));
		check_row(i, address_within(&here.addresses.at[i], &here.networks[i]));
	}
	for (size_t i = 0; i < here.resolvers.count; i++)
		check_row(i, here.resolvers.at[i].family && here.resolvers.at[i].port);
	assert_int_equal(gethostname(name, sizeof name - 1), 0);
	check_text(0, here.host_name, name);
	arena_end(&arena);
}

static void the_libraries_are_named(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct text libraries = net_libraries(&arena);
	assert_true(text_starts(libraries, T("libcurl ")));
	assert_true(text_holds(libraries, T(", OpenSSL 3.")));
	assert_true(text_holds(libraries, T(", c-ares 1.")));
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_digest_is_the_standard_s),
		cmocka_unit_test(the_host_info_is_consistent),
		cmocka_unit_test(the_libraries_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
