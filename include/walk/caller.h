/* Whose credentials a call of the control plane has: the sources of the walk, without a walk. */
#pragma once
#include "model/aws.h"
#include "walk/walk.h"

enum { CALLER_ROLES = 3 };

struct caller {
	struct text source;		/* "environment", "profile" ...; empty: none */
	struct credentials credentials; /* secrets; access_key empty: none, or only by `roles` */
	/* what STS is still to be asked for, in this order, each with what the one before gave */
	struct caller_role {
		struct text arn, session_name, external_id;
		struct text token; /* of a web identity, a secret: the call is not signed */
	} roles[CALLER_ROLES];
	size_t role_count;
	struct text complaint; /* why there are none; empty where there are */
	/* the profile of the shared files, and where they are: for the sources that the walk has
	 * not */
	struct profile profile;
	struct text profile_name;
	struct text config_path;
};

/* Looks for credentials by the SDKs' chain, and asks the container's endpoint or IMDS where that is
 * the source. The walk's options say whom to trust, how long to wait, and the environment. */
void caller_find(struct arena *arena, struct net *net, const struct walk_options *options,
	struct text region, struct caller *out);
