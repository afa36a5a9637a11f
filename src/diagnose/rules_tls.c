/* Handshakes. What varies between the tries tells size from name from version; of certificates,
 * who issued them for whom. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define CUT (SYMPTOM(RESET) | SYMPTOM(CLOSED))
#define FAILED (SYMPTOM(TIMEOUT) | CUT | SYMPTOM(ALERT))
#define NOT_VALID_NOW (SYMPTOM(EXPIRED) | SYMPTOM(NOT_YET_VALID))

static bool names_pass_as_well(const struct context *context, const struct step *step)
{
	return context_tried(context, step, EXPERIMENT_TLS_OTHER_NAME, OUTCOME_PASSED) ||
		context_tried(context, step, EXPERIMENT_TLS_NO_NAME, OUTCOME_PASSED);
}

static bool another_host_passes(const struct context *context, const struct step *step)
{
	const struct step *other = NULL;
	while ((other = context_next(context, STAGE_TLS, other)))
		if (other->outcome == OUTCOME_PASSED && !text_same(other->host, step->host))
			return true;
	return false;
}

/* the same issuer signed another endpoint's certificate too */
static bool issuer_is_everywhere(const struct context *context, const struct step *step)
{
	struct text issuer = seen_text(step, FACT_ISSUER);
	const struct step *other = NULL;
	while (issuer.len && (other = context_next(context, STAGE_TLS, other)))
		if (other->endpoint != step->endpoint &&
			text_equal(seen_text(other, FACT_ISSUER), issuer))
			return true;
	return false;
}

