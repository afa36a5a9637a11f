/* The token of a registry other than private ECR: what its challenge asks for, at the service that
 * it names. https://distribution.github.io/distribution/spec/auth/token/ */
#include "base/file.h"
#include "walk/blobs.h"

enum { CONFIG_MAX = 1024 * 1024 };

/* the login -------------------------------------------------------------------------------- */

/* --user, then Docker's configuration file, then none. AWS credentials are not looked for: they are
 * nobody else's.
 * https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties
 */
static void pass_over(struct probe *probe, const char *source, struct text why_not)
{
	texts_add(probe->arena, &probe->registry_auth.passed_over,
		text_format(probe->arena, "%s: %.*s", source, TEXT(why_not)));
}

static void login_look(struct probe *probe)
{
	const struct environment *variables = &probe->options->environment;
	struct registry_auth *registry_auth = &probe->registry_auth;
	struct login *login = &registry_auth->login;
	struct text directory = environment_get(variables, T("DOCKER_CONFIG"));
	struct text home = environment_get(variables, T("HOME")), json, why_not = {0};
	struct text path = directory.len
		? text_format(probe->arena, "%.*s/config.json", TEXT(directory))
		: text_format(probe->arena, "%.*s/.docker/config.json", TEXT(home));
	registry_auth->source = T("option");
	*login = probe->options->login;
	if (login->basic.len == 0) {
		pass_over(probe, "option", T("--user is not given"));
		registry_auth->source = T("docker_config");
		if (file_read(probe->arena, path, CONFIG_MAX, &json, &why_not))
			login_parse(probe->arena, json, probe->target->host, login, &why_not);
	}
	if (login->basic.len == 0) {
		pass_over(probe, "docker_config", why_not);
		registry_auth->source = T("anonymous");
	}
	texts_add(probe->arena, &probe->secrets, login->basic);
	texts_add(probe->arena, &probe->secrets, login->password);
}

/* To have none is no failure: most images of such registries are public. */
void walk_login(struct probe *probe)
{
	const struct registry_auth *registry_auth = &probe->registry_auth;
	struct step *step = record(
		probe, STAGE_CREDENTIALS, ENDPOINT_CALLER, T(""), SYMPTOM_NONE, T(""), 0, 0);
	saw(probe, step, FACT_SOURCE, registry_auth->source);
	saw_list(probe, step, FACT_PASSED_OVER, registry_auth->passed_over);
	saw(probe, step, FACT_PRINCIPAL, registry_auth->login.user);
	proxy_note(probe, step);
	probe->evidence->vantage.credential_source = registry_auth->source;
}

/* the challenge ---------------------------------------------------------------------------- */

/* the state of a URL's host, among those of the registry and its token service */
static struct endpoint_state *state_at(struct probe *probe, const struct url *url)
{
	for (size_t i = 0; i < probe->state_count; i++) {
		enum endpoint_kind kind = probe->states[i].endpoint.kind;
		if ((kind == ENDPOINT_API || kind == ENDPOINT_DKR) &&
			state_is_at(&probe->states[i], url))
			return &probe->states[i];
	}
	return NULL;
}

void registry_auth_foresee(struct probe *probe)
{
	const struct registry *known = registry_known(probe->target->host);
	struct registry_auth *registry_auth = &probe->registry_auth;
	struct url url;
	login_look(probe);
	if (!known || !url_parse(known->realm, &url))
		return;
	registry_auth->challenge = (struct challenge){SCHEME_BEARER, known->realm, known->service};
	registry_auth->at = state_at(probe, &url);
}

static bool registry_auth_request(struct probe *probe, struct exchange *out)
{
	const struct registry_auth *registry_auth = &probe->registry_auth;
	if (!registry_auth->at || registry_auth->at->stopped.len)
		return false;
	*out = request_to(probe, registry_auth->at, T("/"));
	out->url = challenge_url(probe->arena, &registry_auth->challenge, probe->target->repository,
		probe->options->push ? "pull,push" : "pull");
	out->body_keep = out->body_max = TOKEN_ANSWER_MAX;
	out->basic = registry_auth->login.basic;
	return true;
}

