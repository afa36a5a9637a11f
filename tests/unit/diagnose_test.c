/* The same failure beside other evidence: what makes a finding sure, and what unsettles it. */
#include "bench.h"
#include "diagnose/context.h"

static void has_alternative(size_t row, const struct finding *finding, enum cause cause)
{
	for (size_t i = 0; i < finding->alternative_count; i++)
		if (finding->alternatives[i] == cause)
			return;
	check_row(row, cause == CAUSE_NONE);
}

/* Each row is a subnet: what the endpoints' addresses are, and which of them accept. The finding
 * is about the last of the silent ones that the row names. */
static void a_silent_connection_means_what_the_others_make_of_it(void **state)
{
	static const struct subnet {
		const char *api, *dkr, *s3; /* addresses; "!" before one that is silent */
		bool public_answers;
		bool proxy;
		enum endpoint_kind about;
		const char *rule;
		enum cause cause;
		enum certainty certainty;
		enum cause or_else;
	} subnets[] = {
		{"10.20.2.11", "!10.20.2.12", "52.216.0.10", false, false, ENDPOINT_DKR,
			"tcp-endpoint-alone", CAUSE_NET_SECURITY_GROUP, CERTAINTY_LIKELY,
			CAUSE_NET_NACL},
		{"10.20.2.11", "!10.20.1.12", "52.216.0.10", false, false, ENDPOINT_DKR,
			"tcp-endpoint-in-subnet", CAUSE_NET_SECURITY_GROUP, CERTAINTY_LIKELY,
			CAUSE_NET_NO_EGRESS_ROUTE},
		{"!10.20.2.11", "!10.20.2.12", "52.216.0.10", false, false, ENDPOINT_API,
			"tcp-all-endpoints-silent", CAUSE_NET_SECURITY_GROUP, CERTAINTY_LIKELY,
			CAUSE_NET_NACL},
		{"44.213.79.104", "!10.20.2.12", "52.216.0.10", true, false, ENDPOINT_DKR,
			"tcp-endpoint-not-outside", CAUSE_NET_SECURITY_GROUP, CERTAINTY_LIKELY,
			CAUSE_NET_NACL},
		{"!44.213.79.104", "!10.20.2.12", "!52.216.0.10", false, false, ENDPOINT_DKR,
			"tcp-endpoint-silent", CAUSE_NET_SECURITY_GROUP, CERTAINTY_OPEN,
			CAUSE_NET_NACL},
		{"!172.31.9.11", "!172.31.9.12", "52.216.0.10", false, false, ENDPOINT_DKR,
			"tcp-elsewhere", CAUSE_NET_NO_EGRESS_ROUTE, CERTAINTY_OPEN,
			CAUSE_NET_SECURITY_GROUP},
		{"!44.213.79.104", "10.20.2.12", "52.216.0.10", false, false, ENDPOINT_API,
			"tcp-no-endpoint", CAUSE_NET_NO_EGRESS_ROUTE, CERTAINTY_LIKELY,
			CAUSE_NET_SECURITY_GROUP},
		{"!44.213.79.104", "54.210.113.5", "52.216.0.10", true, false, ENDPOINT_API,
			"tcp-public-alone", CAUSE_NET_SECURITY_GROUP, CERTAINTY_OPEN,
			CAUSE_NET_NO_EGRESS_ROUTE},
		{"!44.213.79.104", "!54.210.113.5", "!52.216.0.10", false, false, ENDPOINT_API,
			"tcp-no-egress", CAUSE_NET_NO_EGRESS_ROUTE, CERTAINTY_LIKELY,
			CAUSE_NET_NACL},
		{"!44.213.79.104", "!54.210.113.5", "!52.216.0.10", false, true, ENDPOINT_API,
			"tcp-proxy-not-used", CAUSE_PROXY_NOT_USED, CERTAINTY_LIKELY,
			CAUSE_NET_NO_EGRESS_ROUTE},
		{"10.20.2.11", "10.20.2.12", "!52.216.0.10", false, false, ENDPOINT_S3,
			"tcp-s3-no-route", CAUSE_S3_NO_ROUTE, CERTAINTY_LIKELY,
			CAUSE_S3_SECURITY_GROUP},
		{"44.213.79.104", "54.210.113.5", "!52.216.0.10", true, false, ENDPOINT_S3,
			"tcp-s3-not-outside", CAUSE_S3_SECURITY_GROUP, CERTAINTY_OPEN,
			CAUSE_S3_NO_ROUTE},
		/* one group that lets nothing out: S3 is in the same finding */
		{"!10.20.2.11", "!10.20.2.12", "!52.216.0.10", false, false, ENDPOINT_API,
			"tcp-all-endpoints-silent", CAUSE_NET_SECURITY_GROUP, CERTAINTY_LIKELY,
			CAUSE_NET_NACL},
	};
	for (size_t row = 0; row < SIZE(subnets); row++) {
		struct bench *bench = *state;
		const struct subnet *subnet = &subnets[row];
		const char *addresses[] = {subnet->api, subnet->dkr, subnet->s3};
		bench->evidence.count = 0;
		for (size_t i = 0; i < 3; i++) {
			bool silent = addresses[i][0] == '!';
			struct text peer = text_format(
				&bench->arena, "%s:443", addresses[i] + silent);
			put(bench, STAGE_TCP, (enum endpoint_kind)(ENDPOINT_API + i), peer.at,
				silent ? SYMPTOM_TIMEOUT : SYMPTOM_NONE);
		}
		size_t first = 0;
		while (bench->evidence.steps[first].symptom != SYMPTOM_TIMEOUT)
			first++;
		follow(bench, EXPERIMENT_TCP_CONTROL_PUBLIC, first, ENDPOINT_CONTROL,
			"75.2.101.78:443", subnet->public_answers);
		if (subnet->proxy)
			step_saw(&bench->arena,
				put(bench, STAGE_CREDENTIALS, ENDPOINT_CALLER, "", SYMPTOM_NONE),
				FACT_PROXY, T("http://10.9.9.9:3128"));
		struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
		const struct finding *finding = named(&diagnosis, subnet->rule);
		check_row(row, finding != NULL);
		check_row(row, finding->cause == subnet->cause);
		check_row(row, finding->certainty == subnet->certainty);
		check_row(row, finding->verify.len > 0);
		has_alternative(row, finding, subnet->or_else);
	}
}

