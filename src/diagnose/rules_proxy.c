/* What the proxy of --proxy answers to CONNECT. Its name and its connection have their rows in the
 * parts of dns and tcp. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

/* clang-format off */
static const struct rule rows[] = {
	{.id = "proxy-password", .symptoms = SYMPTOM(STATUS), .endpoints = ENDPOINT(PROXY),
		.status = {407, 407}, .cause = CAUSE_PROXY_UNREACHABLE,
		.says = "The proxy {proxy} wants a user and password before it connects to {host} "
		"(status 407), and those of --proxy, if any, are not what it takes.",
		.fix = {"Give user and password: --proxy http://USER:PASSWORD@HOST:PORT; only "
		"Basic is spoken. Or exempt this machine on the proxy."}},
	{.id = "proxy-refuses", .symptoms = SYMPTOM(STATUS), .endpoints = ENDPOINT(PROXY),
		.status = {400, 499}, .cause = CAUSE_PROXY_UNREACHABLE,
		.says = "The proxy {proxy} refuses to connect to {host} (status {status}).",
		.fix = {"Allow CONNECT to {host}:443 on the proxy."}},
	{.id = "proxy-fails", .symptoms = SYMPTOM(STATUS), .endpoints = ENDPOINT(PROXY),
		.status = {500, 999}, .cause = CAUSE_PROXY_UNREACHABLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_DNS_NXDOMAIN},
		.says = "The proxy {proxy} does not reach {host} itself (status {status}).",
		.verify = "The proxy's own log for {host}: no name, no route, or a rule of its "
		"own.",
		.fix = {"Give the proxy a way to {host}:443, and a resolver that knows the name."}},
	{.id = "proxy-silent", .symptoms = SYMPTOM(TIMEOUT) | SYMPTOM(STALLED),
		.endpoints = ENDPOINT(PROXY), .cause = CAUSE_PROXY_UNREACHABLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_TIMEOUT},
		.says = "The proxy {proxy} does not answer the request for {host} within "
		"{seconds}: it waits for {host} itself, or is no proxy.",
		.verify = "The proxy's own log for {host}; a run with a longer --timeout.",
		.fix = {"Give the proxy a way to {host}:443; check host and port of the proxy."}},
	{.id = "proxy-is-none", .symptoms = SYMPTOM(MALFORMED) | SYMPTOM(TOO_LARGE),
		.endpoints = ENDPOINT(PROXY), .cause = CAUSE_PROXY_UNREACHABLE,
		.says = "What answers at {proxy} is no HTTP proxy: {words}.",
		.fix = {"Correct host and port of --proxy."}},
	{.id = "proxy-cut", .endpoints = ENDPOINT(PROXY), .cause = CAUSE_PROXY_UNREACHABLE,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_RESET},
		.says = "The proxy {proxy} ends the connection instead of leading to {host}: "
		"{words}.",
		.fix = {"Allow CONNECT to {host}:443 on the proxy; check host and port of "
		"--proxy."}},
};
/* clang-format on */

const struct rule_part rules_proxy = RULE_PART(STAGE(HTTP), rows);