/* Where credentials must not go. A registry on this machine may have its token service there. */
static const char *refuse_realm(const struct endpoint_state *registry, const struct url *url)
{
	struct address address;
	if (!text_equal(url->scheme, T("https")))
		return "a token service over plain http";
	if (!address_parse(url->host, &address) || address_is_loopback(&registry->reached))
		return NULL;
	if (address_is_loopback(&address) || address_is_link_local(&address))
		return "a token service at an address that none can have";
	return NULL;
}

static bool refused(struct probe *probe, const struct url *url, const char *why)
{
	struct registry_auth *registry_auth = &probe->registry_auth;
	if (why) {
		registry_auth->symptom = SYMPTOM_FORBIDDEN_HOST;
		registry_auth->detail = text_format(probe->arena, "%s: %.*s://%.*s%.*s", why,
			TEXT(url->scheme), TEXT(url->host), TEXT(url->path));
		registry_auth->at = NULL;
	}
	return why != NULL;
}

/* the request for the token, and beside it the greeting of a host that is new */
static void ask_service(struct probe *probe, struct endpoint_state *fresh)
{
	struct exchange request;
	if (fresh && !fresh->stopped.len)
		fresh->anonymous = exchange_to(probe, anonymous_to(probe, fresh), &fresh->reached);
	if (registry_auth_request(probe, &request))
		probe->token_exchange = exchange_to(probe, request, &request.address);
	if (probe->token_exchange)
		request_await(probe, probe->token_exchange, &probe->token_trial);
	if (!fresh)
		return;
	if (!fresh->anonymous) {
		record_skip(probe, STAGE_HTTP, ENDPOINT_API, fresh->endpoint.host,
			SYMPTOM_DEPENDENCY, fresh->stopped);
		return;
	}
	request_await(probe, fresh->anonymous, NULL);
	anonymous_judge(probe, fresh, fresh->anonymous);
}

static void follow_bearer(struct probe *probe, const struct endpoint_state *registry)
{
	struct registry_auth *registry_auth = &probe->registry_auth;
	const char *astray = address_is_loopback(&registry->reached)
		? NULL
		: "a token service whose name leads to an address that none can have";
	struct endpoint_state *fresh = NULL;
	struct url url;
	if (!url_parse(registry_auth->challenge.realm, &url)) {
		registry_auth->symptom = SYMPTOM_MALFORMED;
		registry_auth->detail = T("it names no token service by an http or https URL");
		return;
	}
	if (refused(probe, &url, refuse_realm(registry, &url)))
		return;
	registry_auth->at = state_at(probe, &url);
	if (!registry_auth->at) {
		/* its connectivity is checked now: there is room for one more */
		registry_auth->at = fresh = &probe->states[probe->state_count++];
		*fresh = (struct endpoint_state){
			.endpoint = {.kind = ENDPOINT_API, .host = url.host, .port = url.port},
			.refusal = astray};
		connectivity_pass(probe, fresh, 1);
	}
	/* a name can lead where an address must not */
	bool is_led_astray = astray && (fresh || !registry_auth->at->stopped.len) &&
		state_leads_astray(registry_auth->at);
	if (!refused(probe, &url, is_led_astray ? astray : NULL))
		ask_service(probe, fresh);
}

/* After the registry's own anonymous answer (NULL: there was none): what differs from what was
 * foreseen is asked for now. */
static void follow_challenge(struct probe *probe, const struct exchange *anonymous)
{
	struct registry_auth *registry_auth = &probe->registry_auth;
	struct endpoint_state *registry = state_of(probe, ENDPOINT_DKR);
	const struct challenge *foreseen = &registry_auth->challenge;
	struct challenge told = {0};
	if (!anonymous || why_not(registry).len)
		return;
	registry_auth->is_open = anonymous->status == 200;
	if (!registry_auth->is_open && challenge_read(probe, anonymous, &told) &&
		foreseen->scheme == told.scheme && text_equal(foreseen->realm, told.realm) &&
		text_equal(foreseen->service, told.service))
		return;
	probe->token_exchange = NULL;
	registry_auth->at = NULL;
	registry_auth->challenge = told;
	if (told.scheme == SCHEME_BEARER)
		follow_bearer(probe, registry);
	if (told.scheme != SCHEME_BASIC)
		return;
	/* the registry signs in by itself: whether it takes the password shows at "/v2/" */
	registry_auth->at = registry;
	struct exchange request = request_to(probe, registry, T("/v2/"));
	request.basic = registry_auth->login.basic;
	if (request.basic.len)
		probe->token_exchange = exchange_to(probe, request, &registry->reached);
}

