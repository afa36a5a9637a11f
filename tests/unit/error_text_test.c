/* Explaining error texts: what each says, and that what texts go through changes nothing. */
#include "base/arena.h"
#include "check.h"
#include "diagnose/error_text.h"
#include "diagnose/error_text_parts.h"
#include <ctype.h>
#include <string.h>

#define FARGATE "ResourceInitializationError: unable to pull secrets or registry auth: "
#define OLD_FARGATE FARGATE "execution resource retrieval failed: "
#define ECR "123456789012.dkr.ecr.us-east-1.amazonaws.com"
#define DENIED                                                                                    \
	"denied: User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: " \
	"ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/app "
#define LAYER "failed to copy: httpReadSeeker: failed open: "
#define BUCKET "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com"

#define WAYS_OUT "net.no_egress_route net.security_group net.nacl"

static const struct {
	const char *text;
	const char *certainty;
	const char *set; /* the likeliest first */
} cases[] = {
	/* the way to ECR's API, by the address that was dialled */
	{OLD_FARGATE
		"unable to retrieve ecr registry auth: service call has been retried 3 time(s): "
		"RequestError: send request failed caused by: Post "
		"\"https://api.ecr.us-west-2.amazonaws.com/\": dial tcp 52.94.184.143:443: "
		"i/o timeout",
		"open", WAYS_OUT},
	{OLD_FARGATE
		"unable to retrieve ecr registry auth: service call has been retried 3 time(s): "
		"RequestError: send request failed caused by: Post "
		"\"https://api.ecr.us-west-2.amazonaws.com/\": dial tcp 10.0.7.3:443: "
		"i/o timeout",
		"open", "net.security_group net.nacl"},
	{"Post \"https://api.ecr.us-west-2.amazonaws.com/\": dial tcp 172.40.1.94:443: i/o timeout",
		"open", "net.timeout " WAYS_OUT},
	{OLD_FARGATE
		"unable to retrieve ecr registry auth: service call has been retried 1 time(s): "
		"RequestError: send request failed caused by: Post https://api.ecr....",
		"open", WAYS_OUT " dns.timeout"},
	{OLD_FARGATE
		"unable to retrieve ecr registry auth: service call has been retried 3 time(s)",
		"open", WAYS_OUT " dns.timeout auth.iam_identity"},
	{FARGATE "pull command failed: : signal: killed", "open", WAYS_OUT " dns.timeout"},
	/* the layers */
	{LAYER "failed to do request: Get " ECR "/app:1: dial tcp 3.5.149.131:443: i/o timeout",
		"open", "s3.no_route s3.security_group"},
	{LAYER "failed to do request: Get \"https://" BUCKET "/x\": dial tcp: lookup " BUCKET
	       " on 10.0.0.2:53: no such host",
		"likely", "s3.dns"},
	{LAYER "unexpected status code 403 Forbidden", "open",
		"s3.endpoint_policy auth.iam_identity"},
	{"unexpected status from GET request to https://" BUCKET "/x: 403 Forbidden", "likely",
		"s3.endpoint_policy"},
	/* names */
	{"dial tcp: lookup api.ecr.us-east-1.amazonaws.com on 10.0.0.2:53: no such host", "likely",
		"dns.nxdomain"},
	{"dial tcp: lookup api.ecr.us-east-1a.amazonaws.com on 10.0.0.2:53: no such host", "proven",
		"ref.bad_hostname"},
	{"lookup 123456789012.dkr.ecr.cn-north-1.amazonaws.com: no such host", "proven",
		"ref.bad_hostname"},
	{"lookup registry.example.net: no such host", "open", "dns.nxdomain ref.bad_hostname"},
	{"lookup api.ecr.us-east-1.amazonaws.com on 10.0.0.2:53: read udp "
	 "10.0.1.9:41->10.0.0.2:53: "
	 "i/o timeout",
		"proven", "dns.timeout"},
	{"lookup api.ecr.us-east-1.amazonaws.com on 127.0.0.53:53: server misbehaving", "likely",
		"dns.refused"},
	/* the path of a socket or file that works is no fault; a connection that fails is one */
	{"crictl -r unix:///run/containerd/containerd.sock pull "
	 "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1: dial tcp 10.0.1.5:443: i/o timeout",
		"open", "net.security_group net.nacl"},
	{"docker -H unix:///var/run/docker.sock pull "
	 "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1: no basic auth credentials",
		"open", "auth.no_credentials net.no_egress_route"},
	{"NoCredentialProviders: no valid providers in chain (/root/.docker/config.json: unused)",
		"proven", "auth.no_credentials"},
	{"dial unix /var/run/docker.sock: connect: permission denied", "proven", "client.config"},
	{"Error parsing the serverURL: https://index.docker.io, error: docker-credential-ecr-login "
	 "can only be used with Amazon Elastic Container Registry. credentials not found in "
	 "native keychain",
		"proven", "client.config"},
	/* TLS */
	{"x509: certificate signed by unknown authority", "likely",
		"tls.intercepted tls.untrusted"},
	{"x509: certificate has expired or is not yet valid: current time ...", "proven",
		"tls.expired"},
	{"http: server gave HTTP response to HTTPS client", "proven", "tls.not_tls"},
	{"net/http: TLS handshake timeout", "proven", "tls.handshake_timeout"},
	/* policies */
	{DENIED "because no identity-based policy allows the ecr:BatchGetImage action", "proven",
		"auth.iam_identity"},
	{DENIED "because no resource-based policy allows the ecr:BatchGetImage action", "proven",
		"registry.repo_policy"},
	{DENIED "because no VPC endpoint policy allows the ecr:BatchGetImage action", "proven",
		"auth.endpoint_policy"},
	{DENIED "with an explicit deny in a service control policy: arn:aws:organizations::1:p-1",
		"proven", "auth.scp"},
	{DENIED, "open", "auth.iam_identity registry.repo_policy"},
	/* what is asked for */
	{"name unknown: The repository with name 'app' does not exist in the registry with id '1'",
		"proven", "registry.repo_not_found"},
	{"name unknown: The repository with name '" ECR "/app' does not exist in the registry",
		"proven", "ref.bad_reference"},
	{"manifest for " ECR "/app:1 not found: manifest unknown: Requested image not found",
		"proven", "registry.tag_not_found"},
	{"no matching manifest for linux/arm64/v8 in the manifest list entries", "proven",
		"registry.platform_mismatch"},
	{"pull access denied for app, repository does not exist or may require 'docker login': "
	 "denied: requested access to the resource is denied",
		"open", "registry.wrong_registry auth.upstream_credentials"},
	{"Get https://" ECR "/v2/app/manifests/1: no basic auth credentials", "open",
		"auth.no_credentials net.no_egress_route"},
	/* around the pull */
	{OLD_FARGATE "unable to retrieve secret from asm: service call has been retried 5 time(s): "
		     "failed to fetch",
		"open", "secrets.network secrets.denied secrets.not_found"},
	{OLD_FARGATE "unable to retrieve secrets from ssm: AccessDeniedException: User: ....",
		"proven", "secrets.denied"},
	{"failed to validate logger args: signal: killed", "open", "logs.network logs.not_found"},
	{"failed to download env files: AccessDenied: Access Denied", "proven", "envfile.denied"},
	/* nothing to go by */
	{"ErrImagePull", "open",
		WAYS_OUT
		" dns.timeout auth.no_credentials auth.iam_identity registry.tag_not_found"},
};

