/* Reads a DNS answer (RFC 1035 4): bytes in, values out. */
#pragma once
#include "net/net.h"

/* The message answers the question for `name`. NONE: `addresses` got at least one. The aliases that
 * lead from the name are added to `cnames` whatever the symptom, so NXDOMAIN with aliases says that
 * the last of them does not exist (RFC 6604 3), and NODATA with aliases that it has no address of
 * this family. MALFORMED: the message breaks off, or is for another question. */
enum symptom dns_read(struct arena *arena, struct text message, struct text name,
	enum record record, struct addresses *addresses, struct texts *cnames);
