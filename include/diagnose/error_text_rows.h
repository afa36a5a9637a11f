/* The columns of the rows. */
#pragma once
#include "diagnose/error_text_parts.h"

#define ALL(...)            \
	{                   \
		__VA_ARGS__ \
	}
#define NOT(...)            \
	{                   \
		__VA_ARGS__ \
	}

/* what stands for "TCP to a public address gets no answer" */
#define PATH_OUT CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL

#define BY_DIGEST                                                                             \
	"The image is not in the pull-through cache, and a pull by digest does not import it" \
	": pull it once by its tag."

#define ERROR_TEXT_ROWS(rows)                       \
	{                                           \
		rows, sizeof(rows) / sizeof *(rows) \
	}
