/* Limits, and how steps are written: the same for every stage. */
#include "walk/journey.h"
#include "base/buffer.h"

int64_t wait_until(const struct journey *journey)
{
	int64_t until = clock_us() + journey->options->timeout_us;
	return until < journey->end_us ? until : journey->end_us;
}

bool time_is_up(const struct journey *journey)
{
	return interrupted || clock_us() >= journey->end_us;
}

struct climb *climb_of(struct journey *journey, enum role role)
{
	for (size_t i = 0; i < journey->climb_count; i++)
		if (journey->climbs[i].endpoint.role == role)
			return &journey->climbs[i];
	return NULL;
}

struct climb *climb_by_host(struct journey *journey, enum role role, struct text host)
{
	for (size_t i = 0; i < journey->climb_count; i++)
		if (journey->climbs[i].endpoint.role == role &&
			text_same(journey->climbs[i].endpoint.host, host))
			return &journey->climbs[i];
	return NULL;
}

struct text why_not(const struct climb *climb)
{
	return climb ? climb->stopped : T("this kind of registry has no such endpoint");
}

struct step *record(struct journey *journey, enum stage stage, enum role role, struct text host,
	enum cause cause, struct text detail, int64_t began_us, int64_t took_us)
{
	enum outcome outcome = cause == CAUSE_NONE		      ? OUTCOME_PASSED
		: cause == CAUSE_DEADLINE || cause == CAUSE_EXHAUSTED ? OUTCOME_SKIPPED
								      : OUTCOME_FAILED;
	struct step step = {
		.stage = stage,
		.role = role,
		.host = host,
		.outcome = outcome,
		.cause = cause,
		.detail = masked(journey, detail),
		.began_us = (began_us ? began_us : clock_us()) - journey->started_us,
		.took_us = took_us,
	};
	return evidence_add(journey->arena, journey->evidence, step);
}

struct step *record_skip(struct journey *journey, enum stage stage, enum role role,
	struct text host, enum cause cause, struct text reason)
{
	struct step *step = record(journey, stage, role, host, cause, reason, 0, 0);
	step->outcome = OUTCOME_SKIPPED;
	return step;
}

void mark_experiment(struct step *step, enum experiment experiment, size_t follows)
{
	step->experiment = experiment;
	step->follows = follows;
}

/* Presigned URLs may be quoted by anybody: their secret parameters are masked by name. */
static const struct text secret_parameters[] = {
	{"X-Amz-Signature=", 16},
	{"X-Amz-Security-Token=", 21},
	{"X-Amz-Credential=", 17},
};

static struct text mask_parameter(struct arena *arena, struct text t, struct text name)
{
	struct buffer out = {.arena = arena};
	for (size_t at; (at = text_find_same(t, name)) < t.len;) {
		buffer_add(&out, text_head(t, at + name.len));
		buffer_add(&out, T("[secret]"));
		t = text_skip(t, at + name.len);
		size_t value = 0;
		while (value < t.len && (unsigned char)t.at[value] > ' ' && t.at[value] != '&' &&
			t.at[value] != '"' && t.at[value] != '<')
			value++;
		t = text_skip(t, value);
	}
	buffer_add(&out, t);
	return buffer_text(&out);
}

static struct text mask_value(struct arena *arena, struct text t, struct text secret)
{
	struct buffer out = {.arena = arena};
	for (size_t at; (at = text_find(t, secret)) < t.len; t = text_skip(t, at + secret.len)) {
		buffer_add(&out, text_head(t, at));
		buffer_add(&out, T("[secret]"));
	}
	buffer_add(&out, t);
	return buffer_text(&out);
}

struct text masked(struct journey *journey, struct text t)
{
	for (size_t i = 0; i < sizeof secret_parameters / sizeof *secret_parameters; i++)
		if (text_find_same(t, secret_parameters[i]) < t.len)
			t = mask_parameter(journey->arena, t, secret_parameters[i]);
	for (size_t i = 0; i < journey->secrets.count; i++) {
		struct text secret = journey->secrets.at[i];
		if (secret.len && text_find(t, secret) < t.len)
			t = mask_value(journey->arena, t, secret);
	}
	return t;
}

void saw(struct journey *journey, struct step *step, enum fact fact, struct text value)
{
	step_saw(journey->arena, step, fact, masked(journey, value));
}

void saw_list(struct journey *journey, struct step *step, enum fact fact, struct texts value)
{
	struct texts safe = {0};
	for (size_t i = 0; i < value.count; i++)
		texts_add(journey->arena, &safe, masked(journey, value.at[i]));
	step_listed(journey->arena, step, fact, safe);
}
