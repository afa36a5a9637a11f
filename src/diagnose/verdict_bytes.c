/* The verdict in bytes. The number is written by its parts, each by the count of its values. */
#include "diagnose/verdict_bytes.h"
#include "base/die.h"
#include "diagnose/code_explain.h"
#include "diagnose/diagnose.h"
#include "diagnose/rule.h"
#include "model/plan.h"
#include <string.h>

enum { CHECK_BYTES = 2, STATUS_MIN = 100, STATUS_MAX = 999 };

enum form { FORM_IPV4, FORM_NAT64, FORM_IPV6_END, FORMS };

/* What a reader who knows the image and the task says as the report did. */
enum same { SAME_NONE, SAME_FIX, SAME_FIX_AND_PEER, SAMES };

/* Beside a status, which only answers have: the pull's endpoints that share a finding of the stages
 * before an answer, a bit each. */
enum {
	OTHERS_MIN = STATUS_MAX - STATUS_MIN + 2,
	OTHERS = 1 << (ENDPOINT_S3 - ENDPOINT_API + 1),
	EXTRAS = OTHERS_MIN + OTHERS,
};

/* the parts of the number, by their places in it */
enum part {
	PLACE,	 /* 1: the first in the order of code_place_next; 0: none */
	EXTRA,	 /* 0: none; a status from STATUS_MIN on is 1; OTHERS_MIN and the bits */
	FORM,	 /* enum form */
	SAME,	 /* enum same */
	ADDRESS, /* 32 bits of it */
	PARTS,
};

struct parts {
	uint64_t at[PARTS];
};

static const uint64_t counts[PARTS] = {1, EXTRAS, FORMS, SAMES, UINT64_C(1) << 32};

static uint64_t number_of(const struct parts *parts)
{
	uint64_t number = 0;
	for (size_t i = 0; i < PARTS; i++)
		number = number * counts[i] + parts->at[i];
	return number;
}

static struct parts parts_of(uint64_t number)
{
	struct parts parts;
	for (size_t i = PARTS - 1; i > PLACE; i--, number /= counts[i + 1])
		parts.at[i] = number % counts[i];
	parts.at[PLACE] = number;
	return parts;
}

/* the check --------------------------------------------------------------------------------- */

static void add_names(struct buffer *out, enum list list, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		buffer_addf(out, "%.*s,", TEXT(list_name(list, i)));
}

/* all that a reader says of a row */
static void add_rule(struct buffer *out, const struct rule *rule)
{
	struct advice advice = rule_advice(rule);
	buffer_addf(out, "%s,%d,", rule->id, rule->certainty);
	for (size_t i = 0; i < RULE_CAUSES; i++)
		buffer_addf(out, "%.*s,", TEXT(cause_name(rule->causes[i])));
	for (size_t i = 0; i < ADVICE_LINES && advice.fix[i]; i++)
		buffer_addf(out, "%s,", advice.fix[i]);
}

/* Of the places in their order, and the codes that they lead to, by FNV-1a
 * (http://www.isthe.com/chongo/tech/comp/fnv/). Never 0, so that a row of zeros is no verdict. The
 * tables never change, so once is enough. */
static uint16_t table_hash(struct arena *arena)
{
	static uint16_t known;
	struct code_place at = {0};
	const struct rule *last = NULL;
	struct buffer out = {.arena = arena};
	uint32_t hash = 2166136261u;
	if (known)
		return known;
	add_names(&out, LIST_STAGE, STAGE_COUNT);
	add_names(&out, LIST_ENDPOINT, ENDPOINT_COUNT);
	add_names(&out, LIST_SYMPTOM, SYMPTOM_COUNT);
	while (code_place_next(&at, ANY_CODE)) {
		const struct finding *finding = &at.finding;
		const char place[] = {(char)finding->stage, (char)finding->endpoint,
			(char)finding->symptom, (char)exit_code_of(finding, false),
			(char)exit_code_of(finding, true)};
		if (at.rule != last)
			add_rule(&out, last = at.rule);
		buffer_add(&out, (struct text){place, sizeof place});
	}
	struct text all = buffer_text(&out);
	for (size_t i = 0; i < all.len; i++)
		hash = (hash ^ (unsigned char)all.at[i]) * 16777619u;
	return known = (uint16_t)((hash ^ hash >> 16) | 1);
}