/* Only what is foreseen can be asked for at once, and only where it goes is known. */
void walk_challenge(struct probe *probe)
{
	const struct endpoint_state *at = probe->registry_auth.at;
	const struct endpoint_state *dkr = state_of(probe, ENDPOINT_DKR);
	struct exchange request;
	if (!wants(probe, STAGE_CREDENTIALS))
		return;
	while (!names_are_settled(probe) || (at && at->stage < STAGE_HTTP && !state_done(at)))
		activities_wait(probe);
	if (registry_auth_request(probe, &request))
		probe->token_exchange = exchange_to(probe, request, &request.address);
	await_state(probe, dkr);
	follow_challenge(probe, dkr ? dkr->anonymous : NULL);
}

/* the token -------------------------------------------------------------------------------- */

static struct verdict judge_token(
	struct probe *probe, const struct exchange *exchange, int64_t *expires)
{
	struct verdict verdict = {.symptom = exchange->symptom, .detail = exchange->detail};
	struct aws_error *error = &verdict.error;
	if (exchange->symptom != SYMPTOM_NONE)
		return verdict;
	if (exchange->status == 200) {
		int64_t seconds;
		probe->token_is_bearer = probe->registry_auth.challenge.scheme != SCHEME_BASIC;
		if (!probe->token_is_bearer) {
			probe->token = probe->registry_auth.login.basic;
		} else if (bearer_parse(probe->arena, exchange->kept, &probe->token, &seconds,
				   &verdict.detail)) {
			texts_add(probe->arena, &probe->secrets, probe->token);
			*expires = clock_unix() + seconds;
		} else {
			verdict.symptom = SYMPTOM_MALFORMED;
		}
		return verdict;
	}
	bool told = error_parse(probe->arena, exchange->kept, ERROR_REGISTRY, error) ||
		error_parse(probe->arena, exchange->kept, ERROR_TOKEN_SERVICE, error);
	judge_error(
		probe, exchange, told || (!is_page(exchange) && exchange->status >= 400), &verdict);
	return verdict;
}

void walk_registry_auth(struct probe *probe)
{
	const struct registry_auth *registry_auth = &probe->registry_auth;
	const struct endpoint_state *registry = state_of(probe, ENDPOINT_DKR);
	const struct endpoint_state *at = registry_auth->at ? registry_auth->at : registry;
	enum symptom symptom = registry_auth->symptom;
	struct text detail = registry_auth->detail;
	bool wants_password = registry->stopped.len == 0 &&
		registry_auth->challenge.scheme == SCHEME_BASIC;
	if (probe->token_exchange) {
		struct step *step = token_record(probe, at->endpoint.host, judge_token);
		saw(probe, step, FACT_SCHEME, scheme_name(registry_auth->challenge.scheme));
		return;
	}
	if (!registry_auth->is_open && symptom == SYMPTOM_NONE && wants_password) {
		symptom = SYMPTOM_UNAUTHENTICATED;
		detail = T("the registry asks for a user name and password, and there are none");
	} else if (!registry_auth->is_open && symptom == SYMPTOM_NONE) {
		record_skip(probe, STAGE_TOKEN, ENDPOINT_API, at->endpoint.host, SYMPTOM_DEPENDENCY,
			at->stopped.len			? at->stopped
				: registry->stopped.len ? registry->stopped
							: T("it was not asked for"));
		return;
	}
	/* no request was needed, or none could be made */
	struct step *step = record(probe, STAGE_TOKEN, ENDPOINT_API, registry->endpoint.host,
		registry_auth->is_open ? SYMPTOM_NONE : symptom, detail, 0, 0);
	saw(probe, step, FACT_SCHEME, scheme_name(registry_auth->challenge.scheme));
}