/* VPCs use public ranges; what the subnet is in counts, not RFC 1918. */
static void a_public_range_can_be_the_vpcs_own(void **state)
{
	static const struct vpc {
		const char *own, *cidr, *resolver, *peer;
		enum location place;
	} vpcs[] = {
		{"20.10.1.10", "20.10.1.0/24", "20.10.0.2", "20.10.7.20", LOCATION_INSIDE},
		{"172.40.0.10", "172.40.0.0/20", "172.40.0.2", "172.40.31.4", LOCATION_INSIDE},
		{"100.64.3.10", "100.64.3.0/24", "20.10.0.2", "20.10.7.20", LOCATION_INSIDE},
		{"10.20.1.10", "10.20.1.0/24", "8.8.8.8", "8.8.4.4", LOCATION_PUBLIC},
		{"10.20.1.10", "10.20.1.0/24", "10.20.0.2", "172.16.5.5", LOCATION_PRIVATE},
		{"10.20.1.10", "10.20.1.0/24", "10.20.0.2", "127.0.0.1", LOCATION_SELF},
		{"10.20.1.10", "10.20.1.0/24", "10.20.0.2", "0.0.0.0", LOCATION_SELF},
		{"10.20.1.10", "10.20.1.0/24", "10.20.0.2", "169.254.169.254", LOCATION_LINK_LOCAL},
		{"2600:1f18:aa:bb01::9", "", "fd00:ec2::253", "2600:1f18:aa:bb22::4",
			LOCATION_INSIDE},
		{"2600:1f18:aa:bb01::9", "", "fd00:ec2::253", "2600:1f18:ab::4", LOCATION_PUBLIC},
	};
	for (size_t row = 0; row < SIZE(vpcs); row++) {
		struct bench *bench = *state;
		struct vantage *vantage = &bench->evidence.vantage;
		struct address peer;
		*vantage = (struct vantage){.subnet_cidr = text_of(vpcs[row].cidr)};
		texts_add(&bench->arena, &vantage->addresses, text_of(vpcs[row].own));
		texts_add(&bench->arena, &vantage->resolvers, text_of(vpcs[row].resolver));
		struct context context = context_make(&bench->arena, &bench->evidence);
		assert_true(address_parse(text_of(vpcs[row].peer), &peer));
		check_row(row, context_location(&context, &peer) == vpcs[row].place);
	}
}