/* the cause and its alternatives, in their order */
static struct text set_of(struct arena *arena, const struct finding *finding)
{
	struct buffer out = {.arena = arena};
	buffer_add(&out, cause_name(finding->cause));
	for (size_t i = 0; i < finding->alternative_count; i++)
		buffer_addf(&out, " %.*s", TEXT(cause_name(finding->alternatives[i])));
	return buffer_text(&out);
}

static void check_case(struct arena *arena, size_t row, struct text text)
{
	struct explanation explanation = error_text_explain(arena, text);
	const struct finding *finding = &explanation.finding;
	bool pull = !text_starts(cause_name(finding->cause), T("ecs."));
	check_text(row, set_of(arena, finding), cases[row].set);
	check_text(row, certainty_name(finding->certainty), cases[row].certainty);
	check_row(row, finding->says.len && finding->fix.count && pull == !!explanation.next.len);
	check_row(row, (finding->certainty == CERTAINTY_PROVEN) == !finding->verify.len);
}

static void a_text_is_explained_as_far_as_it_tells(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		check_case(&arena, i, text_of(cases[i].text));
		arena_end(&arena);
	}
}

/* a cut before "transitively" cannot be seen, so this is none of the cases above */
static void the_organization_behind_an_endpoint_is_named(void **state)
{
	struct arena arena = {0};
	(void)state;
	struct explanation explanation = error_text_explain(&arena,
		T(DENIED "with an explicit deny in a VPC endpoint policy transitively through a "
			 "service control policy"));
	assert_int_equal(explanation.finding.cause, CAUSE_AUTH_SCP);
	arena_end(&arena);
}

