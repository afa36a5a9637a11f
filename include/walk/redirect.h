/* Where a registry sends us for a blob, looked at before anything is sent there. */
#pragma once
#include "model/url.h"
#include "walk/probe.h"

/* Where a pull must not be led: to plain text, to this machine, to link-local services, to what is
 * no host. NULL: it may be led there. */
const char *redirect_refuse(const struct url *location);

/* the same of the addresses that a host's name leads to: a name can lead where an address must not
 */
const char *redirect_refuse_addresses(const struct endpoint_state *bucket);

/* a Location that may be told: without user, password and query */
struct text redirect_shown(struct text location);

/* the names of a query's parameters; "?" for what has no name of the usual kind, since that may be
 * a value */
struct texts redirect_query_names(struct arena *arena, struct text query);