/* The remainder by (x + 1)(x + 2) = x^2 + 3x + 2 over GF(256) of x^8 + x^4 + x^3 + x^2 + 1: two
 * words of this code differ in three bytes at least. */
static void check_of(
	struct arena *arena, const uint8_t codes[VERDICT_CODES], uint8_t check[CHECK_BYTES])
{
	uint16_t start = table_hash(arena);
	uint8_t high = (uint8_t)(start >> 8);
	uint8_t low = (uint8_t)start;
	for (size_t i = 0; i < VERDICT_CODES - CHECK_BYTES; i++) {
		uint8_t out = codes[i] ^ high;
		uint8_t twice = (uint8_t)(out << 1) ^ (out & 0x80 ? 0x1d : 0);
		high = low ^ twice ^ out;
		low = twice;
	}
	check[0] = high;
	check[1] = low;
}

/* the peer ---------------------------------------------------------------------------------- */

static void put_peer(const struct step *step, struct parts *parts)
{
	struct address address = context_peer(step);
	const uint8_t *end = address.bytes + (address.family == 6 ? 12 : 0);
	if (address.family == 6)
		parts->at[FORM] = address_is_nat64(&address) ? FORM_NAT64 : FORM_IPV6_END;
	for (size_t i = 0; i < 4; i++)
		parts->at[ADDRESS] = parts->at[ADDRESS] << 8 | end[i];
}

/* "52.216.0.10:443", "[64:ff9b::34d8:a]:443", "52.216.0.10" where the port is not known, and
 * "*:34d8:a", which is the end of an address */
static struct text peer_of(struct arena *arena, const struct parts *parts, uint16_t port)
{
	struct address address = {.family = parts->at[FORM] == FORM_IPV4 ? 4 : 6, .port = port};
	uint8_t *end = address.bytes + (address.family == 6 ? 12 : 0);
	uint32_t bits = (uint32_t)parts->at[ADDRESS];
	if (parts->at[FORM] == FORM_IPV6_END)
		return text_format(arena, "*:%x:%x", bits >> 16, bits & 0xffff);
	if (parts->at[FORM] == FORM_NAT64)
		memcpy(address.bytes, (const uint8_t[]){0, 0x64, 0xff, 0x9b}, 4);
	for (int i = 0; i < 4; i++)
		end[i] = (uint8_t)(bits >> (24 - 8 * i));
	if (!bits && address.family == 4)
		return T("");
	return port ? address_peer(arena, &address) : address_text(arena, &address);
}

/* the step ---------------------------------------------------------------------------------- */

