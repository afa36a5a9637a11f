/* The stages, in walking order. Each writes its steps and leaves what it found in the probe run. */
#pragma once
#include "walk/probe.h"

enum { TOKEN_ANSWER_MAX = 256 * 1024 /* of a token service, in bytes */ };

/* Connections that the blobs of private ECR will use are opened when the names are settled. */
void walk_preconnect(struct probe *probe);
void walk_credentials(struct probe *probe);
void walk_token(struct probe *probe);
void walk_manifest(struct probe *probe);
void walk_layers(struct probe *probe);
void walk_task_launch(struct probe *probe);

/* Begins the way of the proxy, and of all endpoints, up the stages dns, tcp, tls and http. */
void connectivity_begin(struct probe *probe);

/* The same for hosts that an answer names, up to tls; returns when they have passed it. No
 * experiments are made on them. */
void connectivity_pass(struct probe *probe, struct endpoint_state *states, size_t count);

/* The requests of the http stage go out beside the connectivity's own, over connections of their
 * own, when the name of their endpoint is known. */
void http_begin(struct probe *probe, struct endpoint_state *state);

/* The request whose answer decides the http stage of an endpoint that was reached; NULL: it will be
 * known later. */
const struct exchange *http_exchange(struct probe *probe, struct endpoint_state *state);

/* the names are known, or will not be soon */
bool names_are_settled(const struct probe *probe);

/* An image without an index is for the platform that its config, which was served, names. */
void manifest_check_config(struct probe *probe, const struct exchange *served);

/* Asks the agent for the task's metadata, which tells of the vantage. */
void task_begin(struct probe *probe);

/* Looks for the source of credentials, in environment and files. STS joins the endpoints,
 * which have room for one more, when a role must be asked for. */
void credentials_choose(struct probe *probe);

/* Credentials come by STS through this endpoint: by `request`, which is the endpoint's request of
 * the http stage too; NULL: it was not sent. */
bool credentials_ask_at(
	const struct probe *probe, const struct endpoint_state *state, struct exchange **request);
/* Of registries other than private ECR: the login is looked for, and what the challenge will say is
 * foreseen where it is well known; the challenge is met, the login told, and the token taken. */
void registry_auth_foresee(struct probe *probe);
void walk_challenge(struct probe *probe);
void walk_login(struct probe *probe);
void walk_registry_auth(struct probe *probe);

/* the anonymous request by which an endpoint shows what it is */
struct exchange anonymous_to(struct probe *probe, const struct endpoint_state *state);

/* The strongest of an answer's challenges, which may be in one header or in several; false: none.
 */
bool challenge_read(struct probe *probe, const struct exchange *exchange, struct challenge *out);

/* judges its answer, and records the endpoint's step of the http stage */
void anonymous_judge(
	struct probe *probe, struct endpoint_state *state, const struct exchange *exchange);

/* what an answer is worth, and the error in it */
struct verdict {
	enum symptom symptom;
	struct text detail;
	struct aws_error error;
	/* what a failed step shows of a body without an error: that of a good status may be secret
	 */
	enum { BODY_UNLESS_GOOD, BODY_SHOWN, BODY_HIDDEN } body;
};

/* Waits for the token's request, and records its answer, which `judge` takes the token from.
 * `expires` is in Unix seconds; 0: it is not told. */
typedef struct verdict judge_token_fn(
	struct probe *probe, const struct exchange *exchange, int64_t *expires);
struct step *token_record(struct probe *probe, struct text host, judge_token_fn *judge);

/* "HTTP status 503" */
struct text status_words(struct probe *probe, const struct exchange *exchange);

/* Calls of AWS services. */

/* signs a request with the probe's credentials */
void aws_sign(const struct probe *probe, struct exchange *exchange, struct text region,
	struct text service);

/* makes a request a call of a JSON service: `target` is its X-Amz-Target, or empty */
void aws_json_call(
	struct probe *probe, struct exchange *exchange, struct text target, struct text body);

/* a signed call of the ECR API, and whether one can be made */
struct exchange ecr_call(struct probe *probe, const char *action, struct text body);
bool ecr_can_be_called(struct probe *probe);

/* The verdict on a service's answer, by the errors that AWS services give in JSON and XML. What a
 * status of 200 or 206 brings is for the caller to judge. */
struct verdict aws_judge(struct probe *probe, const struct exchange *exchange);

/* Records a judged answer: what HTTP says of it, its error, and where it is none of the service's,
 * how its body begins. */
struct step *record_verdict(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	struct text host, const struct exchange *exchange, const struct verdict *verdict);

/* GET of a registry path with the token */
struct exchange registry_request(struct probe *probe, struct text path);

/* what an error's answer means: that of the service's own, or of somebody else's page */
void judge_error(struct probe *probe, const struct exchange *exchange, bool is_services,
	struct verdict *verdict);

/* what a registry's answer means: NONE for the wanted status, else by its error body */
struct verdict registry_judge(struct probe *probe, const struct exchange *exchange);

/* The way through the proxy of --proxy: src/walk/proxy.c. */

void proxy_begin(struct probe *probe);
bool proxy_is_asked(const struct probe *probe);

/* decides whether an endpoint is reached through it */
void proxy_route(struct probe *probe, struct endpoint_state *state);

/* records which proxy a step of this endpoint goes through, if any */
void proxy_saw(struct probe *probe, struct step *step, const struct endpoint_state *state);

/* a stage that the proxy performs for us */
void proxy_leave(struct probe *probe, enum stage stage, const struct endpoint_state *state);

/* a connection through it */
struct dial proxy_dial(struct probe *probe, struct text host, uint16_t port);

/* Writes down the proxy's answer for an endpoint, whose connection it becomes. */
struct step *proxy_judge(
	struct probe *probe, struct endpoint_state *state, const struct dial *dial);

/* makes an exchange go through it */
void proxy_take(struct probe *probe, struct exchange *exchange, bool by_proxy);

/* A proxy that the environment names and that is not used is recorded with the step of the
 * credentials. */
void proxy_note(struct probe *probe, struct step *step);
