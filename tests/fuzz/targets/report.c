/* Reports, as explain and compare read them. */
#include "fuzz.h"
#include "model/evidence.h"

void fuzz(struct arena *arena, struct text input)
{
	struct evidence evidence;
	struct text complaint = T("");
	if (!schema_read(arena, input, &evidence, &complaint)) {
		must_of(complaint, fuzz_is_line(arena, complaint));
		return;
	}
	fuzz_shown(arena, &evidence);
	fuzz_compared(arena, &evidence);
}
