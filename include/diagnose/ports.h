/* What source ports tell: a filter that opens part of a range, or packets lost at random. */
#pragma once
#include "diagnose/context.h"

condition
	ports_tell_a_range; /* the ports that pass and those that fail stand apart, beyond chance */
condition ports_hint_a_range; /* they stand apart, but few were tried */
condition ports_deny_a_range; /* no range explains which tries pass */
condition every_try_fails;    /* more tries from other ports failed as well */
