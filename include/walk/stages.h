/* The stages, in walking order. Each writes its steps and leaves what it found in the journey;
 * each has follow-ups of its failed steps, which are the steps from index `from` on. */
#pragma once
#include "walk/journey.h"

void walk_dns(struct journey *journey);
void walk_tcp(struct journey *journey);
void walk_tls(struct journey *journey);
void walk_http(struct journey *journey); /* asks for credentials and token beside */
void walk_credentials(struct journey *journey);
void walk_token(struct journey *journey);
void walk_manifest(struct journey *journey);
void walk_layers(struct journey *journey);

/* the ladder of some climbs only: for hosts that a redirect names */
void ladder_dns(struct journey *journey, struct climb *climbs, size_t count);
void ladder_tcp(struct journey *journey, struct climb *climbs, size_t count);
void ladder_tls(struct journey *journey, struct climb *climbs, size_t count);

void follow_dns(struct journey *journey, size_t from);
void follow_tcp(struct journey *journey, size_t from);
void follow_tls(struct journey *journey, size_t from);
void follow_http(struct journey *journey, size_t from);
void follow_credentials(struct journey *journey, size_t from);
void follow_manifest(struct journey *journey, size_t from);
void follow_layers(struct journey *journey, size_t from);

/* the own addresses, resolvers and MTU, before any packet is sent */
void vantage_look(struct journey *journey);

/* Looks for the source of credentials, in environment and files. STS joins the climbs, which have
 * room for one more, when a role must be asked for. */
void credentials_choose(struct journey *journey);

/* Asks the source, and the task metadata at once; then STS for a role, where one is wanted. */
void credentials_ask(struct journey *journey);

/* STS' answer when it was asked for credentials: it greets with it too; NULL: it was not asked */
const struct exchange *credentials_answer(const struct journey *journey, const struct climb *climb);

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
