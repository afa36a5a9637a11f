/* The columns of the rows. */
#pragma once
#include "diagnose/quoted_parts.h"

#define ALL(...)            \
	{                   \
		__VA_ARGS__ \
	}
#define NOT(...)            \
	{                   \
		__VA_ARGS__ \
	}
#define PROVEN CERTAINTY_PROVEN
#define LIKELY CERTAINTY_LIKELY
#define OPEN CERTAINTY_OPEN

/* what stands for "TCP to a public address gets no answer" */
#define PATH_OUT CLASS_NET_NO_EGRESS_ROUTE, CLASS_NET_SECURITY_GROUP, CLASS_NET_NACL

#define QUOTED_ROWS(rows)                           \
	{                                           \
		rows, sizeof(rows) / sizeof *(rows) \
	}
