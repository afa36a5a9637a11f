/* What the program asks of its own process: signals, descriptors, and not to be looked into. */
#pragma once

/* What is only written while the program starts (RELRO) becomes read-only. SIGINT and SIGTERM end
 * the waits (`interrupted`), SIGPIPE does nothing, and descriptors 0 to 2 are nobody else's even
 * where they came closed. */
void process_begin(void);

/* Keys are in memory and in the environment: from here on there is no core file of them, and no
 * other process of the same user may look (/proc/PID/environ). Files named /dev/stdout and the like
 * can be opened only before. */
void process_hide(void);
