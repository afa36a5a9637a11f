/* Calls of AWS services: signed by libcurl with the probe's credentials, judged and recorded in one
 * way. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
#include "walk/stages.h"

enum { ANSWER_MAX = 1024 * 1024 };

void aws_sign(const struct probe *probe, struct exchange *exchange, struct text region,
	struct text service)
{
	exchange->access_key = probe->credentials.access_key;
	exchange->secret_key = probe->credentials.secret_key;
	exchange->session_token = probe->credentials.session_token;
	exchange->region = region;
	exchange->service = service;
}

void aws_json_call(
	struct probe *probe, struct exchange *exchange, struct text target, struct text body)
{
	struct header *headers = arena_new(probe->arena, struct header, 2);
	headers[0] = (struct header){T("Content-Type"), T("application/x-amz-json-1.1")};
	headers[1] = (struct header){T("X-Amz-Target"), target};
	exchange->post = true;
	exchange->body = body;
	exchange->body_keep = exchange->body_max = ANSWER_MAX;
	exchange->send = headers;
	exchange->send_count = 2;
}

struct exchange ecr_call(struct probe *probe, const char *action, struct text body)
{
	struct exchange exchange = request_to(probe, state_of(probe, ENDPOINT_API), T("/"));
	aws_json_call(probe, &exchange,
		text_format(probe->arena, "AmazonEC2ContainerRegistry_V20150921.%s", action), body);
	aws_sign(probe, &exchange, probe->target->region, T("ecr"));
	return exchange;
}

bool ecr_can_be_called(struct probe *probe)
{
	/* what is signed for AWS is sent to nobody else */
	return is_private_ecr(probe) && why_not(state_of(probe, ENDPOINT_API)).len == 0 &&
		probe->credentials.access_key.len > 0;
}

struct verdict aws_judge(struct probe *probe, const struct exchange *exchange)
{
	struct verdict verdict = {.symptom = exchange->symptom, .detail = exchange->detail};
	if (exchange->symptom != SYMPTOM_NONE || exchange->status == 200 || exchange->status == 206)
		return verdict;
	if (!aws_error_parse(probe->arena, exchange->kept, &verdict.error) &&
		!aws_xml_error_parse(probe->arena, exchange->kept, &verdict.error))
		verdict.symptom = exchange->status >= 500 ? SYMPTOM_UNAVAILABLE
							  : SYMPTOM_NOT_THE_SERVICE;
	else
		verdict.symptom = symptom_of_error(exchange->status, &verdict.error);
	verdict.detail = verdict.error.message.len ? verdict.error.message : verdict.error.code;
	if (verdict.detail.len == 0)
		verdict.detail = status_words(probe, exchange);
	return verdict;
}

struct step *record_verdict(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	struct text host, const struct exchange *exchange, const struct verdict *verdict)
{
	struct step *step = record(probe, stage, kind, host, verdict->symptom, verdict->detail,
		exchange->began_us, exchange->took_us);
	saw_answer(probe, step, exchange);
	bool is_good = exchange->status / 100 == 2;
	if (verdict->symptom == SYMPTOM_NONE || verdict->body == BODY_HIDDEN)
		return step;
	if (verdict->error.code.len + verdict->error.message.len)
		saw_error(probe, step, &verdict->error);
	else if (!is_good || verdict->body == BODY_SHOWN)
		saw_body(probe, step, exchange);
	return step;
}
