/* Explaining exit codes: which causes lead to each, in which order, and eight codes read together.
 */
#include "base/arena.h"
#include "check.h"
#include "diagnose/code_explain.h"

/* by hand: the causes that a reader of the code must see first; "" where no cause leads there */
static const struct {
	int code;
	const char *first;
} codes[] = {
	{0, ""},
	{2, ""},
	{3, ""},
	{10, "ref.bad_hostname dns.timeout dns.nxdomain"},
	{11, "ref.bad_hostname dns.timeout dns.nxdomain"},
	{12, "s3.dns"},
	{13, "ref.bad_hostname dns.timeout dns.nxdomain"},
	{19, "ref.bad_hostname dns.timeout dns.nxdomain"},
	{20, "net.no_egress_route net.security_group net.nacl"},
	{21, "net.no_egress_route net.security_group net.nacl"},
	{22, "s3.no_route s3.security_group"},
	{23, "net.no_egress_route net.security_group s3.no_route"},
	{29, "net.no_egress_route net.security_group net.nacl"},
	{30, "tls.intercepted"},
	{31, "tls.intercepted"},
	{32, "tls.intercepted"},
	{33, "tls.intercepted"},
	{39, "tls.intercepted"},
	{40, "tls.intercepted net.reset proxy.unreachable"},
	{41, "ref.bad_hostname tls.intercepted net.reset"},
	{42, "tls.intercepted net.reset proxy.unreachable"},
	{43, "net.no_egress_route"},
	{44, "net.no_egress_route"},
	{45, "auth.no_credentials"},
	{46, "auth.token_expired auth.clock_skew"},
	{47, "auth.assume_role auth.invalid_credentials"},
	{48, "auth.no_credentials"},
	{49, "tls.intercepted auth.endpoint_policy"},
	{50, "auth.iam_identity auth.endpoint_policy auth.scp"},
	{51, "auth.endpoint_policy auth.iam_identity"},
	{52, "auth.scp"},
	{53, "auth.upstream_credentials auth.invalid_credentials"},
	{54, "auth.token_expired"},
	{55, "auth.clock_skew"},
	{56, "auth.throttled"},
	{57, "registry.unavailable"},
	{58, "net.reset net.timeout"},
	{59, "tls.intercepted auth.assume_role"},
	{60, "registry.repo_not_found registry.wrong_registry"},
	{61, "registry.tag_not_found registry.digest_gone"},
	{62, "registry.archived"},
	{63, "registry.platform_mismatch image.disk_full image.unsupported_manifest"},
	{64, "auth.iam_identity auth.upstream_credentials auth.scp"},
	{65, "registry.repo_policy auth.iam_identity"},
	{66, "auth.endpoint_policy"},
	{67, "ptc.permission ptc.upstream_auth"},
	{68, "registry.rate_limited registry.unavailable auth.throttled"},
	{69, "auth.no_credentials"},
	{70, "auth.iam_identity auth.upstream_credentials auth.scp"},
	{71, "registry.repo_policy auth.iam_identity"},
	{72, "auth.endpoint_policy"},
	{73, "registry.bad_redirect"},
	{74, "registry.tag_not_found registry.digest_gone image.corrupt_layer"},
	{75, "registry.rate_limited auth.throttled"},
	{76, "registry.unavailable"},
	{77, "net.reset net.timeout"},
	{79, "auth.no_credentials"},
	{80, "s3.endpoint_policy s3.kms"},
	{81, "s3.kms"},
	{82, "s3.expired_url"},
	{83, "s3.reset net.reset"},
	{84, "s3.slow s3.stalled"},
	{85, "s3.not_found"},
	{86, "s3.unavailable"},
	{87, "image.corrupt_layer"},
	{88, "s3.endpoint_policy"},
	{89, "registry.tag_not_found"},
	{90, ""},
	{91, "logs.network logs.config logs.denied logs.not_found"},
	{92, "secrets.network secrets.denied secrets.not_found"},
	{93, "secrets.network secrets.denied secrets.not_found"},
	{94, "net.no_egress_route net.security_group"},
	{95, "net.no_egress_route net.security_group"},
	{96, "net.no_egress_route net.security_group"},
	{97, "net.no_egress_route net.security_group"},
	{98, "net.no_egress_route net.security_group"},
	{99, ""},
};

static struct text causes_of(struct arena *arena, const struct code_explanation *explanation)
{
	struct buffer out = {.arena = arena};
	for (size_t i = 0; i < explanation->count; i++)
		buffer_addf(&out, "%s%.*s", i ? " " : "",
			TEXT(cause_name(explanation->causes[i].cause)));
	return buffer_text(&out);
}

