/* What must not be written any more once the program has started. */
#pragma once

/* Makes read-only what the program's headers call so after relocation (PT_GNU_RELRO): tables of
 * pointers, and among them the callbacks of the libraries. glibc has done it already; musl does
 * it for shared programs alone, not for a static one (ldso/dynlink.c, and nothing in crt/). */
void relro_protect(void);
