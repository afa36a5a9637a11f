/* The way through an HTTP proxy. The proxy is an endpoint of its own: its name and its connection
 * are steps, and so is each CONNECT. What it does beyond, the target's name and connection, is not
 * seen from here. */
#include "model/proxy.h"
#include "walk/stages.h"
#include <unistd.h>

static const struct proxy *proxy_of(const struct journey *journey)
{
	return &journey->options->proxy;
}

/* the first that is set, in the order of curl */
static struct text variable(const struct journey *journey, const char *const names[])
{
	struct text value = {0};
	for (size_t i = 0; names[i] && value.len == 0; i++)
		value = environment_get(&journey->options->environment, text_of(names[i]));
	return value;
}

static bool is_excepted(const struct journey *journey, const struct endpoint *endpoint)
{
	static const char *const names[] = {"no_proxy", "NO_PROXY", NULL};
	return proxy_excepts(variable(journey, names), endpoint->host, endpoint->port);
}

void proxy_begin(struct journey *journey)
{
	const struct proxy *proxy = proxy_of(journey);
	journey->proxy = (struct climb){
		.endpoint = {.role = ROLE_PROXY, .host = proxy->host, .port = proxy->port},
		.fd = -1,
	};
	texts_add(journey->arena, &journey->secrets, proxy->basic);
	texts_add(journey->arena, &journey->secrets, proxy->password);
}

bool proxy_is_asked(const struct journey *journey)
{
	return proxy_of(journey)->host.len > 0;
}

void proxy_route(struct journey *journey, struct climb *climb)
{
	climb->by_proxy = proxy_is_asked(journey) && climb->endpoint.role != ROLE_PROXY &&
		!is_excepted(journey, &climb->endpoint);
	if (climb->by_proxy)
		climb->stopped = journey->proxy.stopped;
}

void proxy_saw(struct journey *journey, struct step *step, const struct climb *climb)
{
	if (climb->by_proxy || climb->endpoint.role == ROLE_PROXY)
		saw(journey, step, FACT_PROXY, proxy_of(journey)->url);
}

void proxy_leave(struct journey *journey, enum stage stage, const struct climb *climb)
{
	struct step *step = record_skip(journey, stage, climb->endpoint.role, climb->endpoint.host,
		CAUSE_NOT_ASKED,
		stage == STAGE_DNS ? T("the proxy resolves this name")
				   : T("the proxy makes this connection"));
	proxy_saw(journey, step, climb);
}

static struct text authority(struct journey *journey, struct text host, uint16_t port)
{
	bool six = text_holds(host, T(":")) && !text_starts(host, T("["));
	return text_format(
		journey->arena, six ? "[%.*s]:%u" : "%.*s:%u", TEXT(host), (unsigned)port);
}

struct dial proxy_dial(struct journey *journey, struct text host, uint16_t port)
{
	return (struct dial){
		.to = journey->proxy.reached,
		.tunnel = authority(journey, host, port),
		.tunnel_basic = proxy_of(journey)->basic,
		.fd = -1,
	};
}

struct dial proxy_dial_again(struct journey *journey, const struct step *step)
{
	const struct climb *climb = climb_of(journey, step->role);
	struct dial dial = {.fd = -1};
	if (seen_at_all(step, FACT_PROXY) && climb)
		return proxy_dial(journey, step->host, climb->endpoint.port);
	address_parse(step->peer, &dial.to);
	return dial;
}

void proxy_judge(struct journey *journey, struct climb *climb, const struct dial *dial)
{
	proxy_leave(journey, STAGE_TCP, climb);
	struct step *step = record(journey, STAGE_HTTP, ROLE_PROXY, climb->endpoint.host,
		dial->cause, dial->detail, dial->began_us, dial->took_us);
	step->peer = address_peer(journey->arena, &dial->to);
	proxy_saw(journey, step, climb);
	if (dial->status)
		step_counted(journey->arena, step, FACT_STATUS, dial->status);
	saw(journey, step, FACT_ERRNO, dial->error);
	saw(journey, step, FACT_SERVER, dial->server);
	saw(journey, step, FACT_VIA, dial->via);
	saw(journey, step, FACT_CHALLENGE, dial->challenge);
	climb->fd = dial->fd;
	if (dial->cause == CAUSE_NONE)
		climb->reached = dial->to;
	else
		climb->stopped = text_format(journey->arena, "the proxy does not lead to %.*s",
			TEXT(climb->endpoint.host));
}

void proxy_take(struct journey *journey, struct exchange *exchange, bool by_proxy)
{
	if (!by_proxy)
		return;
	exchange->proxy = proxy_of(journey)->url;
	exchange->proxy_user = proxy_of(journey)->user;
	exchange->proxy_password = proxy_of(journey)->password;
}

/* Something of the path would go by the environment's proxy, if the pull used one. */
static bool concerns_us(const struct journey *journey)
{
	for (size_t i = 0; i < journey->plan->count; i++)
		if (!is_excepted(journey, &journey->plan->endpoints[i]))
			return true;
	return false;
}

void proxy_note(struct journey *journey)
{
	static const char *const names[] = {
		"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL};
	struct text configured = variable(journey, names);
	if (configured.len == 0 || proxy_is_asked(journey) || !concerns_us(journey))
		return;
	for (size_t i = 0; i < journey->evidence->count; i++) {
		struct step *step = &journey->evidence->steps[i];
		if (step->stage != STAGE_CREDENTIALS || seen_at_all(step, FACT_PROXY))
			continue;
		saw(journey, step, FACT_PROXY, proxy_shown(journey->arena, configured));
		return;
	}
}
