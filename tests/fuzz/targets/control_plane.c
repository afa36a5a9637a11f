/* Answers of the control plane: XML and JSON become the same values, and what the tables read of
 * them keeps to its bounds. */
#include "cloud/services.h"
#include "fuzz.h"
#include "model/json.h"

/* a text is of the answer, or made of it: never longer */
static void read_all(struct arena *arena, const json_t *tree, size_t length)
{
	for (size_t i = 0; call_row_at(i); i++) {
		const struct call_row *row = call_row_at(i);
		struct vpc_list list = {0};
		if (!row->reads)
			continue;
		if (row->list)
			read_list(arena, tree, row->list, row->reads, &list);
		else
			read_struct(
				arena, tree, row->reads, arena_take(arena, row->reads->size, 1));
		must(list.count <= length);
		if (row->next)
			must(read_first(arena, tree, row->next).len <= length);
	}
}

void fuzz(struct arena *arena, struct text input)
{
	struct text complaint = T("");
	bool is_xml = text_starts(text_trim(input), T("<"));
	json_t *tree = is_xml ? xml_read(input, 64 * 1024, &complaint)
			      : json_read(input, 64 * 1024, &complaint);
	must(tree || complaint.len > 0);
	if (json_is_object(tree))
		read_all(arena, tree, input.len + 1);
	json_decref(tree);
}