/* what happens to texts on their way */

static struct text shout(struct arena *arena, struct text t)
{
	char *copy = text_string(arena, t);
	for (size_t i = 0; i < t.len; i++)
		copy[i] = (char)toupper((unsigned char)copy[i]);
	return text_of(copy);
}

static struct text escape(struct arena *arena, struct text t)
{
	struct buffer out = {.arena = arena};
	for (size_t i = 0; i < t.len; i++)
		buffer_addf(&out, strchr("\"\\", t.at[i]) ? "\\%c" : "%c", t.at[i]);
	return text_format(arena, "{\"reason\":\"%.*s\"}", TEXT(buffer_text(&out)));
}

static struct text escape_twice(struct arena *arena, struct text t)
{
	return escape(arena, escape(arena, t));
}

static struct text wrap(struct arena *arena, struct text t)
{
	struct buffer out = {.arena = arena};
	for (; t.len; t = text_skip(t, 40))
		buffer_addf(&out, "%.*s\n    # ", TEXT(text_head(t, 40)));
	return buffer_text(&out);
}

static struct text surround(struct arena *arena, struct text t)
{
	return text_format(arena,
		"Hallo, beim Start des Dienstes k\xc3\xb6nnen wir das Abbild nicht laden:\n\n"
		"> %.*s\n\nWoran liegt das? Vielen Dank f\xc3\xbcr Eure Hilfe!",
		TEXT(t));
}

static struct text colour(struct arena *arena, struct text t)
{
	return text_format(arena, "\x1b[1;31mERRO\x1b[0m[0001] \x1b[31m%.*s\x1b[0m", TEXT(t));
}

static struct text typeset(struct arena *arena, struct text t)
{
	struct buffer out = {.arena = arena};
	for (size_t i = 0; i < t.len; i++) {
		struct text byte = text_head(text_skip(t, i), 1);
		if (byte.at[0] == '\'' || byte.at[0] == '"')
			byte = T("\xe2\x80\x99");
		buffer_add(&out, byte.at[0] == ' ' ? T("\xc2\xa0\t") : byte);
	}
	return buffer_text(&out);
}

static void what_a_text_went_through_changes_nothing(void **state)
{
	static struct text (*const ways[])(struct arena *, struct text) = {
		shout, escape, escape_twice, wrap, surround, colour, typeset};
	(void)state;
	for (size_t way = 0; way < SIZE(ways); way++)
		for (size_t i = 0; i < SIZE(cases); i++) {
			struct arena arena = {0};
			check_case(&arena, i, ways[way](&arena, text_of(cases[i].text)));
			arena_end(&arena);
		}
}

/* the cause that was proven of a cut text is in the set of the whole one */
static void a_cut_text_is_never_sure_of_something_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++)
		for (size_t len = 0; len < strlen(cases[i].text); len += 7) {
			struct arena arena = {0};
			struct text cut = exact(text_head(text_of(cases[i].text), len));
			struct explanation explanation = error_text_explain(&arena, cut);
			struct text cause = cause_name(explanation.finding.cause);
			bool sure = explanation.finding.certainty == CERTAINTY_PROVEN;
			if (sure && !text_holds(text_of(cases[i].set), cause))
				fail_msg("row %zu, cut at %zu: %.*s", i, len, TEXT(cause));
			exact_end(cut);
			arena_end(&arena);
		}
}

