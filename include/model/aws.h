/* What AWS services answer. Parsing only: bytes in, values out. */
#pragma once
#include "base/arena.h"
#include "model/lists.h"

/* Temporary or lasting credentials. Secrets: they never go into evidence. */
struct credentials {
	struct text access_key;
	struct text secret_key;
	struct text session_token; /* empty for lasting ones */
	struct text expiration;	   /* as given; empty for lasting ones */
	struct text role_arn;	   /* where the source says */
};

/* arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
struct arn {
	struct text partition, service, region, account, resource; /* slices of it */
};

/* False: it is no ARN, or names no resource. */
bool arn_parse(struct text t, struct arn *out);

/* "arn:aws:iam::123456789012:role/path/NAME", of any partition:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
bool role_arn_is_wellformed(struct text arn);

/* Both keys are there, and nothing in them would break a header. */
bool credentials_are_usable(const struct credentials *credentials);

/* The container endpoint's and IMDS' answer. False: `complaint` says what is wrong. */
bool credentials_parse(
	struct arena *arena, struct text json, struct credentials *out, struct text *complaint);

/* GetAuthorizationToken's answer: the token can be sent as it is ("Authorization: Basic ..."). */
bool authorization_parse(struct arena *arena, struct text json, struct text *token,
	int64_t *expires_at, struct text *complaint);

/* An error of an AWS service or of a registry, whatever its wrapping. */
struct aws_error {
	struct text code; /* without namespace: AccessDeniedException */
	struct text message;
};

enum error_form {
	ERROR_AWS,	/* JSON 1.1, the agent's {"code","message"}, or IMDS' {"Code","Message"} */
	ERROR_XML,	/* S3's and STS' Error with Code and Message, also when it was cut */
	ERROR_BATCH,	/* BatchGetImage's first failure, as failureCode and failureReason */
	ERROR_REGISTRY, /* the first of {"errors":[{"code","message"}]} (distribution-spec) */
	ERROR_TOKEN_SERVICE, /* RFC 6749 5.2, or Docker's {"details"}; it may have no code */
};

/* The message may be empty. False: `body` is no such error. */
bool error_parse(
	struct arena *arena, struct text body, enum error_form form, struct aws_error *out);

/* STS' answer to AssumeRole and AssumeRoleWithWebIdentity; role_arn is the session's ARN. */
bool aws_xml_credentials_parse(
	struct arena *arena, struct text xml, struct credentials *out, struct text *complaint);

/* "User: P is not authorized to perform: A on resource: R because no ... policy allows ..."
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
struct denial {
	struct text principal;
	struct text action;
	struct text resource;
	struct text policy; /* identity, resource, endpoint, scp, rcp, boundary, session, trust; or
			       empty */
	bool explicit_deny;
	struct text policy_arn;
};

/* false when it is no such sentence; parts that are missing are empty */
bool denial_parse(struct text message, struct denial *out);

/* Task metadata v4, /task: what the vantage needs of it. */
struct task_metadata {
	struct text task_arn;
	struct text launch_type;
	struct text availability_zone;
	struct text subnet_cidr;
	struct text subnet_cidr6;
	struct texts resolvers;
	int64_t clock_error_ms; /* -1 when not there */
	struct text clock_status;
};

bool task_metadata_parse(struct arena *arena, struct text json, struct task_metadata *out);

/* DescribeImages' imageStatus ("ARCHIVED"); false when there is none */
bool image_status_parse(struct arena *arena, struct text json, struct text *status);

/* one error of a service: what is known by its code, and where not, by its status */
enum symptom symptom_of_error(int status, const struct aws_error *error);

/* The same table for texts: the first code in one, in any case ("... api error
 * AccessDeniedException: User ..." or in lower case), and what it means. `code` is a slice of
 * `text` and goes on as far as the word does. Codes that are words of English (a registry's DENIED
 * and UNAUTHORIZED) count only with a colon behind. False: there is none. */
bool aws_error_find(struct text text, struct text *code, enum symptom *symptom);

/* The claims nbf and exp of a JSON Web Token, RFC 7519 4.1.4 and 4.1.5, in Unix seconds; 0 where
 * there is none. The signature is not looked at. False when it is no such token. */
bool jwt_times(struct text token, int64_t *not_before, int64_t *expires);

/* One profile of the shared config and credentials files, an INI dialect:
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 * A key is empty where the profile has none. All point into the files' text. */
struct profile {
	struct text access_key, secret_key, session_token; /* secrets */
	struct text region;
	struct text role_arn;
	struct text source_profile;
	struct text credential_source;
	struct text external_id;
	struct text session_name;
	struct text token_file;
	struct text mfa;     /* mfa_serial */
	struct text process; /* credential_process */
	struct text sso;     /* sso_session, a section of its own: "sso-session NAME" */
	struct text sso_start_url, sso_region; /* there, or in the profile (the older form) */
	struct text sso_account, sso_role;
	struct text login; /* login_session */
	struct text services,
		endpoint_url; /* a section of endpoint URLs, and that of all services */
};

/* Reads the keys of a profile out of a file's text; what is there already is overwritten, so the
 * file that wins comes last. `is_config`: sections are "[profile NAME]" but for "[default]". False
 * when the text has no such section. */
bool profile_parse(struct text file, bool is_config, struct text name, struct profile *out);
