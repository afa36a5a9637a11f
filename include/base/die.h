/* Errors of our own: the two ways to end without a verdict, and how a parser refuses. */
#pragma once
#include "base/text.h"

enum {
	EXIT_USAGE = 2,	 /* the command line is wrong */
	EXIT_UNABLE = 3, /* the probe itself could not work */
};

/* Ends the program with one line on stderr. */
_Noreturn void die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* false, with one line that names what is wrong */
static inline bool complain(struct text *complaint, struct text says)
{
	*complaint = says;
	return false;
}
