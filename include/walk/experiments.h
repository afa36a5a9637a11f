/* What the experiments need of the stages. */
#pragma once
#include "walk/journey.h"

/* the anonymous request by which an endpoint shows what it is */
struct exchange greeting_to(struct journey *journey, const struct climb *climb);

/* names without an address that this machine can use: their dual-stack names are asked */
void follow_missing_ipv6(struct journey *journey, size_t from);

/* a failed step of the blob host: its blob is fetched once more, if that may tell anything */
void follow_blobs(struct journey *journey, size_t follows);
