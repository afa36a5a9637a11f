/* What all files of the judgement use: questions to what was read, and links. */
#include "diagnose/configuration_parts.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* an endpoint's policy has at most 20,480 characters */
enum { FIX_BYTES_MAX = 24 * 1024 };

static const char *const effect_names[] = {
	[EFFECT_PASSES] = "passes",
	[EFFECT_UNDECIDED] = "undecided",
	[EFFECT_BEYOND] = "beyond",
	[EFFECT_UNREAD] = "unread",
	[EFFECT_PARTLY] = "partly",
	[EFFECT_BLOCKS] = "blocks",
};

struct text effect_name(enum effect effect)
{
	return text_of(effect_names[effect]);
}

/* What stops a service beside the pull is of the classes that a walk has for it. */
static enum cause cause_for(enum endpoint_kind endpoint, const struct link *link)
{
	bool is_network = link->stage <= STAGE_TCP;
	if (endpoint_is_of_pull(endpoint))
		return link->cause;
	if (endpoint == ENDPOINT_ENVFILE)
		return is_network ? CAUSE_ENVFILE_NETWORK : CAUSE_ENVFILE_DENIED;
	if (endpoint == ENDPOINT_LOGS)
		return is_network ? CAUSE_LOGS_NETWORK : CAUSE_LOGS_DENIED;
	if (endpoint == ENDPOINT_SECRETSMANAGER || endpoint == ENDPOINT_SSM ||
		endpoint == ENDPOINT_KMS)
		return is_network ? CAUSE_SECRETS_NETWORK : CAUSE_SECRETS_DENIED;
	return link->cause;
}

struct link *judge_add(struct judge *judge, struct link link)
{
	struct vpc_list list = {judge->chain->links, judge->chain->count};
	struct link *added = vpc_add(judge->arena, &list, sizeof link);
	link.cause = cause_for(judge->chain->endpoint, &link);
	if (!link.resources.count && link.id.len)
		texts_add(judge->arena, &link.resources, link.id);
	*added = link;
	judge->chain->links = list.at;
	judge->chain->count = list.count;
	return added;
}

static struct text formatted(struct arena *arena, const char *format, va_list arguments)
{
	char line[FIX_BYTES_MAX];
	vsnprintf(line, sizeof line, format, arguments);
	return text_keep(arena, text_of(line));
}

struct link *judge_link(struct judge *judge, struct link link, const char *line, ...)
{
	va_list arguments;
	va_start(arguments, line);
	link.line = formatted(judge->arena, line, arguments);
	va_end(arguments);
	return judge_add(judge, link);
}

void judge_read(struct judge *judge, struct link *link, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	link->read = formatted(judge->arena, format, arguments);
	va_end(arguments);
}

void judge_advise(struct judge *judge, struct link *link, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	texts_add(judge->arena, &link->fix, formatted(judge->arena, format, arguments));
	va_end(arguments);
}

void judge_fix(struct judge *judge, struct link *link, const char *format, ...)
{
	struct text region = judge->configuration->subject.region;
	va_list arguments;
	va_start(arguments, format);
	struct text line = formatted(judge->arena, format, arguments);
	va_end(arguments);
	judge_advise(judge, link, "%.*s%s%.*s", TEXT(line), region.len ? " --region " : "",
		TEXT(region));
}

bool judge_by_lambda(const struct judge *judge)
{
	struct text seat = judge->evidence->count ? judge->evidence->vantage.launch_type
						  : judge->configuration->subject.launch_type;
	return text_same(seat, T("LAMBDA"));
}

bool judge_read_vpc(const struct judge *judge, enum vpc_part part)
{
	return vpc_was_read(judge->configuration, part, judge->subnet->vpc);
}

bool judge_serves(const struct way *way, const struct vpc_endpoint *endpoint, struct text type)
{
	return way->service.len && text_same(endpoint->type, type) &&
		text_ends(endpoint->service, way->service);
}

size_t judge_blocks(const struct chain *chain, size_t from)
{
	size_t count = 0;
	for (; from < chain->count; from++)
		count += chain->links[from].effect == EFFECT_BLOCKS;
	return count;
}

void judge_soften(struct judge *judge, size_t from, enum effect effect)
{
	for (; from < judge->chain->count; from++)
		if (judge->chain->links[from].effect == EFFECT_BLOCKS)
			judge->chain->links[from].effect = effect;
}

void judge_unread(struct judge *judge, enum stage stage, const char *what, struct text id,
	enum vpc_part part, struct text about)
{
	const struct vpc_call *call = vpc_unread(judge->configuration, part, about);
	struct link link = {stage, what, .id = id, .effect = EFFECT_UNREAD};
	if (call)
		judge_link(judge, link, "%.*s: %.*s (needs %.*s)", TEXT(call->call),
			TEXT(call->error), TEXT(call->action));
	else
		judge_link(judge, link, "not read: %.*s", TEXT(vpc_part_name(part)));
}

const struct vpc_route_table *judge_table(
	const struct judge *judge, const struct vpc_subnet *subnet)
{
	const struct vpc_route_table *tables = judge->configuration->route_tables.at;
	const struct vpc_route_table *main = NULL;
	for (size_t i = 0; i < judge->configuration->route_tables.count; i++) {
		if (texts_hold(tables[i].subnets, subnet->id))
			return &tables[i];
		if (tables[i].main && text_equal(tables[i].vpc, subnet->vpc))
			main = &tables[i];
	}
	return main;
}

struct text judge_with_statement(struct arena *arena, struct text document, json_t *statement)
{
	struct text complaint;
	json_t *policy = document.len ? json_read(document, document.len, &complaint) : NULL;
	json_t *statements = json_object_get(policy, "Statement");
	if (!json_is_array(statements)) {
		json_decref(policy);
		policy = json_pack("{s:s,s:[o]}", "Version", "2012-10-17", "Statement", statement);
	} else {
		json_array_append_new(statements, statement);
	}
	char *dumped = json_dumps(policy, JSON_COMPACT);
	struct text out = text_keep(arena, text_of(dumped));
	free(dumped);
	json_decref(policy);
	return out;
}

bool judge_is_cross_account(const struct judge *judge)
{
	struct text account = policy_account(judge->configuration->subject.role);
	return account.len && judge->target->account.len &&
		!text_equal(account, judge->target->account);
}