static struct texts ports_of(struct arena *arena, const char *list)
{
	struct texts ports = {0};
	struct text rest = text_of(list);
	while (rest.len)
		texts_add(arena, &ports, text_cut(&rest, T(" ")));
	return ports;
}

static void source_ports_tell_a_range_from_loss(void **state)
{
	static const struct tries {
		const char
			*path; /* the path's own connections to other hosts, all of which passed */
		const char *first; /* the source port that failed first */
		const char *passed, *failed;
		int64_t took_us; /* of those that passed */
		const char *rule;
		enum certainty certainty;
	} tries[] = {
		/* thirteen ports, one border */
		{"33000 34000 35000 36000", "20500", "33008 45008 61008 63008",
			"1032 2032 20018 24018", 300, "tcp-port-range", CERTAINTY_PROVEN},
		/* the same with a SYN that had to be repeated: loss */
		{"33000 34000 35000 36000", "20500", "33008 45008 61008 63008",
			"1032 2032 20018 24018", 1030000, "tcp-loss", CERTAINTY_LIKELY},
		/* eight ports stand in order by chance once in sixteen */
		{"33000 34000 35000 36000", "20500", "61008", "1032 20018", 300,
			"tcp-port-range-likely", CERTAINTY_LIKELY},
		/* too few to be sure */
		{"", "33500", "61008", "1032 20018 33008", 300, "tcp-port-range-likely",
			CERTAINTY_LIKELY},
		/* no order in it */
		{"33000 34000", "33500", "1032 33008", "20018 61008", 300, "tcp-loss-proven",
			CERTAINTY_PROVEN},
		/* one port both ways */
		{"33000", "33500", "1032 33500", "20018 61008", 300, "tcp-loss-proven",
			CERTAINTY_PROVEN},
		/* all later tries passed */
		{"33000", "33500", "1032 20018 33008 61008", "", 300, "tcp-loss", CERTAINTY_LIKELY},
		/* all failed: neither */
		{"33000", "33500", "", "1032 20018 33008 61008", 300, "tcp-endpoint-alone",
			CERTAINTY_LIKELY},
	};
	for (size_t row = 0; row < SIZE(tries); row++) {
		struct bench *bench = *state;
		struct arena *arena = &bench->arena;
		bench->evidence.count = 0;
		struct step *step = put(
			bench, STAGE_TCP, ENDPOINT_DKR, "10.20.2.12:443", SYMPTOM_TIMEOUT);
		step_saw(arena, step, FACT_LOCAL,
			text_format(arena, "10.20.1.10:%s", tries[row].first));
		struct texts path = ports_of(arena, tries[row].path);
		for (size_t i = 0; i < path.count; i++) {
			step = put(bench, STAGE_TCP, ENDPOINT_API, "10.20.2.11:443", SYMPTOM_NONE);
			step->took_us = tries[row].took_us;
			step_saw(arena, step, FACT_LOCAL,
				text_format(arena, "10.20.1.10:%.*s", TEXT(path.at[i])));
		}
		bool any = tries[row].passed[0] != '\0';
		step = follow(bench, EXPERIMENT_TCP_RETRY, 0, ENDPOINT_DKR, "10.20.2.12:443", any);
		step_listed(arena, step, FACT_PASSED_PORTS, ports_of(arena, tries[row].passed));
		step_listed(arena, step, FACT_FAILED_PORTS, ports_of(arena, tries[row].failed));
		if (!path.count) /* a neighbour in our own subnet says nothing of network ACLs */
			put(bench, STAGE_TCP, ENDPOINT_API, "10.20.1.11:443", SYMPTOM_NONE);
		struct diagnosis diagnosis = diagnose(arena, &bench->evidence);
		const struct finding *finding = named(&diagnosis, tries[row].rule);
		check_row(row, finding != NULL);
		check_row(row, finding->certainty == tries[row].certainty);
	}
}

