/* The registry token: ecr:GetAuthorizationToken, signed by libcurl.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
#include "base/base64.h"
#include "walk/stages.h"

enum { ANSWER_MAX = 1024 * 1024 };

struct exchange api_request(struct probe *probe, struct text action, struct text body)
{
	struct header *headers = arena_new(probe->arena, struct header, 2);
	headers[0] = (struct header){T("Content-Type"), T("application/x-amz-json-1.1")};
	headers[1] = (struct header){T("X-Amz-Target"),
		text_format(
			probe->arena, "AmazonEC2ContainerRegistry_V20150921.%.*s", TEXT(action))};
	struct exchange exchange = request_to(probe, state_of(probe, ENDPOINT_API), T("/"));
	exchange.post = true;
	exchange.body = body;
	exchange.body_keep = ANSWER_MAX;
	exchange.send = headers;
	exchange.send_count = 2;
	exchange.access_key = probe->credentials.access_key;
	exchange.secret_key = probe->credentials.secret_key;
	exchange.session_token = probe->credentials.session_token;
	exchange.region = probe->target->region;
	exchange.service = T("ecr");
	return exchange;
}

bool token_request(struct probe *probe, struct exchange *out)
{
	const struct endpoint_state *api = state_of(probe, ENDPOINT_API);
	/* what is signed for AWS is nobody else's */
	if (why_not(api).len || probe->credentials.access_key.len == 0 ||
		probe->target->kind != REGISTRY_ECR)
		return false;
	*out = api_request(probe, T("GetAuthorizationToken"), T("{}"));
	return true;
}

/* why there is no answer to judge; empty when there is one */
static struct text hindrance(struct probe *probe)
{
	struct text reason = why_not(state_of(probe, ENDPOINT_API));
	if (reason.len)
		return reason;
	if (probe->credentials.access_key.len == 0)
		return T("there are no credentials to ask with");
	return probe->token_exchange ? T("") : T("it was not asked for");
}

static enum symptom take_token(
	struct probe *probe, const struct exchange *exchange, int64_t *expires, struct text *detail)
{
	struct text password = {0};
	if (!authorization_parse(probe->arena, exchange->kept, &probe->token, expires, detail))
		return SYMPTOM_MALFORMED;
	/* it is "AWS:" and the password in base64: a registry may repeat either */
	base64_decode(probe->arena, probe->token, &password);
	text_cut(&password, T(":"));
	texts_add(probe->arena, &probe->secrets, probe->token);
	texts_add(probe->arena, &probe->secrets, password);
	return SYMPTOM_NONE;
}

static enum symptom judge(struct probe *probe, const struct exchange *exchange,
	struct aws_error *error, int64_t *expires, struct text *detail)
{
	*detail = exchange->detail;
	if (exchange->symptom != SYMPTOM_NONE)
		return exchange->symptom;
	if (exchange->status == 200)
		return take_token(probe, exchange, expires, detail);
	*detail = text_format(probe->arena, "HTTP status %d", exchange->status);
	if (!aws_error_parse(probe->arena, exchange->kept, error) &&
		!aws_xml_error_parse(probe->arena, exchange->kept, error))
		return exchange->status >= 500 ? SYMPTOM_UNAVAILABLE : SYMPTOM_NOT_THE_SERVICE;
	if (error->message.len)
		*detail = error->message;
	return symptom_of_error(exchange->status, error);
}

void walk_token(struct probe *probe)
{
	if (!is_private_ecr(probe)) {
		walk_registry_auth(probe);
		return;
	}
	const struct endpoint_state *api = state_of(probe, ENDPOINT_API);
	struct text host = api ? api->endpoint.host : T("");
	struct text reason = hindrance(probe);
	if (reason.len) {
		record_skip(probe, STAGE_TOKEN, ENDPOINT_API, host, SYMPTOM_DEPENDENCY, reason);
		return;
	}
	struct exchange *exchange = probe->token_exchange;
	exchange_all(probe, exchange, 1);
	struct aws_error error = {0};
	struct text detail;
	int64_t expires = 0;
	enum symptom symptom = judge(probe, exchange, &error, &expires, &detail);
	struct step *step = record(probe, STAGE_TOKEN, ENDPOINT_API, host, symptom, detail,
		exchange->began_us, exchange->took_us);
	saw_answer(probe, step, exchange);
	if (expires)
		saw(probe, step, FACT_EXPIRES, clock_text(probe->arena, expires));
	if (symptom != SYMPTOM_NONE && error.code.len + error.message.len)
		saw_error(probe, step, &error);
	else if (symptom != SYMPTOM_NONE && exchange->status != 200)
		saw_body(probe, step, exchange);
	struct text principal = seen_text(step, FACT_PRINCIPAL);
	/* of an instance only the role's name was known */
	if (principal.len && !text_starts(probe->evidence->vantage.principal, T("arn:")))
		probe->evidence->vantage.principal = principal;
}
