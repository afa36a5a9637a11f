/* The two ways to end without a verdict, each with one line on stderr. */
#pragma once
#include "base/text.h"

enum {
	EXIT_USAGE = 2,	 /* the command line is wrong */
	EXIT_UNABLE = 3, /* the probe itself could not work */
};

_Noreturn void die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