static void a_handshake_is_told_by_what_passes(void **state)
{
	/* '+' passed, '-' failed, ' ' not tried: other name, no name, small hello, small segments,
	 * TLS 1.2 */
	static const struct tries {
		const char *tries;
		enum symptom symptom;
		int64_t peer_bytes;
		enum cause cause;
		enum certainty certainty;
	} tries[] = {
		{"++---", SYMPTOM_RESET, 0, CAUSE_TLS_SNI_FILTERED, CERTAINTY_PROVEN},
		{"++-+-", SYMPTOM_TIMEOUT, 0, CAUSE_TLS_SNI_FILTERED, CERTAINTY_PROVEN},
		{"+    ", SYMPTOM_RESET, 0, CAUSE_TLS_SNI_FILTERED, CERTAINTY_LIKELY},
		{"-+---", SYMPTOM_RESET, 0, CAUSE_TLS_SNI_FILTERED, CERTAINTY_LIKELY},
		{"---+-", SYMPTOM_TIMEOUT, 1200, CAUSE_NET_MTU_BLACKHOLE, CERTAINTY_PROVEN},
		{"   + ", SYMPTOM_TIMEOUT, 0, CAUSE_NET_MTU_BLACKHOLE, CERTAINTY_LIKELY},
		{"     ", SYMPTOM_TIMEOUT, 1200, CAUSE_NET_MTU_BLACKHOLE, CERTAINTY_LIKELY},
		{"--+-+", SYMPTOM_TIMEOUT, 0, CAUSE_TLS_HANDSHAKE_TIMEOUT, CERTAINTY_LIKELY},
		{"+++++", SYMPTOM_TIMEOUT, 0, CAUSE_TLS_HANDSHAKE_TIMEOUT, CERTAINTY_OPEN},
		{"-----", SYMPTOM_TIMEOUT, 0, CAUSE_TLS_HANDSHAKE_TIMEOUT, CERTAINTY_LIKELY},
		{"----+", SYMPTOM_RESET, 0, CAUSE_TLS_VERSION, CERTAINTY_LIKELY},
		{"-----", SYMPTOM_RESET, 0, CAUSE_NET_RESET, CERTAINTY_LIKELY},
	};
	static const enum experiment kinds[] = {EXPERIMENT_TLS_OTHER_NAME, EXPERIMENT_TLS_NO_NAME,
		EXPERIMENT_TLS_SMALL_HELLO, EXPERIMENT_TLS_SMALL_MSS, EXPERIMENT_TLS_1_2};
	for (size_t row = 0; row < SIZE(tries); row++) {
		struct bench *bench = *state;
		bench->evidence.count = 0;
		struct step *step = put(
			bench, STAGE_TLS, ENDPOINT_DKR, "10.20.2.12:443", tries[row].symptom);
		step_counted(&bench->arena, step, FACT_HELLO_BYTES, 1560);
		step_counted(&bench->arena, step, FACT_PEER_BYTES, tries[row].peer_bytes);
		for (size_t i = 0; i < SIZE(kinds); i++)
			if (tries[row].tries[i] != ' ')
				follow(bench, kinds[i], 0, ENDPOINT_DKR, "10.20.2.12:443",
					tries[row].tries[i] == '+');
		struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
		assert_int_equal(diagnosis.count, 1);
		check_row(row, diagnosis.findings[0].cause == tries[row].cause);
		check_row(row, diagnosis.findings[0].certainty == tries[row].certainty);
	}
}

