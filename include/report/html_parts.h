/* The parts of a comparison's page that are told vantage by vantage. Each puts what it makes into
 * the sink as it goes. */
#pragma once
#include "report/compare.h"

/* what to do, group by group */
void html_findings(const struct comparison *comparison, const struct sink *sink);

/* each vantage's walk as a waterfall, on one time scale */
void html_walks(const struct comparison *comparison, const struct sink *sink);

/* Puts the buffer's content and frees its arena; the buffer is empty afterwards. */
void html_flush(struct buffer *out, const struct sink *sink);

/* the cause that colours a cell or a bar of that outcome, or "" */
struct text html_cause(struct text cell);