/* The endpoint as a plan of the target has it; a task may use another. */
static struct endpoint planned(
	struct arena *arena, const struct evidence *evidence, enum endpoint_kind kind)
{
	const struct target *target = &evidence->target;
	struct plan_options wishes = {.also = {kind},
		.also_count = endpoint_use(kind) == USED_BY_ALSO && target->partition != NULL};
	struct plan plan = {0};
	/* https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
	if (kind == ENDPOINT_CALLER && text_equal(evidence->vantage.launch_type, T("FARGATE")))
		return (struct endpoint){.host = T("169.254.170.2"), .port = 80};
	if (target->image.len)
		plan = plan_make(arena, target, &wishes);
	const struct endpoint *endpoint = plan_endpoint(&plan, kind);
	return endpoint ? *endpoint : (struct endpoint){0};
}

/* The row that another endpoint's step met: findings of one egress or route are of several rows,
 * and an endpoint's own comes before what is for any. */
static const struct rule *rule_beside(const struct code_place *place, enum endpoint_kind kind)
{
	struct code_place at = {0};
	uint8_t shared = place->rule->shared;
	const struct rule *any = NULL;
	while ((shared == SHARED_EGRESS || shared == SHARED_ROUTE) &&
		code_place_next(&at, ANY_CODE)) {
		bool meets = at.rule->shared == shared && at.finding.endpoint == kind &&
			at.finding.stage == place->finding.stage &&
			at.finding.symptom == place->finding.symptom;
		if (meets && (rule_part_at(at.part)->common.endpoints || at.rule->endpoints))
			return at.rule;
		if (meets && !any)
			any = at.rule;
	}
	return any ? any : place->rule;
}

static struct step *add_step(struct arena *arena, struct evidence *evidence,
	const struct rule *rule, const struct finding *finding, enum endpoint_kind kind)
{
	struct step step = {.stage = finding->stage,
		.endpoint = kind,
		.outcome = OUTCOME_FAILED,
		.symptom = finding->symptom};
	step_saw(arena, &step, FACT_RULE, text_of(rule->id));
	return evidence_add(arena, evidence, step);
}

/* A task's session has its role's name, and not its path: both become the same ARN here. */
static struct text role_of(struct arena *arena, struct text principal)
{
	struct text rest = principal;
	struct text fields[5];
	struct text name = role_name(principal);
	for (size_t i = 0; i < 5; i++)
		fields[i] = text_cut(&rest, T(":"));
	if (!rest.len || !name.len)
		return principal;
	return text_format(arena, "arn:%.*s:iam::%.*s:role/%.*s", TEXT(fields[1]), TEXT(fields[4]),
		TEXT(name));
}

static void add_steps(struct arena *arena, struct evidence *evidence, const struct parts *parts,
	const struct code_place *place, int code)
{
	const struct finding *finding = &place->finding;
	unsigned others = parts->at[EXTRA] > OTHERS_MIN ? (unsigned)parts->at[EXTRA] - OTHERS_MIN
							: 0;
	if (evidence->target.image.len == 0 && place->rule->registry == OTHER_REGISTRY)
		evidence->target.kind = REGISTRY_OCI;
	if (evidence->vantage.launch_type.len == 0)
		evidence->vantage.launch_type = T("FARGATE");
	evidence->vantage.principal = role_of(arena, evidence->vantage.principal);
	struct step *step = add_step(arena, evidence, place->rule, finding, finding->endpoint);
	struct endpoint endpoint = {0};
	if (parts->at[SAME] == SAME_FIX_AND_PEER)
		endpoint = planned(arena, evidence, finding->endpoint);
	step->host = endpoint.host;
	step->peer = peer_of(
		arena, parts, endpoint.port && step->stage == STAGE_DNS ? 53 : endpoint.port);
	step_counted(arena, step, FACT_EXIT_CODE, code);
	if (parts->at[EXTRA] && parts->at[EXTRA] < OTHERS_MIN)
		step_counted(arena, step, FACT_STATUS, (int64_t)parts->at[EXTRA] + STATUS_MIN - 1);
	struct text peer = place->rule->shared == SHARED_PEER ? step->peer : T("");
	for (enum endpoint_kind kind = ENDPOINT_API; kind <= ENDPOINT_S3; kind++)
		if (others & 1u << (kind - ENDPOINT_API)) {
			step = add_step(arena, evidence, rule_beside(place, kind), finding, kind);
			step->host = planned(arena, evidence, kind).host;
			step->peer = peer;
		}
}

/* writing ----------------------------------------------------------------------------------- */

static bool find_place(
	const struct finding *finding, int code, struct parts *parts, struct code_place *place)
{
	*place = (struct code_place){0};
	while (code_place_next(place, code)) {
		parts->at[PLACE]++;
		if (text_equal(text_of(place->rule->id), finding->rule) &&
			place->finding.stage == finding->stage &&
			place->finding.endpoint == finding->endpoint &&
			(place->finding.symptom == SYMPTOM_NONE ||
				place->finding.symptom == finding->symptom))
			return true;
	}
	return false;
}

static unsigned extra_of(const struct evidence *evidence, const struct finding *finding)
{
	int64_t status = seen_number(&evidence->steps[finding->steps[0]], FACT_STATUS);
	unsigned others = 0;
	if (status >= STATUS_MIN && status <= STATUS_MAX)
		return (unsigned)(status - STATUS_MIN + 1);
	for (size_t i = 1; i < finding->step_count; i++) {
		const struct step *step = &evidence->steps[finding->steps[i]];
		if (step_failed(step) && step->endpoint >= ENDPOINT_API &&
			step->endpoint <= ENDPOINT_S3 && step->endpoint != finding->endpoint)
			others |= 1u << (step->endpoint - ENDPOINT_API);
	}
	return others ? OTHERS_MIN + others : 0;
}

/* tried as a reader does it */
static enum same same_of(struct arena *arena, const struct evidence *evidence,
	const struct finding *finding, struct parts parts, const struct code_place *place, int code)
{
	const struct step *step = &evidence->steps[finding->steps[0]];
	for (parts.at[SAME] = SAME_FIX_AND_PEER; parts.at[SAME] > SAME_NONE; parts.at[SAME]--) {
		struct evidence read = {.target = evidence->target,
			.vantage = {.launch_type = evidence->vantage.launch_type,
				.principal = evidence->vantage.principal,
				.addresses = evidence->vantage.addresses}};
		add_steps(arena, &read, &parts, place, code);
		struct diagnosis diagnosis = diagnose(arena, &read);
		const struct finding *first = &diagnosis.findings[0];
		if (diagnosis.pull == PULL_BREAKS && texts_equal(first->fix, finding->fix) &&
			(parts.at[SAME] == SAME_FIX ||
				(text_same(read.steps[0].host, step->host) &&
					(parts.at[FORM] == FORM_IPV6_END ||
						text_equal(read.steps[0].peer, step->peer)))))
			break;
	}
	return (enum same)parts.at[SAME];
}

bool verdict_bytes_make(struct arena *arena, const struct evidence *evidence,
	const struct diagnosis *diagnosis, uint8_t codes[VERDICT_CODES], struct text *complaint)
{
	int code = diagnosis->exit_code;
	struct parts parts = {0};
	struct code_place place;
	codes[0] = (uint8_t)code;
	if (evidence->stage_asked)
		return complain(complaint, T("the report is of --stage, not of a whole check"));
	if (diagnosis->pull == PULL_BREAKS) {
		const struct finding *finding = &diagnosis->findings[diagnosis->verdict];
		if (!find_place(finding, code, &parts, &place))
			return complain(complaint,
				text_format(arena, "no check alone has the verdict %.*s",
					TEXT(finding->rule)));
		put_peer(&evidence->steps[finding->steps[0]], &parts);
		parts.at[EXTRA] = extra_of(evidence, finding);
		parts.at[SAME] = same_of(arena, evidence, finding, parts, &place, code);
	}
	uint64_t number = number_of(&parts);
	for (size_t i = VERDICT_CODES - CHECK_BYTES - 1; i > 0; i--, number >>= 8)
		codes[i] = (uint8_t)number;
	check_of(arena, codes, codes + VERDICT_CODES - CHECK_BYTES);
	return number == 0 || complain(complaint, T("the rules are too many for the codes"));
}

/* reading ----------------------------------------------------------------------------------- */

static bool place_at(int code, uint64_t index, struct code_place *place)
{
	*place = (struct code_place){0};
	while (index--)
		if (!code_place_next(place, code))
			return false;
	return true;
}

bool verdict_bytes_read(struct arena *arena, const uint8_t codes[VERDICT_CODES],
	struct evidence *evidence, bool *is_same, struct text *complaint)
{
	struct code_place place;
	uint8_t check[CHECK_BYTES];
	uint64_t number = 0;
	int code = codes[0];
	for (size_t i = 1; i < VERDICT_CODES - CHECK_BYTES; i++)
		number = number << 8 | codes[i];
	struct parts parts = parts_of(number);
	check_of(arena, codes, check);
	if (code == EXIT_USAGE || !exit_code_row(code))
		return complain(complaint,
			text_format(arena, "check ended with %d and left no report: %s", code,
				code == EXIT_USAGE ? "its command line is wrong"
						   : "pullprobe has no such exit code"));
	if (memcmp(check, codes + VERDICT_CODES - CHECK_BYTES, CHECK_BYTES) != 0)
		return complain(complaint,
			T("these codes are no verdict: a container was killed or its code is lost, "
			  "they are not in order, or another version of pullprobe wrote them"));
	if (!place_at(code, parts.at[PLACE], &place) || (!parts.at[PLACE] && number))
		return complain(complaint, T("these codes are no verdict that a check comes to"));
	*is_same = parts.at[SAME] != SAME_NONE || !number;
	if (parts.at[PLACE])
		add_steps(arena, evidence, &parts, &place, code);
	else if (code == EXIT_WORKS)
		evidence_add(arena, evidence,
			(struct step){.stage = STAGE_LAYERS, .endpoint = ENDPOINT_DKR});
	return true;
}
