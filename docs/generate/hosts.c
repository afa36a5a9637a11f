/* The tables of docs/hosts.md. */
#include "generate.h"
#include "host_words.h"
#include "model/plan.h"
#include <stdio.h>

void put_partitions(void)
{
	const struct partition *p;
	puts("| partition | Regions | suffix `S` | dual-stack suffix `D` | registries `O` |\n"
	     "| --- | --- | --- | --- | --- |");
	for (size_t i = 0; (p = partition_at(i)); i++) {
		printf("| %.*s | ", TEXT(p->name));
		struct text prefixes = p->region_prefix;
		for (bool first = true; prefixes.len; first = false) {
			struct text prefix = text_cut(&prefixes, T("|"));
			printf("%s`%.*s-`", first ? "" : " ", TEXT(prefix));
		}
		if (p->new_prefix.len)
			printf(" and new `%.*s-`", TEXT(p->new_prefix));
		struct text registries = p->registry_suffix;
		printf(" | %.*s | %.*s | ", TEXT(p->suffix), TEXT(p->dualstack_suffix));
		for (bool first = true; registries.len; first = false) {
			struct text one = text_cut(&registries, T("|"));
			printf("%s%.*s", first ? "" : ", ", TEXT(one));
		}
		puts(" |");
	}
}

static void put_endpoints(uint32_t endpoints)
{
	bool first = true;
	for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++)
		if (endpoints & UINT32_C(1) << kind) {
			printf("%s%.*s", first ? "" : ", ", TEXT(endpoint_kind_name(kind)));
			first = false;
		}
}

static void put_partition_names(const char *several)
{
	struct text rest = text_of(several);
	for (bool first = true; rest.len; first = false) {
		struct text name = text_cut(&rest, T("|"));
		printf("%s%.*s", first ? "" : ", ", TEXT(name));
	}
	if (!*several)
		fputs("any", stdout);
}

void put_host_forms(void)
{
	const struct host_form *row;
	puts("| for | spelling | partitions | host | known to |\n"
	     "| --- | --- | --- | --- | --- |");
	for (size_t i = 0; (row = host_form_at(i)); i++) {
		fputs("| ", stdout);
		put_endpoints(row->endpoints);
		printf(" | %s%s | ", spellings[row->spelling], row->retry ? ", again" : "");
		put_partition_names(row->partitions);
		printf(" | `%s` | %s |\n", row->form, sources[row->source]);
	}
}
