/* URLs, for looking at: where does a redirect lead, which host has the credentials? Proxies, as
 * curl and Go read the same variables; the host of one is a name or an address. */
#include "model/url.h"
#include "base/address.h"
#include "base/encoding.h"
#include "model/target.h"

enum { HTTP = 80, HTTPS = 443 };

/* what ends the authority */
#define ENDS T("/?#")

bool url_parse(struct text t, struct url *out)
{
	if (!text_is_printable(t) || text_until(t, T(" \\")) < t.len)
		return false;
	*out = (struct url){.scheme = text_cut(&t, T("://"))};
	bool is_https = text_same(out->scheme, T("https"));
	if (!is_https && !text_same(out->scheme, T("http")))
		return false;
	out->scheme = is_https ? T("https") : T("http");
	struct text port = text_head(t, text_until(t, ENDS));
	struct text rest = text_skip(t, port.len);
	if (text_holds(port, T("@")))
		return false;
	bool bracketed = text_starts(port, T("["));
	out->host = text_cut(&port, bracketed ? T("]") : T(":"));
	if (bracketed) {
		out->host = text_skip(out->host, 1);
		if (port.len && !text_starts(port, T(":")))
			return false;
		port = text_skip(port, 1);
	}
	int64_t number = is_https ? HTTPS : HTTP;
	if (port.len && (!text_number(port, &number) || number < 1 || number > 65535))
		return false;
	out->port = (uint16_t)number;
	rest = text_cut(&rest, T("#"));
	out->path = text_cut(&rest, T("?"));
	out->query = rest;
	return out->host.len > 0;
}

/* all before the last '@': a password may hold anything */
static struct text cut_user(struct text *t)
{
	size_t at = t->len;
	while (at && t->at[at - 1] != '@')
		at--;
	struct text user = text_head(*t, at ? at - 1 : 0);
	*t = text_skip(*t, at);
	return user;
}

static struct text without_brackets(struct text host)
{
	if (text_starts(host, T("[")) && text_ends(host, T("]")))
		host = text_skip(text_head(host, host.len - 1), 1);
	return host;
}

bool proxy_parse(struct arena *arena, struct text given, struct proxy *out)
{
	struct text rest = given;
	struct text scheme = text_cut(&rest, T("://"));
	if (scheme.len == given.len || !text_same(scheme, T("http")))
		return false;
	*out = (struct proxy){0};
	struct text password = cut_user(&rest);
	struct text authority = text_lower(arena, text_head(rest, text_until(rest, ENDS)));
	if (rest.len > authority.len + 1 || !authority_parse(authority, &out->host, &out->port))
		return false;
	out->port = out->port ? out->port : HTTP;
	out->url = text_format(arena, "http://%.*s:%u", TEXT(out->host), (unsigned)out->port);
	out->host = without_brackets(out->host);
	if (password.len) {
		out->user = percent_decode(arena, text_cut(&password, T(":")));
		out->password = percent_decode(arena, password);
		out->basic = base64_encode(arena,
			text_format(arena, "%.*s:%.*s", TEXT(out->user), TEXT(out->password)));
	}
	return true;
}

struct text proxy_shown(struct arena *arena, struct text given)
{
	struct text rest = given;
	struct text host;
	uint16_t port;
	size_t scheme = text_find(given, T("://"));
	struct text shown = T("http");
	if (scheme < given.len) {
		shown = text_lower(arena, text_head(given, scheme));
		rest = text_skip(given, scheme + 3);
	}
	cut_user(&rest);
	struct text authority = text_lower(arena, text_head(rest, text_until(rest, ENDS)));
	if (!text_only(shown, T(LOWER DIGITS "+.-")) || !authority_parse(authority, &host, &port))
		return T("a proxy whose URL cannot be read");
	return text_format(arena, "%.*s://%.*s", TEXT(shown), TEXT(authority));
}

/* ".example.com" means the same, and in Go's pullers "*.example.com" does, too:
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy */
static struct text without_dot(struct text name)
{
	return text_skip(name, text_starts(name, T("*.")) ? 2 : text_starts(name, T(".")));
}

/* "example.com" has itself and "a.example.com" */
static bool name_has(struct text name, struct text host)
{
	if (name.len == 0 || name.len > host.len)
		return false;
	size_t before = host.len - name.len;
	return text_same(text_skip(host, before), name) &&
		(before == 0 || host.at[before - 1] == '.');
}

static bool entry_has_address(struct text entry, const struct address *host)
{
	struct network network;
	struct address address;
	if (text_holds(entry, T("/")))
		return network_parse(entry, &network) && address_within(host, &network);
	if (!address_parse(without_brackets(entry), &address))
		return false;
	address.port = 0;
	return address_equal(&address, host);
}

static bool entry_has_name(struct text entry, struct text host, uint16_t port)
{
	struct text whole = without_dot(entry), name = whole;
	uint16_t only = 0;
	authority_parse(whole, &name, &only);
	return (!only || only == port) && name_has(only ? name : whole, host);
}

bool proxy_excepts(struct text no_proxy, struct text host, uint16_t port)
{
	struct address address;
	bool is_address = address_parse(without_brackets(host), &address);
	if (is_address && (address_is_link_local(&address) || address_is_loopback(&address)))
		return true;
	while (no_proxy.len) {
		struct text entries = text_cut(&no_proxy, T(","));
		while (entries.len) {
			struct text entry = text_trim(text_cut(&entries, T(" ")));
			if (text_equal(entry, T("*")) ||
				(is_address ? entry_has_address(entry, &address)
					    : entry_has_name(entry, host, port)))
				return true;
		}
	}
	return false;
}
