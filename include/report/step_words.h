/* What a step saw, in a few words. */
#pragma once
#include "model/evidence.h"

/* "52.216.0.10:443, timeout: no answer for 5 s": peer, symptom and the facts that matter. The
 * host is left out unless `with_host`, since it stands above. */
struct text step_words(struct arena *arena, const struct step *step, bool with_host);
