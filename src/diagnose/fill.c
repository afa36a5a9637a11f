/* Fills templates from the table of placeholders. */
#include "diagnose/fill.h"
#include "base/arena.h"

static struct text fact_text(
	const struct fill_input *input, const struct step *step, enum fact fact)
{
	switch (fact_kind(fact)) {
	case FACT_KIND_TEXT:
		return seen_text(step, fact);
	case FACT_KIND_LIST:
		return texts_joined(input->arena, seen_list(step, fact));
	default:
		return seen_at_all(step, fact)
			? text_format(input->arena, "%lld", (long long)seen_number(step, fact))
			: T("");
	}
}

static const struct placeholder *placeholder_named(struct text name)
{
	for (const struct placeholder *row = placeholders; row->name; row++)
		if (text_equal(text_of(row->name), name))
			return row;
	return NULL;
}

/* the text that a column names: TARGET(member) or STEP(member) */
static struct text member_of(const void *object, uint8_t member)
{
	return *(const struct text *)(const void *)((const char *)object + member - 1);
}

static struct text all_of(const struct fill_input *input, uint8_t member)
{
	struct texts list = {0};
	for (size_t i = 0; i < input->step_count; i++)
		texts_add_once(input->arena, &list,
			member_of(&input->context->evidence->steps[input->steps[i]], member));
	return texts_joined(input->arena, list);
}

static struct text step_value(const struct placeholder *row, const struct fill_input *input)
{
	const struct step *step = input->step;
	if (row->experiment)
		step = context_experiment(input->context, step, row->experiment);
	if (!step)
		return T("");
	if (row->member)
		return member_of(step, row->member);
	if (row->fact)
		return fact_text(input, step, row->fact - 1);
	struct address address = context_peer(step);
	return address_text(input->arena, &address);
}

static struct text value_of(const struct placeholder *row, struct fill_input input)
{
	struct text value;
	input.argument = row->argument;
	if (row->value)
		value = row->value(&input);
	else if (row->of_run)
		value = row->of_run(input.context);
	else if (row->of_step)
		value = row->of_step(input.context, input.step);
	else if (row->target)
		value = member_of(&input.context->evidence->target, row->target);
	else if (row->all)
		value = all_of(&input, row->all);
	else
		value = step_value(row, &input);
	if (!value.len)
		return text_of(row->otherwise);
	if (row->brief)
		return text_head(value, sizeof "sha256:" - 1 + 12);
	return row->argument && !row->value
		? text_format(input.arena, "%s%.*s", row->argument, TEXT(value))
		: value;
}

/* cuts "{name}" off the head of `rest` */
static bool cut_placeholder(struct text *rest, struct text *name)
{
	if (!text_starts(*rest, T("{")))
		return false;
	struct text inside = text_skip(*rest, 1);
	size_t end = text_find(inside, T("}"));
	*name = text_head(inside, end);
	if (end == inside.len || !end || !text_only(*name, T("abcdefghijklmnopqrstuvwxyz_")))
		return false;
	*rest = text_skip(inside, end + 1);
	return true;
}

static struct text fill_template(const struct fill_input *input, const char *template)
{
	struct buffer out = {.arena = input->arena};
	struct text rest = text_of(template);
	while (rest.len) {
		struct text name;
		if (cut_placeholder(&rest, &name)) {
			const struct placeholder *row = placeholder_named(name);
			buffer_add(&out, row ? value_of(row, *input) : name);
			continue;
		}
		size_t plain = text_find(text_skip(rest, 1), T("{")) + 1;
		buffer_add(&out, text_head(rest, plain));
		rest = text_skip(rest, plain);
	}
	return buffer_text(&out);
}

struct text fill(struct arena *arena, const struct context *context, const char *template,
	const size_t *steps, size_t step_count)
{
	static const struct step none;
	struct fill_input input = {
		.arena = arena,
		.context = context,
		.step = step_count ? &context->evidence->steps[steps[0]] : &none,
		.steps = steps,
		.step_count = step_count,
		.fill = fill_template,
	};
	return fill_template(&input, template);
}

struct text fill_unknown(const char *template)
{
	struct text rest = text_of(template);
	struct text name;
	while (rest.len) {
		if (!cut_placeholder(&rest, &name))
			rest = text_skip(rest, 1);
		else if (!placeholder_named(name))
			return name;
	}
	return T("");
}
