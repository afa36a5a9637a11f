/* What the main program does besides: where results go, its own process, the verb explain. */
#pragma once
#include "options.h"

/* How wide and whether coloured: COLUMNS, else the terminal's width, else 100; colour on a terminal
 * that can, unless NO_COLOR is set. */
struct report_style output_style(const struct environment *environment);

/* Writes to stdout; where that cannot be, the program ends (exit 3). */
void output_print(struct text t);

/* Opens a file for writing before the work begins, so that a path that cannot be written is a usage
 * mistake (exit 2, naming `what`); what was in it stays until there is something to write. -1: the
 * path is empty. */
int output_open(struct arena *arena, const char *what, struct text path);

/* False: not all could be written; errno says why. output_finish is for what output_open opened: it
 * replaces what was in the file, and closes it. */
bool output_write(int fd, struct text t);
bool output_finish(int fd, struct text t);

/* What is only written while the program starts (RELRO) becomes read-only. SIGINT and SIGTERM end
 * the waits (`interrupted`), SIGPIPE does nothing, and descriptors 0 to 2 are nobody else's even
 * where they came closed. */
void process_begin(void);

/* Keys are in memory and in the environment: from here on there is no core file of them, and no
 * other process of the same user may look (/proc/PID/environ). Files named /dev/stdout and the like
 * can be opened only before. */
void process_hide(void);

/* Explains a report, exit codes or an error text on stdout; with --byte prints the codes of
 * a report's verdict, and the exit code is one of them. */
int explain(
	struct arena *arena, const struct options *options, const struct environment *environment);
