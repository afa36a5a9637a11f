/* The registry token: ecr:GetAuthorizationToken, signed by libcurl.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
#include "base/base64.h"
#include "walk/stages.h"

enum { ANSWER_MAX = 1024 * 1024 };

struct exchange api_request(struct journey *journey, struct text action, struct text body)
{
	struct header *headers = arena_new(journey->arena, struct header, 2);
	headers[0] = (struct header){T("Content-Type"), T("application/x-amz-json-1.1")};
	headers[1] = (struct header){T("X-Amz-Target"),
		text_format(
			journey->arena, "AmazonEC2ContainerRegistry_V20150921.%.*s", TEXT(action))};
	struct exchange exchange = request_to(journey, climb_of(journey, ROLE_API), T("/"));
	exchange.post = true;
	exchange.body = body;
	exchange.body_keep = ANSWER_MAX;
	exchange.send = headers;
	exchange.send_count = 2;
	exchange.access_key = journey->credentials.access_key;
	exchange.secret_key = journey->credentials.secret_key;
	exchange.session_token = journey->credentials.session_token;
	exchange.region = journey->target->region;
	exchange.service = T("ecr");
	return exchange;
}

bool token_request(struct journey *journey, struct exchange *out)
{
	const struct climb *api = climb_of(journey, ROLE_API);
	/* what is signed for AWS is nobody else's */
	if (why_not(api).len || journey->credentials.access_key.len == 0 ||
		journey->target->kind != REGISTRY_ECR)
		return false;
	*out = api_request(journey, T("GetAuthorizationToken"), T("{}"));
	return true;
}

/* why there is no answer to judge; empty when there is one */
static struct text hindrance(struct journey *journey)
{
	struct text reason = why_not(climb_of(journey, ROLE_API));
	if (reason.len)
		return reason;
	if (journey->credentials.access_key.len == 0)
		return T("there are no credentials to ask with");
	return journey->token_exchange ? T("") : T("it was not asked for");
}

static enum cause take_token(struct journey *journey, const struct exchange *exchange,
	int64_t *expires, struct text *detail)
{
	struct text password = {0};
	if (!authorization_parse(journey->arena, exchange->kept, &journey->token, expires, detail))
		return CAUSE_MALFORMED;
	/* it is "AWS:" and the password in base64: a registry may repeat either */
	base64_decode(journey->arena, journey->token, &password);
	text_cut(&password, T(":"));
	texts_add(journey->arena, &journey->secrets, journey->token);
	texts_add(journey->arena, &journey->secrets, password);
	return CAUSE_NONE;
}

static enum cause judge(struct journey *journey, const struct exchange *exchange,
	struct aws_error *error, int64_t *expires, struct text *detail)
{
	*detail = exchange->detail;
	if (exchange->cause != CAUSE_NONE)
		return exchange->cause;
	if (exchange->status == 200)
		return take_token(journey, exchange, expires, detail);
	*detail = text_format(journey->arena, "HTTP status %d", exchange->status);
	if (!aws_error_parse(journey->arena, exchange->kept, error) &&
		!aws_xml_error_parse(journey->arena, exchange->kept, error))
		return exchange->status >= 500 ? CAUSE_UNAVAILABLE : CAUSE_NOT_THE_SERVICE;
	if (error->message.len)
		*detail = error->message;
	return cause_of_error(exchange->status, error);
}

void walk_token(struct journey *journey)
{
	if (!is_private_ecr(journey)) {
		walk_sign_in(journey);
		return;
	}
	const struct climb *api = climb_of(journey, ROLE_API);
	struct text host = api ? api->endpoint.host : T("");
	struct text reason = hindrance(journey);
	if (reason.len) {
		record_skip(journey, STAGE_TOKEN, ROLE_API, host, CAUSE_DEPENDENCY, reason);
		return;
	}
	struct exchange *exchange = journey->token_exchange;
	exchange_all(journey, exchange, 1);
	struct aws_error error = {0};
	struct text detail;
	int64_t expires = 0;
	enum cause cause = judge(journey, exchange, &error, &expires, &detail);
	struct step *step = record(journey, STAGE_TOKEN, ROLE_API, host, cause, detail,
		exchange->began_us, exchange->took_us);
	saw_answer(journey, step, exchange);
	if (expires)
		saw(journey, step, FACT_EXPIRES, clock_text(journey->arena, expires));
	if (cause != CAUSE_NONE && error.code.len + error.message.len)
		saw_error(journey, step, &error);
	else if (cause != CAUSE_NONE && exchange->status != 200)
		saw_body(journey, step, exchange);
	struct text principal = seen_text(step, FACT_PRINCIPAL);
	/* of an instance only the role's name was known */
	if (principal.len && !text_starts(journey->evidence->vantage.principal, T("arn:")))
		journey->evidence->vantage.principal = principal;
}
