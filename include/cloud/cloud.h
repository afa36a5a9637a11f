/* The control plane: whose credentials, which Region. */
#pragma once
#include "cloud/call.h"
#include "walk/caller.h"

/* what the command line says of it */
struct cloud_options {
	struct text profile;	 /* --profile; empty: AWS_PROFILE, or "default" */
	struct text region;	 /* --region, or AWS_REGION; empty: by the profile */
	struct text last_region; /* where nothing else names one: the image's; or empty */
	struct text role_arn;	 /* --role-arn; empty: none */
};

/* Finds the Region and the credentials: the walk's sources, and besides them those of a person: a
 * cached IAM Identity Center token and credential_process. The program ends (exit 3) where there
 * are none, and (exit 2) where no Region is named. `walk` says whom to trust and how long to wait.
 */
void cloud_begin(struct cloud *cloud, struct arena *arena, struct net *net,
	const struct cloud_options *options, const struct walk_options *walk);
