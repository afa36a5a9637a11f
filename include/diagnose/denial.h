/* Which policy denied, by AWS's own text or by a cross-check of the API. */
#pragma once
#include "diagnose/context.h"

/* by a policy of this type: identity, boundary, session, resource (the repository's), endpoint,
 * scp, rcp, trust */
bool denied_by(const struct context *context, const struct step *step, struct text policy);

condition denied_explicitly;
step_condition denied_for_import; /* an action that only a pull-through cache needs */
condition api_allows;		  /* the API grants what the registry denied */
condition api_has_no_image;	  /* the API says that there is no such image */
condition image_is_not_listed;	  /* DescribeImages, which lists archived images too, has none */
condition api_blames_upstream;	  /* a pull-through cache's upstream refused ECR */
condition api_finds_upstream_busy;
condition kms_fails; /* an error names KMS */
