/* The shared config and credentials files, an INI dialect:
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
#pragma once
#include "base/text.h"

/* One profile's keys; empty where it has none. All point into the files' text. */
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
};

/* Reads the keys of a profile out of a file's text; what is there already is overwritten, so the
 * file that wins comes last. `is_config`: sections are "[profile NAME]" but for "[default]". False
 * when the text has no such section. */
bool profile_parse(struct text file, bool is_config, struct text name, struct profile *out);
