/* Where a registry sends us for a blob, looked at before anything is sent there. */
#include "walk/redirect.h"
#include <ctype.h>

/* RFC 1035 2.3.4; an IPv6 address has no brackets any more */
static bool is_host(struct text host)
{
	return host.len <= 253 &&
		text_only(host,
			T("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "0123456789-._:"));
}

const char *redirect_refuse(const struct url *location)
{
	struct address address;
	if (!text_equal(location->scheme, T("https")))
		return "the registry redirects to plain http";
	if (!is_host(location->host))
		return "the registry redirects to what is no host's name";
	if (!address_parse(location->host, &address))
		return NULL;
	if (address_is_loopback(&address) || address_is_link_local(&address))
		return "the registry redirects to an address that no blob host can have";
	return NULL;
}

const char *redirect_refuse_addresses(const struct endpoint_state *bucket)
{
	for (size_t i = 0; i < bucket->addresses.count && !bucket->by_proxy; i++)
		if (address_is_loopback(&bucket->addresses.at[i]) ||
			address_is_link_local(&bucket->addresses.at[i]))
			return "the blob host's name leads to an address that no blob host can "
			       "have";
	return NULL;
}

/* a Location that may be told: without user, password and query */
static struct text redirect_shown(struct text location)
{
	struct text shown = text_cut(&location, T("?"));
	/* a user and a password lead nowhere */
	while (text_holds(shown, T("@")))
		text_cut(&shown, T("@"));
	return shown;
}

/* the names of a query's parameters; "?" for what has no name of the usual kind, since that may be
 * a value */
static struct texts redirect_query_names(struct arena *arena, struct text query)
{
	struct texts names = {0};
	while (query.len && names.count < 32) {
		struct text pair = text_cut(&query, T("&"));
		size_t len = 0;
		/* what is no name of S3's may be a value */
		while (len < pair.len &&
			(isalnum((unsigned char)pair.at[len]) || pair.at[len] == '-'))
			len++;
		texts_add(arena, &names,
			len < pair.len && pair.at[len] == '=' ? text_head(pair, len) : T("?"));
	}
	return names;
}

const char *redirect_read(struct text location, struct url *out)
{
	if (location.len == 0)
		return "the registry redirects without saying where to";
	if (!url_parse(location, out))
		return "the registry redirects to something that is no http or https URL";
	return redirect_refuse(out);
}

void redirect_saw(struct probe *probe, struct step *step, const struct exchange *ask,
	const struct url *location)
{
	saw(probe, step, FACT_LOCATION, redirect_shown(header_value(ask, T("location"))));
	saw_list(
		probe, step, FACT_QUERY_NAMES, redirect_query_names(probe->arena, location->query));
}
