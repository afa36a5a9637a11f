/* HTTP answers: of a proxy to CONNECT by our own reader, and of every service of a walk by libcurl,
 * whose headers lead us on. */
#include "base/die.h"
#include "fuzz.h"
#include <unistd.h>

static void check_tunnel(struct arena *arena, struct text answer)
{
	struct dial dial = {.to = {.family = 4, .port = 3128},
		.tunnel = T("a.b:443"),
		.tunnel_basic = T("fuzz")};
	fuzz_connect(arena, answer, &dial);
	must(dial.error.len == 0);
	must(dial.symptom == SYMPTOM_NONE ? dial.status / 100 == 2 : dial.detail.len > 0);
	must(dial.detail.len == 0 || fuzz_is_line(arena, dial.detail));
	if (dial.fd >= 0)
		close(dial.fd);
}

void fuzz(struct arena *arena, struct text input)
{
	struct world world = {.wire = true, .input = input, .stage = STAGE_LAYERS};
	struct text rest = input;
	check_tunnel(arena, fuzz_part(&rest));
	struct evidence evidence = fuzz_walk(arena, &world);
	struct text report = fuzz_shown(arena, &evidence);
	must_of(report, !text_holds(report, T(FUZZ_SECRET)));
}
