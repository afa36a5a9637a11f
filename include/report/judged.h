/* What was judged, as JSON: the same in a report and in a comparison. The caller owns the result.
 */
#pragma once
#include "model/finding.h"
#include <jansson.h>

json_t *findings_json(struct arena *arena, const struct diagnosis *diagnosis);
json_t *verdict_json(struct arena *arena, const struct diagnosis *diagnosis);