static void a_codes_causes_come_in_their_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZE(codes); i++) {
		struct arena arena = {0};
		struct code_explanation explanation = code_explain(&arena, codes[i].code);
		struct text causes = causes_of(&arena, &explanation);
		struct text first = text_of(codes[i].first);
		if (!text_starts(causes, first) || (first.len == 0 && causes.len))
			fail_msg("%d: %.*s, not %s", codes[i].code, TEXT(causes), codes[i].first);
		arena_end(&arena);
	}
}

static void every_code_is_in_the_table(void **state)
{
	const struct exit_code *row;
	(void)state;
	for (size_t i = 0; (row = exit_code_at(i)); i++)
		check_row(i, i < SIZE(codes) && codes[i].code == row->code);
}

static void every_cause_says_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZE(codes); i++) {
		struct arena arena = {0};
		struct code_explanation explanation = code_explain(&arena, codes[i].code);
		for (size_t k = 0; k < explanation.count; k++) {
			const struct code_cause *cause = &explanation.causes[k];
			if (!cause->verify.len || !cause->fix.count || !cause->confirm.count)
				fail_msg("%d: %.*s", codes[i].code, TEXT(cause_name(cause->cause)));
		}
		check_row(i, codes[i].code == 0 || explanation.ways.count == 3);
		arena_end(&arena);
	}
}

/* what would be met later on the path is no cause of an earlier code */
static void a_later_stage_is_no_cause(void **state)
{
	static const struct {
		int code;
		const char *cause;
	} rows[] = {
		{20, "registry.rate_limited"},
		{20, "auth.token_expired"},
		{20, "s3.no_route"},
		{50, "registry.repo_policy"},
		{61, "s3.endpoint_policy"},
		{91, "registry.tag_not_found"},
		{91, "secrets.denied"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(rows); i++) {
		struct arena arena = {0};
		struct code_explanation explanation = code_explain(&arena, rows[i].code);
		check_row(i, !text_holds(causes_of(&arena, &explanation), text_of(rows[i].cause)));
		arena_end(&arena);
	}
}

static void eight_codes_are_read_together(void **state)
{
	static const struct {
		int codes[CODE_STAGES];
		int broken; /* -1: none */
		size_t excluded, failed, not_reached;
	} rows[] = {
		{{0, 22, 90, 90, 0, 0, 0, 90}, 22, 4, 0, 3},
		{{0, 0, 0, 0, 0, 50, 90, 90}, 50, 5, 0, 2},
		{{0, 23, 90, 90, 48, 90, 90, 90}, 23, 1, 1, 5},
		{{13, 90, 90, 90, 0, 90, 90, 90}, 13, 1, 0, 6},
		{{0, 0, 0, 0, 0, 0, 0, 80}, 80, 7, 0, 0},
		{{0, 0, 0, 0, 0, 0, 0, 0}, -1, 8, 0, 0},
		{{90, 90, 90, 90, 90, 90, 90, 90}, -1, 0, 0, 8},
		{{0, 0, 0, 0, 0, 99, 90, 90}, 99, 5, 0, 2},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(rows); i++) {
		struct arena arena = {0};
		struct stages_explanation stages;
		struct text complaint;
		check_row(i, stages_explain(&arena, rows[i].codes, &stages, &complaint));
		int broken = stages.broken.row ? stages.broken.row->code : -1;
		check_row(i, broken == rows[i].broken);
		check_row(i, stages.excluded.count == rows[i].excluded);
		check_row(i, stages.failed.count == rows[i].failed);
		check_row(i, stages.not_reached.count == rows[i].not_reached);
		arena_end(&arena);
	}
}

static void a_code_of_another_stage_is_a_mistake(void **state)
{
	static const int rows[][CODE_STAGES] = {{22, 0, 90, 90, 0, 0, 0, 90},
		{0, 0, 0, 0, 0, 0, 50, 0}, {0, 0, 0, 0, 0, 0, 0, 91}, {0, 0, 0, 0, 0, 0, 0, -1},
		{0, 0, 0, 0, 0, 0, 0, 137}};
	(void)state;
	for (size_t i = 0; i < SIZE(rows); i++) {
		struct arena arena = {0};
		struct stages_explanation stages;
		struct text complaint = T("");
		check_row(
			i, !stages_explain(&arena, rows[i], &stages, &complaint) && complaint.len);
		arena_end(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_codes_causes_come_in_their_order),
		cmocka_unit_test(every_code_is_in_the_table),
		cmocka_unit_test(every_cause_says_what_to_do),
		cmocka_unit_test(a_later_stage_is_no_cause),
		cmocka_unit_test(eight_codes_are_read_together),
		cmocka_unit_test(a_code_of_another_stage_is_a_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
