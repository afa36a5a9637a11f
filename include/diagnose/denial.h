/* Which policy denied, by the words of AWS or by a second opinion. */
#pragma once
#include "diagnose/context.h"

condition denied_by_identity; /* identity-based policy, boundary or session policy */
condition denied_by_boundary;
condition denied_by_session;
condition denied_by_resource; /* the repository's policy */
condition denied_by_endpoint;
condition denied_by_scp;
condition denied_by_rcp;
condition denied_by_trust;
condition denied_explicitly;
condition denied_for_import;   /* an action that only a pull-through cache needs */
condition api_allows;	       /* the API grants what the registry denied */
condition api_has_no_image;    /* the API says that there is no such image */
condition image_is_not_listed; /* DescribeImages, which lists archived images too, has none */
condition api_has_no_repository;
condition api_blames_upstream; /* a pull-through cache's upstream refused ECR */
condition api_finds_upstream_busy;
condition kms_fails; /* an error names KMS */