/* clang-format off */
static const struct rule rows[] = {
	{"tls-host-not-used", PROVEN, {CAUSE_TLS_HANDSHAKE_TIMEOUT}, .endpoints = ENDPOINT(API) |
	 ENDPOINT(S3), .when = {host_is_not_used}, .severity = SEVERITY_NOTE,
	 .says = "The TLS handshake with {host} fails. This does no harm: the registry redirected "
	 "to another host."},
	{"tls-proxy", LIKELY, {CAUSE_PROXY_UNREACHABLE, CAUSE_TLS_SNI_FILTERED},
	 .symptoms = SYMPTOM(TIMEOUT) | CUT | SYMPTOM(REFUSED) | SYMPTOM(STATUS),
	 .has = FACT(PROXY), .shared = SHARED_ALL,
	 .says = "The proxy {proxy} accepts the connection but does not connect to {hosts}: "
	 "{words}."},
	{"tls-sni", PROVEN, {CAUSE_TLS_SNI_FILTERED}, .symptoms = FAILED,
	 .passed = EXPERIMENT_TLS_OTHER_NAME, .failed = {EXPERIMENT_TLS_SMALL_HELLO},
	 .shared = SHARED_ALL,
	 .says = "The TLS handshake with {peers} passes with another server name but not with "
	 "{hosts}, whatever the packet size: a device on the path filters by server name (SNI)."},
	{"tls-mtu", PROVEN, {CAUSE_NET_MTU_BLACKHOLE}, .symptoms = FAILED,
	 .passed = EXPERIMENT_TLS_SMALL_MSS, .failed = {EXPERIMENT_TLS_OTHER_NAME},
	 .unless = names_pass_as_well, .shared = SHARED_ALL,
	 .says = "The TLS handshake with {hosts} ({peers}) fails with full-size packets and passes "
	 "with segments of {largest_passed} bytes: large packets are dropped on the path without "
	 "an ICMP message (path MTU black hole)."},
	{"tls-mtu-likely", LIKELY, {CAUSE_NET_MTU_BLACKHOLE, CAUSE_NET_LOSS}, .symptoms = FAILED,
	 .passed = EXPERIMENT_TLS_SMALL_MSS, .unless = names_pass_as_well, .shared = SHARED_ALL,
	 .says = "The TLS handshake with {hosts} ({peers}) failed once and passed with segments of "
	 "{largest_passed} bytes: large packets are probably dropped on the path.", .verify = "A "
	 "second run: a path that drops large packets fails each time."},
	{"tls-long-hello", LIKELY, {CAUSE_TLS_HANDSHAKE_TIMEOUT, CAUSE_TLS_SNI_FILTERED,
	 CAUSE_NET_RESET},
	 .symptoms = FAILED, .passed = EXPERIMENT_TLS_SMALL_HELLO,
	 .failed = {EXPERIMENT_TLS_SMALL_MSS, EXPERIMENT_TLS_OTHER_NAME},
	 .number = NUMBER(HELLO_BYTES, 1301, INT64_MAX), .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) answers a small ClientHello but not one of {hello_bytes} "
	 "bytes, which needs more than one packet: a device on the path reads the first packet "
	 "only.", .verify = "The firewall's log of TLS hellos that it could not parse.",
	 .fix = {"Update or configure the inspecting firewall to accept a ClientHello in several "
	 "packets (post-quantum key shares made it longer)."}},
	{"tls-passes-later", OPEN, {CAUSE_TLS_HANDSHAKE_TIMEOUT, CAUSE_NET_LOSS, CAUSE_NET_RESET},
	 .symptoms = FAILED, .passed = EXPERIMENT_TLS_SMALL_HELLO, .when = {names_pass_as_well},
	 .says = "The TLS handshake with {host} ({peer}) failed ({words}) and then passed in other "
	 "forms: it fails sometimes.", .verify = "More runs: loss and overload vary, a filter does "
	 "not.", .fix = {"Check the counters of NAT gateway, firewall and load balancer on the "
	 "path."}},
	{"tls-sni-likely", LIKELY, {CAUSE_TLS_SNI_FILTERED, CAUSE_NET_LOSS, CAUSE_NET_RESET},
	 .symptoms = FAILED, .when = {names_pass_as_well}, .shared = SHARED_ALL,
	 .says = "The TLS handshake with {peers} passes with another server name or none, but not "
	 "with {hosts}: a device on the path probably filters by server name (SNI)."},
	{"tls-new-version-fails", LIKELY, {CAUSE_TLS_VERSION, CAUSE_NET_LOSS}, .symptoms = FAILED,
	 .passed = EXPERIMENT_TLS_1_2, .failed = {EXPERIMENT_TLS_SMALL_HELLO}, .shared = SHARED_ALL,
	 .says = "The handshake with {hosts} ({peers}) passes with TLS 1.2 but not with TLS 1.3: a "
	 "device on the path does not accept the newer version.", .verify = "A second run that "
	 "fails in the same way.", .fix = {"Update the inspecting firewall or proxy, or exempt "
	 "{host} from inspection."}},
	{"tls-alert-version", PROVEN, {CAUSE_TLS_VERSION}, .symptoms = SYMPTOM(ALERT) |
	 SYMPTOM(VERSION), .fact = FACT_ALERT, .holds = "version|insufficient",
	 .says = "{peer} rejects the handshake for {host} with the alert \"{alert}\": no common "
	 "TLS version or cipher. AWS accepts TLS 1.2 and 1.3, so this is not AWS, or a device on "
	 "the path answers."},
	{"tls-version", PROVEN, {CAUSE_TLS_VERSION}, .symptoms = SYMPTOM(VERSION),
	 .says = "{peer} and this program have no TLS version in common for {host}. AWS accepts "
	 "TLS 1.2 and 1.3, so this is not AWS, or a device on the path answers."},
	{"tls-alert-name", LIKELY, {CAUSE_TLS_SNI_FILTERED, CAUSE_HTTP_NOT_THE_SERVICE},
	 .symptoms = SYMPTOM(ALERT), .fact = FACT_ALERT, .holds = "name|access",
	 .says = "{peer} rejects the server name {host} with the alert \"{alert}\": a device "
	 "filters by name, or the address is not the service's.", .verify = "Whether {ip} is "
	 "{host}'s address.", .fix = {"Allow {host} on the firewall, or correct the DNS record "
	 "that gives {ip}."}, .confirm = {"openssl s_client -connect {connect} -servername "
	 "{host}"}},
	{"tls-alert", OPEN, {CAUSE_TLS_VERSION, CAUSE_TLS_SNI_FILTERED, CAUSE_HTTP_NOT_THE_SERVICE},
	 .symptoms = SYMPTOM(ALERT),
	 .says = "{peer} ends the handshake for {host} with the alert \"{alert}\".",
	 .fix = {"Check the DNS record of {host}; exempt the host from inspection."}},
	{"tls-silent-mid-way", LIKELY, {CAUSE_TLS_HANDSHAKE_TIMEOUT, CAUSE_NET_MTU_BLACKHOLE,
	 CAUSE_NET_LOSS}, .symptoms = SYMPTOM(TIMEOUT), .failed = {EXPERIMENT_TLS_SMALL_MSS},
	 .has = FACT(PEER_BYTES),
	 .says = "{host} ({peer}) begins the handshake but does not finish it, even with small "
	 "packets: the server hangs, or a device on the path blocks its answer.", .verify = "A "
	 "second run, and the log of the endpoint or firewall at {ip}.", .fix = {"Exempt {host} "
	 "from inspection on the firewall; check the state of a VPC endpoint."}},
	{"tls-mtu-untested", LIKELY, {CAUSE_NET_MTU_BLACKHOLE, CAUSE_TLS_HANDSHAKE_TIMEOUT,
	 CAUSE_NET_LOSS}, .symptoms = SYMPTOM(TIMEOUT), .has = FACT(PEER_BYTES),
	 .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) begins the handshake, then sends nothing more: full-size "
	 "packets are probably dropped on the path."},
	{"tls-all-silent", LIKELY, {CAUSE_TLS_HANDSHAKE_TIMEOUT, CAUSE_TLS_SNI_FILTERED,
	 CAUSE_NET_MTU_BLACKHOLE}, .symptoms = SYMPTOM(TIMEOUT),
	 .failed = {EXPERIMENT_TLS_SMALL_MSS, EXPERIMENT_TLS_OTHER_NAME}, .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) accepts the connection but never answers the handshake, "
	 "whatever the server name and packet size.", .verify = "What accepts the connection at "
	 "{ip}: the endpoint itself, or a firewall that drops all names but a few.",
	 .fix = {"Check what accepts the connection at {ip}: a firewall or load balancer without a "
	 "working target."}},
	{"tls-timeout", LIKELY, {CAUSE_TLS_HANDSHAKE_TIMEOUT, CAUSE_NET_MTU_BLACKHOLE,
	 CAUSE_TLS_SNI_FILTERED}, .symptoms = SYMPTOM(TIMEOUT), .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) accepts the connection but does not answer the handshake "
	 "within {seconds}."},
	{"tls-cut-by-name", LIKELY, {CAUSE_TLS_SNI_FILTERED, CAUSE_NET_RESET, CAUSE_S3_RESET},
	 .symptoms = CUT, .when = {another_host_passes}, .number = NUMBER(PEER_BYTES, 0, 0),
	 .shared = SHARED_ALL,
	 .says = "{peers} closes the connection after the ClientHello for {hosts}, while "
	 "handshakes with other hosts pass: a firewall probably allows listed names only."},
	{"tls-cut-s3", LIKELY, {CAUSE_S3_RESET, CAUSE_TLS_SNI_FILTERED, CAUSE_NET_RESET},
	 .symptoms = CUT, .endpoints = ENDPOINT(S3),
	 .says = "The connection to the layer host {host} ({peer}) is closed in the TLS "
	 "handshake."},
	{"tls-cut", LIKELY, {CAUSE_NET_RESET, CAUSE_TLS_SNI_FILTERED}, .symptoms = CUT,
	 .shared = SHARED_ALL,
	 .says = "The connection to {hosts} ({peers}) is closed in the TLS handshake: a device on "
	 "the path blocks TLS."},
	{"tls-not-tls", PROVEN, {CAUSE_TLS_NOT_TLS}, .symptoms = SYMPTOM(NOT_TLS) |
	 SYMPTOM(MALFORMED), .shared = SHARED_ALL,
	 .says = "The server at {peers} does not speak TLS for {hosts}: it is a captive portal, a "
	 "proxy or another service."},
	/* certificates */
	{"tls-isolated-partition", LIKELY, {CAUSE_TLS_UNTRUSTED, CAUSE_TLS_INTERCEPTED},
	 .symptoms = SYMPTOM(UNTRUSTED), .run = RUN(ISOLATED_PARTITION), .shared = SHARED_ISSUER,
	 .says = "The certificate of {hosts} was issued by {issuer}. The CAs of this partition are "
	 "in no public bundle.", .verify = "Whether {issuer} is the partition's own CA.",
	 .fix = {"Pass the partition's CA bundle with --ca-file (AWS_CA_BUNDLE)."}},
	{"tls-intercepted-by-vendor", PROVEN, {CAUSE_TLS_INTERCEPTED},
	 .symptoms = SYMPTOM(UNTRUSTED), .certificate = CERTIFICATE_INSPECTOR,
	 .shared = SHARED_ISSUER,
	 .says = "The certificate shown for {hosts} was issued by {issuer}, an inspecting firewall "
	 "or proxy. It decrypts TLS, and the pull does not trust it."},
	{"tls-intercepted", PROVEN, {CAUSE_TLS_INTERCEPTED}, .symptoms = SYMPTOM(UNTRUSTED),
	 .certificate = CERTIFICATE_FOREIGN | CERTIFICATE_NAMES_HOST, .shared = SHARED_ISSUER,
	 .says = "The certificate shown for {hosts} has the right name, but {issuer} issued it, "
	 "not Amazon: a device on the path decrypts TLS."},
	{"tls-intercepted-everywhere", LIKELY, {CAUSE_TLS_INTERCEPTED, CAUSE_TLS_UNTRUSTED},
	 .symptoms = SYMPTOM(UNTRUSTED), .when = {issuer_is_everywhere},
	 .run = RUN(PUBLIC_REGISTRY), .shared = SHARED_ISSUER,
	 .says = "The certificates shown for {hosts} were issued by {issuer}, as were those of "
	 "other hosts: one device probably decrypts TLS for all of them.", .verify = "Whether "
	 "{issuer} is the registry's own CA; if so, the bundle lacks it."},
	{"tls-foreign-issuer", LIKELY, {CAUSE_TLS_INTERCEPTED, CAUSE_TLS_HOSTNAME_MISMATCH,
	 CAUSE_HTTP_NOT_THE_SERVICE}, .symptoms = SYMPTOM(UNTRUSTED),
	 .certificate = CERTIFICATE_FOREIGN,
	 .says = "The certificate shown for {host} was issued by {issuer} for {names}: a device "
	 "decrypts TLS, or {peer} is another server.", .fix = {"Exempt {host} from TLS inspection, "
	 "or correct the DNS record that gives {ip}."}, .confirm = {"openssl s_client -connect "
	 "{connect} -servername {host} -showcerts", "nslookup {host}"}},
	{"tls-untrusted", LIKELY, {CAUSE_TLS_UNTRUSTED, CAUSE_TLS_INTERCEPTED},
	 .symptoms = SYMPTOM(UNTRUSTED), .shared = SHARED_ISSUER,
	 .says = "No CA in the bundle signed the certificate of {hosts}. It was issued by "
	 "{issuer}.", .verify = "Whether {issuer} is the registry's own CA, or an inspecting "
	 "device's."},
	{"tls-expired-clock", PROVEN, {CAUSE_TLS_EXPIRED}, .symptoms = NOT_VALID_NOW,
	 .run = RUN(CLOCK_WRONG), .shared = SHARED_ALL,
	 .says = "The clock of this machine is {clock_error}. By that clock the certificate of "
	 "{hosts} ({not_before} to {not_after}) is not valid.", .fix = {"Set the clock: Amazon "
	 "Time Sync is 169.254.169.123 (chrony). Fargate sets its own."}},
	{"tls-expired-peer", PROVEN, {CAUSE_TLS_EXPIRED}, .symptoms = NOT_VALID_NOW,
	 .run = RUN(CLOCK_RIGHT), .shared = SHARED_ISSUER,
	 .says = "The certificates shown for {hosts} are not valid now: {words}. The host's own is "
	 "valid from {not_before} to {not_after}; {issuer} issued it. The clock of this machine is "
	 "right by the Date of another answer.", .fix = {"Renew the certificate of the server at "
	 "{peer}, or remove the server from the path: AWS renews its own in time."}},
	{"tls-expired", LIKELY, {CAUSE_TLS_EXPIRED, CAUSE_AUTH_CLOCK_SKEW},
	 .symptoms = NOT_VALID_NOW, .shared = SHARED_ISSUER,
	 .says = "The certificates shown for {hosts} are not valid now: {words}. The host's own is "
	 "valid from {not_before} to {not_after}; {issuer} issued it.",
	 .verify = "The clock of this machine.", .fix = {"Set the clock. If it is right, renew the "
	 "certificate of the server at {peer}: AWS renews its own in time."}},
	{"tls-other-aws-service", PROVEN, {CAUSE_TLS_HOSTNAME_MISMATCH},
	 .symptoms = SYMPTOM(NAME_MISMATCH), .certificate = CERTIFICATE_OF_AWS |
	 CERTIFICATE_NAMES_AWS,
	 .says = "{peer} is another AWS service: its certificate is for {names}, not for {host}. "
	 "DNS gives the address of the wrong endpoint.", .fix = {"Correct the record of {host} in "
	 "the private hosted zone to the address of the {service} endpoint."},
	 .confirm = {LINE_ZONES, LINE_PEER_GROUPS}},
	{"tls-name-mismatch", PROVEN, {CAUSE_TLS_HOSTNAME_MISMATCH},
	 .symptoms = SYMPTOM(NAME_MISMATCH),
	 .says = "The certificate of {peer} is for {names}, not for {host}. {issuer} issued it."},
	{"tls-failed", OPEN, {CAUSE_TLS_HANDSHAKE_TIMEOUT, CAUSE_TLS_VERSION, CAUSE_NET_RESET,
	 CAUSE_TLS_INTERCEPTED},
	 .says = "The TLS handshake with {host} ({peer}) failed: {words}.", .verify = "The same "
	 "handshake from outside this VPC."},
};

/* the certificate of a later connection */
static const struct rule later_rows[] = {
	{"tls-expired-later", LIKELY, {CAUSE_TLS_EXPIRED, CAUSE_AUTH_CLOCK_SKEW},
	 .symptoms = NOT_VALID_NOW,
	 .says = "The certificate that {host} shows now is not valid now: {words}. Check this "
	 "machine's clock first."},
	{"tls-untrusted-later", LIKELY, {CAUSE_TLS_UNTRUSTED, CAUSE_TLS_INTERCEPTED,
	 CAUSE_TLS_HOSTNAME_MISMATCH}, .symptoms = SYMPTOM(UNTRUSTED) | SYMPTOM(NAME_MISMATCH),
	 .says = "The certificate that {host} shows now is not trusted: {words}."},
};
/* clang-format on */

const struct rule_part rules_tls = RULE_PART(rows, .stages = STAGE(TLS));
/* answers with a status have the same symptoms for other reasons */
const struct rule_part rules_certificate_later = RULE_PART(later_rows,
	.stages = ANY_STAGE & ~(STAGE(DNS) | STAGE(TCP) | STAGE(TLS)), .lacks = FACT(STATUS),
	.words = "certificate");