static void hostile_bytes_are_survived(void **state)
{
	static const char *const bytes[] = {"\xff", "\\", "&", "\x1b[", "\\u00", "dial tcp [",
		"dial tcp ", ".dkr.ecr", "lookup ", "https://", "# \n", "\xe2\x80", "{", "%s%n",
		"manifest for ", "9"};
	enum { ROOM = 64 * 1024 };
	char *room = malloc(ROOM);
	(void)state;
	for (size_t i = 0; i < SIZE(bytes); i++) {
		struct arena arena = {0};
		size_t len = strlen(bytes[i]);
		for (size_t at = 0; at < ROOM; at++)
			room[at] = bytes[i][at % len];
		struct explanation explanation = error_text_explain(
			&arena, (struct text){room, ROOM});
		check_row(i, explanation.finding.certainty != CERTAINTY_PROVEN);
		memset(room, (int)i, ROOM);
		explanation = error_text_explain(&arena, (struct text){room, ROOM});
		check_row(i, explanation.finding.certainty == CERTAINTY_OPEN);
		arena_end(&arena);
	}
	free(room);
}

static void the_next_line_names_the_image(void **state)
{
	static const struct {
		const char *text;
		const char *next;
	} rows[] = {
		{"failed to resolve ref " ECR "/app:1: not found", "pullprobe check " ECR "/app:1"},
		{"Get https://" ECR "/v2/team/app/manifests/v2: no basic auth credentials",
			"pullprobe check " ECR "/team/app:v2"},
		{"manifest for drainnode/leader:v1 not found: manifest unknown",
			"pullprobe check drainnode/leader:v1"},
		{"dial tcp: lookup api.ecr.eu-west-1.amazonaws.com: no such host",
			"pullprobe check ACCOUNT.dkr.ecr.eu-west-1.amazonaws.com/REPOSITORY:TAG"},
		{"no matching manifest for linux/arm64/v8",
			"pullprobe check --platform linux/arm64 "
			"ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG"},
		{"failed to validate logger args: signal: killed",
			"pullprobe check --also logs "
			"ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG"},
		/* what a shell would obey is not passed on */
		{"failed to resolve ref " ECR "/app:$(reboot): not found",
			"pullprobe check ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(rows); i++) {
		struct arena arena = {0};
		struct explanation explanation = error_text_explain(&arena, text_of(rows[i].text));
		check_text(i, explanation.next, rows[i].next);
		arena_end(&arena);
	}
}

static void hosts_are_judged_by_their_form(void **state)
{
	static const struct {
		const char *host;
		enum host_kind kind;
	} rows[] = {
		{ECR, HOST_VALID},
		{"api.ecr.eu-central-1.amazonaws.com", HOST_VALID},
		{"ecr.eu-central-1.amazonaws.com", HOST_VALID},
		{"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", HOST_VALID},
		{"registry-1.docker.io", HOST_VALID},
		{"api.ecr.us-esat-1.amazonaws.com", HOST_WRONG},
		{"api.ecr.us-east-3.amazonaws.com", HOST_WRONG},
		{".dkr.ecr.us-east-1.amazonaws.com", HOST_WRONG},
		{"12345678901.dkr.ecr.us-east-1.amazonaws.com", HOST_WRONG},
		{"123456789012.dkr.ecr-fips.eu-west-2.amazonaws.com", HOST_WRONG},
		{"api.ecr-public.ap-south-1.amazonaws.com", HOST_WRONG},
		{"123456789012.dkr.ecr.cn-north-1.amazonaws.com", HOST_WRONG},
		{"***.dkr.ecr.us-east-1.amazonaws.com", HOST_UNSURE},
		{"123456789012.dkr.ecr.***.amazonaws.com", HOST_UNSURE},
		{"registry.example.net", HOST_UNSURE},
		{"", HOST_UNSURE},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(rows); i++)
		check_row(i, error_text_host_kind(text_of(rows[i].host)) == rows[i].kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_explained_as_far_as_it_tells),
		cmocka_unit_test(the_organization_behind_an_endpoint_is_named),
		cmocka_unit_test(what_a_text_went_through_changes_nothing),
		cmocka_unit_test(a_cut_text_is_never_sure_of_something_else),
		cmocka_unit_test(hostile_bytes_are_survived),
		cmocka_unit_test(the_next_line_names_the_image),
		cmocka_unit_test(hosts_are_judged_by_their_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
