/* The chains of configurations, for the tests: a line of JSON in, a line out. A report gives
 * [{"subnet","endpoint","links":[{"what","id","effect","class","line"}]}]; an object with "policy"
 * and "request" gives what the policy says about the request, a text. */
#include "base/die.h"
#include "diagnose/configuration.h"
#include "diagnose/policy.h"
#include "model/evidence.h"
#include "model/json.h"
#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 16 * 1024 * 1024, KEYS_MAX = 16 };

static json_t *links_of(struct arena *arena, const struct chain *chain)
{
	json_t *links = json_array();
	for (size_t i = 0; i < chain->count; i++) {
		const struct link *link = &chain->links[i];
		json_t *object = json_object();
		field_put(object, "what", json_string(link->what));
		field_put(object, "id", field_text(arena, link->id));
		field_put(object, "effect", field_text(arena, effect_name(link->effect)));
		field_put(object, "class", field_text(arena, cause_name(link->cause)));
		field_put(object, "line", field_text(arena, link->line));
		field_append(links, object);
	}
	return links;
}

static json_t *chains_of(struct arena *arena, struct text line)
{
	struct evidence evidence;
	struct text complaint;
	if (!schema_read(arena, line, &evidence, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	struct chains chains = configuration_chains(arena, &evidence);
	json_t *list = json_array();
	for (size_t i = 0; i < chains.count; i++) {
		const struct chain *chain = &chains.at[i];
		json_t *object = json_object();
		field_put(object, "subnet", field_text(arena, chain->subnet));
		field_put(
			object, "endpoint", field_text(arena, endpoint_kind_name(chain->endpoint)));
		field_put(object, "links", links_of(arena, chain));
		field_append(list, object);
	}
	return list;
}

static json_t *policy_says(struct arena *arena, const json_t *question)
{
	static const char *const names[] = {
		[POLICY_ALLOWED] = "allowed",
		[POLICY_NOT_ALLOWED] = "not allowed",
		[POLICY_DENIED] = "denied",
		[POLICY_UNDECIDED] = "undecided",
	};
	const json_t *request = json_object_get(question, "request");
	const json_t *value;
	const char *name;
	struct policy_key keys[KEYS_MAX];
	struct policy_request asked = {
		.principal = json_text(arena, request, "principal"),
		.account = json_text(arena, request, "account"),
		.foreign = json_is_true(json_object_get(request, "foreign")),
		.action = json_text(arena, request, "action"),
		.resource = json_text(arena, request, "resource"),
		.keys = keys,
	};
	json_object_foreach (json_object_get(request, "keys"), name, value) {
		if (asked.key_count == KEYS_MAX)
			break;
		keys[asked.key_count++] = (struct policy_key){.name = name,
			.value = json_is_string(value) ? text_of(json_string_value(value)) : T(""),
			.foreign = json_is_null(value)};
	}
	struct policy_answer answer = policy_judge(
		arena, json_text(arena, question, "policy"), &asked);
	return json_string(names[answer.decision]);
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	while ((length = getline(&line, &room, stdin)) > 0) {
		struct arena arena = {0};
		struct text text = {line, (size_t)length};
		struct text complaint;
		json_t *given = json_read(text, LINE_MAX_BYTES, &complaint);
		if (!given)
			die(EXIT_USAGE, "%.*s", TEXT(complaint));
		json_t *says = json_object_get(given, "policy") ? policy_says(&arena, given)
								: chains_of(&arena, text);
		char *dumped = json_dumps(says, JSON_COMPACT | JSON_ENCODE_ANY);
		puts(dumped);
		free(dumped);
		json_decref(says);
		json_decref(given);
		arena_end(&arena);
	}
	free(line);
	return 0;
}
