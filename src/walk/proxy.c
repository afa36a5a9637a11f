/* The way through an HTTP proxy. The proxy is an endpoint of its own: its name and its connection
 * are steps, and so is each CONNECT. What it does beyond, the target's name and connection, is not
 * seen from here. */
#include "model/url.h"
#include "walk/stages.h"
#include <unistd.h>

/* the first that is set, in the order of curl */
static struct text proxy_variable(const struct probe *probe, const char *const names[])
{
	struct text value = {0};
	for (size_t i = 0; names[i] && value.len == 0; i++)
		value = environment_get(&probe->options->environment, text_of(names[i]));
	return value;
}

static bool is_excepted(const struct probe *probe, const struct endpoint *endpoint)
{
	static const char *const names[] = {"no_proxy", "NO_PROXY", NULL};
	return proxy_excepts(proxy_variable(probe, names), endpoint->host, endpoint->port);
}

void proxy_begin(struct probe *probe)
{
	const struct proxy *proxy = &probe->options->proxy;
	probe->proxy = (struct endpoint_state){
		.endpoint = {.kind = ENDPOINT_PROXY, .host = proxy->host, .port = proxy->port},
	};
	texts_add(probe->arena, &probe->secrets, proxy->basic);
	texts_add(probe->arena, &probe->secrets, proxy->password);
}

bool proxy_is_asked(const struct probe *probe)
{
	return probe->options->proxy.host.len > 0;
}

void proxy_route(struct probe *probe, struct endpoint_state *state)
{
	state->by_proxy = proxy_is_asked(probe) && state->endpoint.kind != ENDPOINT_PROXY &&
		!is_excepted(probe, &state->endpoint);
	if (state->by_proxy)
		state->stopped = probe->proxy.stopped;
}

void proxy_saw(struct probe *probe, struct step *step, const struct endpoint_state *state)
{
	if (state->by_proxy || state->endpoint.kind == ENDPOINT_PROXY)
		saw(probe, step, FACT_PROXY, probe->options->proxy.url);
}

void proxy_leave(struct probe *probe, enum stage stage, const struct endpoint_state *state)
{
	struct step *step = record_skip(probe, stage, state->endpoint.kind, state->endpoint.host,
		SYMPTOM_NOT_ASKED,
		stage == STAGE_DNS ? T("the proxy resolves this name")
				   : T("the proxy makes this connection"));
	proxy_saw(probe, step, state);
}

struct dial proxy_dial(struct probe *probe, struct text host, uint16_t port)
{
	bool six = text_holds(host, T(":")) && !text_starts(host, T("["));
	return (struct dial){
		.to = probe->proxy.reached,
		.tunnel = text_format(
			probe->arena, six ? "[%.*s]:%u" : "%.*s:%u", TEXT(host), (unsigned)port),
		.tunnel_basic = probe->options->proxy.basic,
		.fd = -1,
	};
}

struct step *proxy_judge(struct probe *probe, struct endpoint_state *state, const struct dial *dial)
{
	proxy_leave(probe, STAGE_TCP, state);
	struct step *step = record(probe, STAGE_HTTP, ENDPOINT_PROXY, state->endpoint.host,
		dial->symptom, dial->detail, dial->began_us, dial->took_us);
	step->peer = address_peer(probe->arena, &dial->to);
	proxy_saw(probe, step, state);
	if (dial->status)
		step_counted(probe->arena, step, FACT_STATUS, dial->status);
	saw(probe, step, FACT_ERRNO, dial->error);
	saw(probe, step, FACT_SERVER, dial->server);
	saw(probe, step, FACT_VIA, dial->via);
	saw(probe, step, FACT_CHALLENGE, dial->challenge);
	if (dial->symptom != SYMPTOM_NONE)
		state->stopped = text_format(probe->arena, "the proxy does not lead to %.*s",
			TEXT(state->endpoint.host));
	return step;
}

void proxy_take(struct probe *probe, struct exchange *exchange, bool by_proxy)
{
	if (!by_proxy)
		return;
	exchange->proxy = probe->options->proxy.url;
	exchange->proxy_user = probe->options->proxy.user;
	exchange->proxy_password = probe->options->proxy.password;
}

void proxy_note(struct probe *probe, struct step *step)
{
	static const char *const names[] = {
		"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL};
	struct text configured = proxy_variable(probe, names);
	bool concerns_us = false; /* something of the path would go by it, if the pull used one */
	for (size_t i = 0; i < probe->plan->count; i++)
		concerns_us |= !is_excepted(probe, &probe->plan->endpoints[i]);
	if (configured.len && !proxy_is_asked(probe) && concerns_us)
		saw(probe, step, FACT_PROXY, proxy_shown(probe->arena, configured));
}
