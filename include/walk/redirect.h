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

/* Reads a Location, and looks at it. NULL: it may be followed. */
const char *redirect_read(struct text location, struct url *out);

/* Records a Location as far as it may be told: without user, password and the query's values. */
void redirect_saw(struct probe *probe, struct step *step, const struct exchange *ask,
	const struct url *location);
