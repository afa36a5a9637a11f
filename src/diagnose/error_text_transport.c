/* Rows about what did not answer as a registry should: TLS, names, connections. */
#include "diagnose/error_text_rows.h"

static const struct error_text_row rows[] = {
	/* TLS */
	{ALL(PATTERN_NOT_TLS), NOT(0), PROVEN, {CAUSE_TLS_NOT_TLS},
		.says = "The other side does not speak TLS."},
	{ALL(PATTERN_TLS_SLOW), NOT(0), PROVEN, {CAUSE_TLS_HANDSHAKE_TIMEOUT},
		.says = "TCP connected, but the TLS handshake did not finish."},
	{ALL(PATTERN_CERT_EXPIRED), NOT(0), PROVEN, {CAUSE_TLS_EXPIRED},
		.says = "The certificate is expired or not yet valid by this machine's clock."},
	{ALL(PATTERN_WRONG_NAME), NOT(0), PROVEN, {CAUSE_TLS_HOSTNAME_MISMATCH},
		.says = "The certificate is for another name than the one that was asked for."},
	{ALL(PATTERN_INSPECTED, PATTERN_UNTRUSTED), NOT(0), PROVEN, {CAUSE_TLS_INTERCEPTED},
		.says = "A device that inspects TLS has signed the certificate."},
	{ALL(PATTERN_NO_ROOTS), NOT(0), PROVEN, {CAUSE_TLS_UNTRUSTED},
		.says = "The puller has no CA certificates to check with."},
	{ALL(PATTERN_UNTRUSTED), NOT(0), LIKELY, {CAUSE_TLS_INTERCEPTED, CAUSE_TLS_UNTRUSTED},
		.says = "The certificate was not issued by a CA that the puller trusts."},
	{ALL(PATTERN_HANDSHAKE_CUT), NOT(0), OPEN,
		{CAUSE_TLS_INTERCEPTED, CAUSE_TLS_VERSION, CAUSE_TLS_SNI_FILTERED},
		.says = "The other side ended the TLS handshake."},
	/* names */
	{ALL(PATTERN_NAME_REFUSED), NOT(0), LIKELY, {CAUSE_DNS_REFUSED},
		.says = "The resolver refuses the query or fails for it."},
	{ALL(PATTERN_NAME_SLOW), NOT(0), PROVEN, {CAUSE_DNS_TIMEOUT},
		.says = "The resolver did not answer in time."},
	{ALL(PATTERN_NO_SUCH_HOST, PATTERN_HOST_BAD), NOT(0), PROVEN, {CAUSE_REF_BAD_HOSTNAME},
		.says = "{host} does not resolve and cannot exist: the name itself is wrong."},
	{ALL(PATTERN_NO_SUCH_HOST, PATTERN_ECR_LAYER), NOT(PATTERN_ASKED_DKR), LIKELY,
		{CAUSE_S3_DNS}, .says = "The name of the layer bucket does not resolve."},
	{ALL(PATTERN_NO_SUCH_HOST, PATTERN_NO_PROXY), NOT(0), LIKELY,
		{CAUSE_DNS_NXDOMAIN, CAUSE_PROXY_NOT_USED},
		.says = "{host} does not resolve there; where only a proxy leads out, the puller "
			"does not "
			"use it."},
	{ALL(PATTERN_NO_SUCH_HOST, PATTERN_HOST_GOOD), NOT(0), LIKELY, {CAUSE_DNS_NXDOMAIN},
		.says = "{host} is a valid name, but the resolver says that it does not exist."},
	{ALL(PATTERN_NO_SUCH_HOST), NOT(0), OPEN, {CAUSE_DNS_NXDOMAIN, CAUSE_REF_BAD_HOSTNAME},
		.says = "The name does not resolve; whether it is the right name cannot be told "
			"from "
			"here."},
	{ALL(PATTERN_NAME_REPEATED, PATTERN_ECR_LAYER), NOT(PATTERN_ASKED_DKR), LIKELY,
		{CAUSE_S3_DNS}, .says = "The name of the layer bucket could not be resolved."},
	{ALL(PATTERN_NAME_REPEATED, PATTERN_HOST_BAD), NOT(0), PROVEN, {CAUSE_REF_BAD_HOSTNAME},
		.says = "{host} does not resolve and cannot exist: the name itself is wrong."},
	{ALL(PATTERN_NAME_REPEATED, PATTERN_HOST_GOOD), NOT(0), OPEN,
		{CAUSE_DNS_TIMEOUT, CAUSE_DNS_NXDOMAIN, CAUSE_DNS_REFUSED},
		.says = "{host} could not be resolved; the text does not give the resolver's "
			"answer."},
	{ALL(PATTERN_NAME_REPEATED), NOT(0), OPEN,
		{CAUSE_DNS_TIMEOUT, CAUSE_DNS_NXDOMAIN, CAUSE_DNS_REFUSED, CAUSE_REF_BAD_HOSTNAME},
		.says = "The name could not be resolved; the text does not give the resolver's "
			"answer."},
	{ALL(PATTERN_NOT_CONNECTED, PATTERN_HOST_BAD), NOT(PATTERN_DIALLED), LIKELY,
		{CAUSE_REF_BAD_HOSTNAME}, .says = "{host} cannot exist: the name itself is wrong."},
	{ALL(PATTERN_LOOKED_UP), NOT(PATTERN_DIALLED), OPEN,
		{CAUSE_DNS_TIMEOUT, CAUSE_DNS_NXDOMAIN, CAUSE_DNS_REFUSED},
		.says = "A name was looked up; the text ends before it gives the result."},
	/* connections that got an answer */
	{ALL(PATTERN_NO_FAMILY), NOT(0), LIKELY, {CAUSE_NET_IPV6_ONLY},
		.says = "The name has no address of the family that this machine can use."},
	{ALL(PATTERN_UNREACHABLE), NOT(0), LIKELY, {CAUSE_NET_UNREACHABLE},
		.says = "There is no route for that address, and the network said so at once."},
	{ALL(PATTERN_REFUSED, PATTERN_NO_PROXY), NOT(0), OPEN,
		{CAUSE_NET_REFUSED, CAUSE_PROXY_NOT_USED},
		.says = "A direct connection was refused; where only a proxy leads out, the puller "
			"does "
			"not use it."},
	{ALL(PATTERN_REFUSED), NOT(0), LIKELY, {CAUSE_NET_REFUSED},
		.says = "The address answers, but refuses connections on the port."},
	{ALL(PATTERN_RESET, PATTERN_ECR_LAYER), NOT(0), LIKELY, {CAUSE_NET_RESET},
		.says = "The connection was cut while a layer was fetched."},
	{ALL(PATTERN_RESET), NOT(0), OPEN, {CAUSE_NET_RESET, CAUSE_PROXY_NOT_USED},
		.says = "The connection was reset: a firewall may allow only connections through a "
			"proxy."},
	{ALL(PATTERN_UNPACKING, PATTERN_WINDOWS_LAYER), NOT(0), OPEN,
		{CAUSE_CLIENT_CONFIG, CAUSE_IMAGE_CORRUPT_LAYER, CAUSE_IMAGE_DISK_FULL},
		.says = "Windows could not unpack a layer: a scanner or the host's version may "
			"stand in the way."},
	{ALL(PATTERN_UNPACKING),
		NOT(PATTERN_CUT_SHORT, PATTERN_LAYER_BAD, PATTERN_WAITED, PATTERN_RESOLVING), OPEN,
		{CAUSE_IMAGE_DISK_FULL, CAUSE_IMAGE_CORRUPT_LAYER},
		.says = "A layer could not be unpacked; the deciding part of the text is missing."},
	{ALL(PATTERN_SIZE_LONG), NOT(0), LIKELY, {CAUSE_IMAGE_CORRUPT_LAYER},
		.says = "More bytes arrived than the image lists: a mirror or proxy on the way "
			"serves "
			"something else."},
	{ALL(PATTERN_SIZE_SHORT), NOT(0), OPEN, {CAUSE_NET_RESET, CAUSE_IMAGE_CORRUPT_LAYER},
		.says = "Fewer bytes arrived than the image lists: the transfer was cut, or a "
			"mirror or "
			"proxy serves something else."},
	{ALL(PATTERN_LAYER_BAD), NOT(0), LIKELY, {CAUSE_IMAGE_CORRUPT_LAYER, CAUSE_NET_RESET},
		.says = "A layer's content does not match its digest."},
	{ALL(PATTERN_CUT_SHORT), NOT(0), OPEN, {CAUSE_NET_RESET, CAUSE_IMAGE_CORRUPT_LAYER},
		.says = "The transfer ended before it was complete."},
	{ALL(PATTERN_END_OF_FILE), NOT(0), OPEN, {CAUSE_NET_RESET, CAUSE_TLS_INTERCEPTED},
		.says = "The other side closed the connection without an answer."},
	/* connections that got none */
	{ALL(PATTERN_ECR_LAYER, PATTERN_DIALLED), NOT(PATTERN_READ_STALLED), OPEN,
		{CAUSE_S3_NO_ROUTE, CAUSE_S3_SECURITY_GROUP},
		.says = "Token and manifest arrived; the layer host did not answer at {ip}."},
	{ALL(PATTERN_ECR_LAYER, PATTERN_DIALLED_NOTHING), NOT(0), OPEN,
		{CAUSE_S3_DNS, CAUSE_S3_NO_ROUTE},
		.says = "Token and manifest arrived; the layer host's name may not even have "
			"resolved."},
	{ALL(PATTERN_ECR_LAYER, PATTERN_WAITED), NOT(PATTERN_READ_STALLED), OPEN,
		{CAUSE_S3_NO_ROUTE, CAUSE_S3_SECURITY_GROUP},
		.says = "Token and manifest arrived; the layer host did not answer."},
	{ALL(PATTERN_READ_STALLED), NOT(PATTERN_DIALLED), OPEN,
		{CAUSE_NET_TIMEOUT, CAUSE_REGISTRY_UNAVAILABLE},
		.says = "The connection was made, but then no more data arrived."},
	{ALL(PATTERN_DIALLED_NOTHING), NOT(0), LIKELY, {CAUSE_DNS_TIMEOUT, CAUSE_NET_TIMEOUT},
		.says = "No address was dialled: the name was not resolved in time."},
	{ALL(PATTERN_DIALLED_SIX, PATTERN_DIAL_CUT), NOT(PATTERN_DKR, PATTERN_API), OPEN,
		{CAUSE_NET_TIMEOUT, CAUSE_NET_UNREACHABLE, CAUSE_REGISTRY_UNAVAILABLE},
		.says = "An IPv6 address was dialled; the text ends before it says what happened."},
	{ALL(PATTERN_DIALLED_PRIVATE, PATTERN_API), NOT(0), OPEN,
		{CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "The name resolved to a private address, {ip}, as an interface endpoint "
			"has; it "
			"did not answer."},
	{ALL(PATTERN_DIALLED_PRIVATE, PATTERN_DKR), NOT(0), OPEN,
		{CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "The name resolved to a private address, {ip}, as an interface endpoint "
			"has; it "
			"did not answer."},
	{ALL(PATTERN_DIALLED_ODD, PATTERN_API), NOT(0), OPEN, {CAUSE_NET_TIMEOUT, PATH_OUT},
		.says = "{ip} is no address that AWS announces; it did not answer."},
	{ALL(PATTERN_DIALLED_ODD, PATTERN_DKR), NOT(0), OPEN, {CAUSE_NET_TIMEOUT, PATH_OUT},
		.says = "{ip} is no address that AWS announces; it did not answer."},
	{ALL(PATTERN_DIALLED, PATTERN_API, PATTERN_ECS), NOT(0), OPEN, {PATH_OUT},
		.says = "ECR's API did not answer at {ip}, a public address."},
	{ALL(PATTERN_DIALLED, PATTERN_DKR), NOT(0), OPEN, {PATH_OUT},
		.says = "The registry did not answer at {ip}."},
	{ALL(PATTERN_DIALLED, PATTERN_OTHER_REGISTRY), NOT(PATTERN_LAYER_FETCH), OPEN,
		{CAUSE_NET_TIMEOUT, PATH_OUT}, .says = "The registry did not answer at {ip}."},
	{ALL(PATTERN_DIALLED, PATTERN_ECS), NOT(0), OPEN, {PATH_OUT},
		.says = "The registry did not answer at {ip}."},
	{ALL(PATTERN_DIALLED), NOT(0), OPEN, {CAUSE_NET_TIMEOUT, PATH_OUT},
		.says = "Nothing answered at {ip}."},
};

const struct error_text_rows error_text_transport = ERROR_TEXT_ROWS(rows);
