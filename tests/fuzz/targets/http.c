/* HTTP answers: of a proxy to CONNECT by our own reader, and of every service of a walk by libcurl,
 * whose headers lead us on. */
#include "base/die.h"
#include "fuzz.h"
#include "net/parts.h"
#include <sys/socket.h>
#include <unistd.h>

static void check_tunnel(struct arena *arena, struct text answer)
{
	int pair[2];
	short events = 0;
	int error = 0;
	struct tunnel tunnel;
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	struct dial dial = {.fd = pair[0], .tunnel = T("a.b:443"), .tunnel_basic = T("fuzz")};
	if (answer.len)
		must(send(pair[1], answer.at, answer.len, 0) == (ssize_t)answer.len);
	shutdown(pair[1], SHUT_WR);
	tunnel_begin(arena, &dial, &tunnel);
	/* each turn reads a byte at least, or the end */
	for (size_t turn = 0; !tunnel_advance(arena, &dial, &tunnel, &events, &error); turn++)
		must(turn <= answer.len);
	must(error == 0);
	must(dial.symptom == SYMPTOM_NONE ? dial.status / 100 == 2 : dial.detail.len > 0);
	must(dial.detail.len == 0 || fuzz_is_line(arena, dial.detail));
	close(pair[0]);
	close(pair[1]);
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
