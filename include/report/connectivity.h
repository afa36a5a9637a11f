/* The connectivity as text: one line an endpoint and stage, experiments below what they follow. */
#pragma once
#include "model/evidence.h"
#include "report/page.h"

void connectivity_print(struct page *page, const struct evidence *evidence);
