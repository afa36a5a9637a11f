/* Is a host name one that can exist? Conditions on the name of a step. */
#pragma once
#include "diagnose/context.h"

condition name_is_impossible;	   /* no AWS name has this form */
condition name_is_fips_outside_us; /* ECR has FIPS hosts in the United States only */
condition name_is_standard;	   /* it surely exists: a known Region, the plain spelling */
run_condition name_has_odd_region; /* the Region is none of the usual words */
condition name_is_dualstack;	   /* AWS says that it has AAAA records */
