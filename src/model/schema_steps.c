/* The steps of a report. Their plain fields are rows that both ways walk; names of the closed lists
 * and facts are written and read beside them. */
#include "model/schema_steps.h"

enum { STEPS_MAX = 20000 };

static const struct field step_fields[] = {
	{FIELD(step, host, TEXT)},
	{FIELD(step, peer, TEXT)},
	{FIELD(step, detail, TEXT)},
	{FIELD(step, began_us, NUMBER)},
	{FIELD(step, took_us, NUMBER)},
};

static json_t *write_fact(struct arena *arena, const struct seen *seen)
{
	switch (fact_kind(seen->fact)) {
	case FACT_KIND_TEXT:
		return field_text(arena, seen->text);
	case FACT_KIND_LIST:
		return field_texts(arena, seen->list);
	case FACT_KIND_FLAG:
		return json_boolean(seen->number != 0);
	case FACT_KIND_NUMBER:
		break;
	}
	return json_integer(seen->number);
}

static json_t *write_seen(struct arena *arena, const struct step *step)
{
	json_t *object = json_object();
	for (size_t i = 0; i < step->seen_count; i++)
		field_put(object, fact_name(step->seen[i].fact).at,
			write_fact(arena, &step->seen[i]));
	return object;
}

static json_t *write_step(struct arena *arena, const struct step *step)
{
	json_t *object = json_object();
	bool experiment = step->experiment != EXPERIMENT_NONE;
	field_put(object, "stage", field_text(arena, stage_name(step->stage)));
	field_put(object, "endpoint", field_text(arena, endpoint_kind_name(step->endpoint)));
	field_put(object, "outcome", field_text(arena, outcome_name(step->outcome)));
	field_put(object, "cause", field_text(arena, symptom_name(step->symptom)));
	fields_write(arena, object, step_fields, COUNT(step_fields), step);
	field_put(object, "experiment", json_boolean(experiment));
	field_put(object, "asks", field_text(arena, experiment_name(step->experiment)));
	field_put(object, "follows",
		experiment ? json_integer((json_int_t)step->follows) : json_null());
	field_put(object, "seen", write_seen(arena, step));
	return object;
}

json_t *steps_write(struct arena *arena, const struct evidence *evidence)
{
	json_t *list = json_array();
	for (size_t i = 0; i < evidence->count; i++)
		field_append(list, write_step(arena, &evidence->steps[i]));
	return list;
}

/* a name of a closed list */
#define READ_NAME_(list, type)                                                                  \
	static bool read_##list(                                                                \
		struct reading *reading, const json_t *object, const char *key, enum type *out) \
	{                                                                                       \
		struct text name = {0};                                                         \
		return read_text(reading, object, key, &name) &&                                \
			(list##_parse(name, out) || reading_refuse_name(reading, key, name));   \
	}

READ_NAME_(stage, stage)
READ_NAME_(endpoint_kind, endpoint_kind)
READ_NAME_(outcome, outcome)
READ_NAME_(symptom, symptom)
READ_NAME_(experiment, experiment)

static bool read_fact(
	struct reading *reading, struct step *step, const json_t *seen, const char *key)
{
	struct arena *arena = reading->arena;
	enum fact fact;
	struct text text = {0};
	struct texts list = {0};
	int64_t number = 0;
	bool flag = false;
	if (!fact_parse(text_of(key), &fact))
		return reading_refuse_name(reading, "seen", text_of(key));
	switch (fact_kind(fact)) {
	case FACT_KIND_TEXT:
		if (!read_text(reading, seen, key, &text))
			return false;
		step_saw(arena, step, fact, text);
		break;
	case FACT_KIND_LIST:
		if (!read_texts(reading, seen, key, &list))
			return false;
		step_listed(arena, step, fact, list);
		break;
	case FACT_KIND_NUMBER:
		if (!read_number(reading, seen, key, &number))
			return false;
		step_counted(arena, step, fact, number);
		break;
	case FACT_KIND_FLAG:
		if (!read_flag(reading, seen, key, &flag))
			return false;
		step_counted(arena, step, fact, flag);
		break;
	}
	return true;
}

static bool read_seen(struct reading *reading, struct step *step, json_t *seen)
{
	const char *key;
	json_t *value;
	if (seen && !json_is_null(seen) && !json_is_object(seen))
		return reading_refuse(reading, "seen", "should be an object");
	json_object_foreach (seen, key, value)
		if (!json_is_null(value) && !read_fact(reading, step, seen, key))
			return false;
	return true;
}

/* An experiment follows a step that stands before it. */
static bool read_experiment_of(struct reading *reading, const json_t *object, struct step *step)
{
	int64_t follows = -1;
	if (!read_experiment(reading, object, "asks", &step->experiment) ||
		!read_number(reading, object, "follows", &follows))
		return false;
	if (step->experiment == EXPERIMENT_NONE)
		return true;
	if (follows < 0 || (size_t)follows >= reading->index)
		return reading_refuse(reading, "follows", "should be the index of an earlier step");
	step->follows = (size_t)follows;
	return true;
}

static bool read_step(struct reading *reading, const json_t *object, struct step *step)
{
	return read_stage(reading, object, "stage", &step->stage) &&
		read_endpoint_kind(reading, object, "endpoint", &step->endpoint) &&
		read_outcome(reading, object, "outcome", &step->outcome) &&
		read_symptom(reading, object, "cause", &step->symptom) &&
		fields_read(reading, object, step_fields, COUNT(step_fields), step) &&
		read_experiment_of(reading, object, step) &&
		read_seen(reading, step, json_object_get(object, "seen"));
}

bool steps_read(struct reading *reading, const json_t *report, struct evidence *out)
{
	const json_t *steps = json_object_get(report, "steps");
	const json_t *element;
	if (!json_is_array(steps))
		return reading_refuse(reading, "steps", "should be a list");
	if (json_array_size(steps) > STEPS_MAX)
		return reading_refuse(reading, "steps", "are too many");
	reading->part = "steps";
	reading->listed = true;
	json_array_foreach (steps, reading->index, element) {
		struct step step = {0};
		if (!read_step(reading, element, &step))
			return false;
		evidence_add(reading->arena, out, step);
	}
	reading->listed = false;
	return true;
}
