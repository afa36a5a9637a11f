/* Templates are filled from a table of places: a name, a function, and what to say when the
 * evidence does not know. */
#include "diagnose/fill.h"
#include "base/arena.h"
#include "diagnose/advice.h"
#include "diagnose/placeholder.h"
#include <string.h>

static bool is_name(struct text t)
{
	return t.len && text_only(t, T("abcdefghijklmnopqrstuvwxyz_"));
}

/* cuts "{name}" off the head of `rest` */
static bool cut_place(struct text *rest, struct text *name)
{
	if (!text_starts(*rest, T("{")))
		return false;
	struct text inside = text_skip(*rest, 1);
	size_t end = text_find(inside, T("}"));
	*name = text_head(inside, end);
	if (end == inside.len || !is_name(*name))
		return false;
	*rest = text_skip(inside, end + 1);
	return true;
}

static struct text value_of(
	const struct placeholder_row *row, const struct placeholder_input *input)
{
	struct text value = row->value(input);
	return value.len ? value : row->otherwise;
}

struct text fill(struct arena *arena, const struct context *context, const char *template,
	const size_t *steps, size_t step_count)
{
	struct buffer out = {.arena = arena};
	struct placeholder_input input = {
		.arena = arena,
		.context = context,
		.step = step_count ? &context->evidence->steps[steps[0]] : NULL,
		.steps = steps,
		.step_count = step_count,
	};
	struct text rest = text_of(template);
	while (rest.len) {
		struct text name;
		if (cut_place(&rest, &name)) {
			const struct placeholder_row *row = placeholder_row(name);
			buffer_add(&out, row ? value_of(row, &input) : name);
			continue;
		}
		size_t plain = text_find(text_skip(rest, 1), T("{")) + 1;
		buffer_add(&out, text_head(rest, plain));
		rest = text_skip(rest, plain);
	}
	return buffer_text(&out);
}

struct text fill_unknown(const char *template)
{
	struct text rest = text_of(template);
	struct text name;
	while (rest.len) {
		if (!cut_place(&rest, &name))
			rest = text_skip(rest, 1);
		else if (!placeholder_row(name))
			return name;
	}
	return T("");
}

struct advice advice_with(enum cause cause, const struct advice *own)
{
	struct advice advice = *advice_of(cause);
	if (own && own->verify)
		advice.verify = own->verify;
	if (own && own->fix[0])
		memcpy(advice.fix, own->fix, sizeof advice.fix);
	if (own && own->confirm[0])
		memcpy(advice.confirm, own->confirm, sizeof advice.confirm);
	return advice;
}

/* What is said of VPC endpoints and of ECR's API is for hosts that have such. */
static bool applies(const struct context *context, const struct step *step, struct text line)
{
	if (!step || !endpoint_is_of_pull(step->endpoint) || is_ecr(context))
		return true;
	bool of_api = text_starts(line, T("aws ecr ")) && text_holds(line, T("{region_option}"));
	return !of_api &&
		!(text_holds_one(line, "com.amazonaws.|describe-vpc-endpoints") &&
			host_has_no_endpoint(context, step));
}

struct texts advice_fill(const struct context *context, const char *const lines[ADVICE_LINES],
	const size_t *steps, size_t step_count)
{
	const struct step *step = step_count ? &context->evidence->steps[steps[0]] : NULL;
	struct texts out = {0};
	for (size_t i = 0; i < ADVICE_LINES && lines[i]; i++)
		if (applies(context, step, text_of(lines[i])))
			texts_add(context->arena, &out,
				fill(context->arena, context, lines[i], steps, step_count));
	return out;
}
