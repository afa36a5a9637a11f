/* The two ways to end without a verdict, each with one line on stderr. */
#include "base/die.h"
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void die(int code, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("pullprobe: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	/* not exit: a library may be in the middle of its work, and its atexit would wait for that
	 */
	_exit(code);
}