static void a_denial_is_as_sure_as_its_words(void **state)
{
	static const struct denial {
		const char *policy;
		enum stage stage;
		const char *peer; /* of the endpoint */
		bool cross_check, allows;
		enum cause cause;
		enum certainty certainty;
		enum cause or_else;
	} denials[] = {
		{"identity", STAGE_TOKEN, "10.20.2.11:443", false, false, CAUSE_AUTH_IAM_IDENTITY,
			CERTAINTY_PROVEN, CAUSE_NONE},
		{"endpoint", STAGE_TOKEN, "10.20.2.11:443", false, false,
			CAUSE_AUTH_ENDPOINT_POLICY, CERTAINTY_PROVEN, CAUSE_NONE},
		{"rcp", STAGE_MANIFEST, "10.20.2.12:443", false, false, CAUSE_AUTH_SCP,
			CERTAINTY_PROVEN, CAUSE_NONE},
		{"resource", STAGE_MANIFEST, "10.20.2.12:443", false, false,
			CAUSE_REGISTRY_REPO_POLICY, CERTAINTY_PROVEN, CAUSE_NONE},
		{"", STAGE_TOKEN, "10.20.2.11:443", false, false, CAUSE_AUTH_IAM_IDENTITY,
			CERTAINTY_OPEN, CAUSE_AUTH_ENDPOINT_POLICY},
		/* no endpoint, no endpoint's policy */
		{"", STAGE_TOKEN, "44.213.79.104:443", false, false, CAUSE_AUTH_IAM_IDENTITY,
			CERTAINTY_LIKELY, CAUSE_AUTH_SCP},
		{"", STAGE_MANIFEST, "10.20.2.12:443", false, false, CAUSE_AUTH_IAM_IDENTITY,
			CERTAINTY_OPEN, CAUSE_REGISTRY_REPO_POLICY},
		{"", STAGE_MANIFEST, "10.20.2.12:443", true, true, CAUSE_AUTH_ENDPOINT_POLICY,
			CERTAINTY_LIKELY, CAUSE_REGISTRY_REPO_POLICY},
		{"", STAGE_MANIFEST, "10.20.2.12:443", true, false, CAUSE_AUTH_IAM_IDENTITY,
			CERTAINTY_OPEN, CAUSE_AUTH_SCP},
	};
	for (size_t row = 0; row < SIZE(denials); row++) {
		struct bench *bench = *state;
		enum endpoint_kind kind = denials[row].stage == STAGE_TOKEN ? ENDPOINT_API
									    : ENDPOINT_DKR;
		bench->evidence.count = 0;
		put(bench, STAGE_TCP, kind, denials[row].peer, SYMPTOM_NONE);
		struct step *step = put(
			bench, denials[row].stage, kind, denials[row].peer, SYMPTOM_DENIED);
		step_saw(&bench->arena, step, FACT_POLICY, text_of(denials[row].policy));
		step_saw(&bench->arena, step, FACT_PRINCIPAL, T(ROLE_ARN));
		if (denials[row].cross_check)
			follow(bench, EXPERIMENT_API_BATCH_GET_IMAGE, 1, ENDPOINT_API,
				"10.20.2.11:443", denials[row].allows);
		struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
		assert_int_equal(diagnosis.count, 1);
		check_row(row, diagnosis.findings[0].cause == denials[row].cause);
		check_row(row, diagnosis.findings[0].certainty == denials[row].certainty);
		has_alternative(row, &diagnosis.findings[0], denials[row].or_else);
	}
}

static void the_launch_type_says_whose_role_it_is(void **state)
{
	static const char *const rows[][3] = {
		{"FARGATE", "task execution role", "AmazonECSTaskExecutionRolePolicy"},
		{"EC2", "instance role", "AmazonEC2ContainerRegistryReadOnly"},
	};
	for (size_t row = 0; row < SIZE(rows); row++) {
		struct bench *bench = *state;
		bench->evidence.count = 0;
		bench->evidence.vantage.launch_type = text_of(rows[row][0]);
		struct step *step = put(
			bench, STAGE_TOKEN, ENDPOINT_API, "10.20.2.11:443", SYMPTOM_DENIED);
		step_saw(&bench->arena, step, FACT_POLICY, T("identity"));
		step_saw(&bench->arena, step, FACT_PRINCIPAL, T(ROLE_ARN));
		struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
		check_row(row, text_holds(diagnosis.findings[0].says, text_of(rows[row][1])));
		check_row(row, text_holds(diagnosis.findings[0].fix.at[0], text_of(rows[row][2])));
		check_row(row, text_holds(diagnosis.findings[0].fix.at[0], T("--role-name pull ")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_silent_connection_means_what_the_others_make_of_it),
		TEST(a_public_range_can_be_the_vpcs_own),
		TEST(source_ports_tell_a_range_from_loss),
		TEST(a_handshake_is_told_by_what_passes),
		TEST(a_denial_is_as_sure_as_its_words),
		TEST(the_launch_type_says_whose_role_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
