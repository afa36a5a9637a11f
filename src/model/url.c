/* URLs, for looking at: where does a redirect lead, which host has the credentials? */
#include "model/url.h"

static bool port_of(struct text scheme, struct text given, uint16_t *out)
{
	int64_t number = text_equal(scheme, T("https")) ? 443 : 80;
	if (given.len && (!text_number(given, &number) || number < 1 || number > 65535))
		return false;
	*out = (uint16_t)number;
	return true;
}

static bool bytes_are_allowed(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if ((unsigned char)t.at[i] <= ' ' || t.at[i] == 0x7f || t.at[i] == '\\')
			return false;
	return true;
}

/* where the authority ends: at the first of "/?#" */
static size_t authority_length(struct text t)
{
	size_t at = 0;
	while (at < t.len && t.at[at] != '/' && t.at[at] != '?' && t.at[at] != '#')
		at++;
	return at;
}

bool url_parse(struct text t, struct url *out)
{
	if (!bytes_are_allowed(t))
		return false;
	*out = (struct url){.scheme = text_cut(&t, T("://"))};
	if (!text_same(out->scheme, T("https")) && !text_same(out->scheme, T("http")))
		return false;
	out->scheme = text_same(out->scheme, T("https")) ? T("https") : T("http");
	struct text authority = text_head(t, authority_length(t));
	struct text rest = text_skip(t, authority.len);
	if (text_holds(authority, T("@")))
		return false;
	struct text port = authority;
	if (text_starts(authority, T("["))) {
		port = text_skip(authority, 1);
		out->host = text_cut(&port, T("]"));
		if (port.len && !text_starts(port, T(":")))
			return false;
		port = text_skip(port, 1);
	} else {
		out->host = text_cut(&port, T(":"));
	}
	rest = text_cut(&rest, T("#"));
	out->path = text_cut(&rest, T("?"));
	out->query = rest;
	return out->host.len > 0 && port_of(out->scheme, port, &out->port);
}
