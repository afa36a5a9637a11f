/* The stages, in walking order. Each writes its steps and leaves what it found in the journey;
 * each has follow-ups of its failed steps, which are the steps from index `from` on. */
#pragma once
#include "walk/journey.h"

void walk_dns(struct journey *journey);
void walk_tcp(struct journey *journey);
void walk_tls(struct journey *journey);
void walk_http(struct journey *journey);
void walk_credentials(struct journey *journey);
void walk_token(struct journey *journey);
void walk_manifest(struct journey *journey);
void walk_layers(struct journey *journey);
void walk_start(struct journey *journey);

/* Writes down the order of a task's start, if there is a task. */
void start_order(struct journey *journey);

/* Sends the requests of the http stage, and the token's, on their way while the ladder is climbed,
 * over connections of their own; asks for the credentials before it. */
void http_begin(struct journey *journey);

/* the ladder of some climbs only: for hosts that a redirect names */
void ladder_dns(struct journey *journey, struct climb *climbs, size_t count);
void ladder_tcp(struct journey *journey, struct climb *climbs, size_t count);
void ladder_tls(struct journey *journey, struct climb *climbs, size_t count);

void follow_dns(struct journey *journey, size_t from);
void follow_tcp(struct journey *journey, size_t from);
void follow_tls(struct journey *journey, size_t from);
void follow_http(struct journey *journey, size_t from);
void follow_credentials(struct journey *journey, size_t from);
void follow_token(struct journey *journey, size_t from);
void follow_manifest(struct journey *journey, size_t from);
void follow_layers(struct journey *journey, size_t from);

/* the own addresses, resolvers and MTU, before any packet is sent */
void vantage_look(struct journey *journey);

/* Looks for the source of credentials, in environment and files. STS joins the climbs, which have
 * room for one more, when a role must be asked for. */
void credentials_choose(struct journey *journey);

/* Asks the source, and the task metadata at once; then STS for a role, where one is wanted. */
void credentials_ask(struct journey *journey);

/* Credentials come by STS: by this climb, or with NULL by any. */
bool credentials_need(const struct journey *journey, const struct climb *climb);

/* STS' answer when it was asked for credentials: it greets with it too; NULL: it was not asked */
const struct exchange *credentials_answer(const struct journey *journey, const struct climb *climb);
/* Other registries than private ECR: whose login it is, from --user or Docker's configuration file;
 * AWS credentials are never looked for. */
void login_look(struct journey *journey);
void walk_login(struct journey *journey);

/* The token of such a registry. What its challenge will say is foreseen where it is well known;
 * false when it is not, or when the host of the token service was not reached. */
void sign_in_foresee(struct journey *journey);
bool sign_in_request(struct journey *journey, struct exchange *out);
/* an anonymous request to the token service */
struct exchange sign_in_greeting(struct journey *journey, const struct climb *climb);
/* After the registry's own greeting (NULL: there was none): what differs from what was foreseen is
 * asked for now. */
void sign_in_follow(struct journey *journey, const struct exchange *greeting);
void walk_sign_in(struct journey *journey);

/* judges a greeting, and records its step of the http rung */
void greeting_judge(struct journey *journey, struct climb *climb, const struct exchange *exchange);

/* private ECR: the one registry that AWS credentials are for */
bool is_private_ecr(const struct journey *journey);

/* the request for a registry token; false when there are no credentials for it */
bool token_request(struct journey *journey, struct exchange *out);

/* a request to the ECR API, signed */
struct exchange api_request(struct journey *journey, struct text action, struct text body);

/* GET of a registry path with the token */
struct exchange registry_request(struct journey *journey, struct text path);

/* what a registry's answer means: NONE for the wanted status, else by its error body; fills
 * `error` where it could be read */
enum cause registry_judge(
	struct journey *journey, const struct exchange *exchange, struct aws_error *error);

/* The way through the proxy of --proxy: src/walk/proxy.c. */

void proxy_begin(struct journey *journey);
bool proxy_is_asked(const struct journey *journey);

/* decides whether an endpoint is reached through it */
void proxy_route(struct journey *journey, struct climb *climb);

/* records which proxy a step of this climb goes through, if any */
void proxy_saw(struct journey *journey, struct step *step, const struct climb *climb);

/* a rung that the proxy climbs for us */
void proxy_leave(struct journey *journey, enum stage stage, const struct climb *climb);

/* a connection through it, or where a step of that peer went */
struct dial proxy_dial(struct journey *journey, struct text host, uint16_t port);
struct dial proxy_dial_again(struct journey *journey, const struct step *step);

/* Writes down the proxy's answer for a climb, whose connection it becomes. */
void proxy_judge(struct journey *journey, struct climb *climb, const struct dial *dial);

/* makes an exchange go through it */
void proxy_take(struct journey *journey, struct exchange *exchange, bool by_proxy);

/* Writes down a proxy that the environment names and that is not used. */
void proxy_note(struct journey *journey);
