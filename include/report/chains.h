/* The links of the configuration that a pull meets, in text. */
#pragma once
#include "model/evidence.h"
#include "report/page.h"

/* A line for each link of the way to an endpoint, where the configuration was read. */
void chains_print(struct page *page, const struct evidence *evidence, enum endpoint_kind endpoint);

/* A line for each link that could not be judged: unread, beyond or undecided, each line once. */
void chains_print_unknown(struct page *page, const struct evidence *evidence);
