/* Whose certificate is it? Conditions on what a peer showed, compared over all endpoints. */
#pragma once
#include "diagnose/context.h"

step_condition issuer_is_amazon;    /* Amazon's own CAs and their predecessors */
step_condition issuer_is_inspector; /* a known maker of inspecting firewalls or proxies */
condition issuer_is_everywhere;	    /* the same foreign issuer vouches for another endpoint too */
step_condition certificate_names_host; /* one of its names is the host's */
step_condition certificate_names_aws;  /* its names are of AWS, though not this host's */
step_condition host_is_aws;	       /* the host is a name of AWS */
run_condition clock_is_wrong;	       /* by a server's Date, by more than five minutes */
run_condition clock_is_right;	       /* by a server's Date, within a minute */
