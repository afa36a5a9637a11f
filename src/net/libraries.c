/* Which libraries were linked, and what they have in common. */
#include "base/memory.h"
#include "net/parts.h"
#include <expat.h>
#include <jansson.h>
#include <stdlib.h>

void net_libraries_begin(void)
{
	json_set_alloc_funcs(memory_take, free);
	tls_begin();
	resolve_begin();
}

struct text net_libraries(struct arena *arena)
{
	struct text curl = exchange_library(arena), openssl = tls_library(arena),
		    cares = resolve_library(arena);
	XML_Expat_Version expat = XML_ExpatVersionInfo();
	return text_format(arena, "%.*s, %.*s, %.*s, jansson %s, expat %d.%d.%d", TEXT(curl),
		TEXT(openssl), TEXT(cares), jansson_version_str(), expat.major, expat.minor,
		expat.micro);
}
