/* Profiles: lines of "key = value" under "[section]". What is indented belongs to the line before
 * (nested settings), and no credential does. */
#include "model/aws.h"
#include <stddef.h>

#define KEY_(name, member)                                      \
	{                                                       \
		LITERAL(name), offsetof(struct profile, member) \
	}

static const struct key {
	struct text name;
	size_t at;
} keys[] = {
	KEY_("aws_access_key_id", access_key),
	KEY_("aws_secret_access_key", secret_key),
	KEY_("aws_session_token", session_token),
	KEY_("region", region),
	KEY_("role_arn", role_arn),
	KEY_("source_profile", source_profile),
	KEY_("credential_source", credential_source),
	KEY_("external_id", external_id),
	KEY_("role_session_name", session_name),
	KEY_("web_identity_token_file", token_file),
	KEY_("mfa_serial", mfa),
	KEY_("credential_process", process),
	KEY_("sso_session", sso),
	KEY_("sso_start_url", sso_start_url),
	KEY_("sso_region", sso_region),
	KEY_("sso_account_id", sso_account),
	KEY_("sso_role_name", sso_role),
	KEY_("login_session", login),
	KEY_("services", services),
	KEY_("endpoint_url", endpoint_url),
};

/* "[profile NAME]", "[NAME]" */
static bool is_section(struct text line, bool is_config, struct text name)
{
	struct text inside = text_skip(line, 1);
	inside = text_trim(text_cut(&inside, T("]")));
	if (is_config && text_starts(inside, T("profile ")))
		return text_equal(text_trim(text_skip(inside, 8)), name);
	return text_equal(inside, name) && (!is_config || text_equal(name, T("default")));
}

bool profile_parse(struct text file, bool is_config, struct text name, struct profile *out)
{
	bool inside = false;
	bool any = false;
	while (file.len) {
		struct text line = text_cut(&file, T("\n"));
		/* what is nested or a comment is no key */
		bool is_key = inside && !text_only(text_head(line, 1), T(" \t#;"));
		if (text_starts(line, T("["))) {
			inside = is_section(line, is_config, name);
			any |= inside;
			continue;
		}
		struct text key = text_trim(text_cut(&line, T("=")));
		for (size_t i = 0; is_key && i < sizeof keys / sizeof *keys; i++)
			if (text_same(keys[i].name, key))
				*(struct text *)(void *)((char *)out + keys[i].at) = text_trim(
					line);
	}
	return any;
}
