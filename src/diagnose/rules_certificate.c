/* Handshakes that fail by the certificate shown. */
#include "diagnose/certificate.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

static bool issuer_is_foreign(const struct step *step)
{
	return host_is_aws(step) && !issuer_is_amazon(step) &&
		seen_text(step, FACT_ISSUER).len != 0;
}

/* the certificate of a later connection; refusals and answers of the same symptom have other words
 */
static bool is_of_a_certificate(const struct step *step)
{
	return seen_number(step, FACT_STATUS) == 0 && text_holds(step->detail, T("certificate"));
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "tls-isolated-partition", .symptoms = SYMPTOM(UNTRUSTED),
		.run = {is_isolated_partition}, .cause = CAUSE_TLS_UNTRUSTED,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_TLS_INTERCEPTED},
		.says = "The certificate of {host} was issued by {issuer}; the CAs of this "
		"partition are in no public bundle.",
		.verify = "Whether {issuer} is the partition's own CA.",
		.fix = {"Name the partition's CA bundle with --ca-file (AWS_CA_BUNDLE)."}},
	{.id = "tls-intercepted-by-vendor", .symptoms = SYMPTOM(UNTRUSTED),
		.step = {issuer_is_inspector}, .cause = CAUSE_TLS_INTERCEPTED,
		.says = "The certificate shown for {host} was issued by {issuer}, an inspecting "
		"device or proxy: it opens TLS, and the pull does not trust it."},
	{.id = "tls-intercepted", .symptoms = SYMPTOM(UNTRUSTED),
		.step = {issuer_is_foreign, certificate_names_host}, .cause = CAUSE_TLS_INTERCEPTED,
		.says = "The certificate shown for {host} bears its name and was issued by "
		"{issuer}, not by Amazon: a device on the path opens TLS."},
	{.id = "tls-intercepted-everywhere", .symptoms = SYMPTOM(UNTRUSTED),
		.when = {issuer_is_everywhere}, .run = {registry_is_public},
		.cause = CAUSE_TLS_INTERCEPTED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_UNTRUSTED},
		.says = "The certificate shown for {host} was issued by {issuer}, and so were "
		"those of other hosts: one device seems to open TLS for all of them.",
		.verify = "Whether {issuer} is the registry's own CA: then it is missing in the "
		"bundle.",
		.fix = {"Exempt {host} and the other hosts of the pull from TLS inspection."}},
	{.id = "tls-foreign-issuer", .symptoms = SYMPTOM(UNTRUSTED), .step = {issuer_is_foreign},
		.cause = CAUSE_TLS_INTERCEPTED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_HOSTNAME_MISMATCH, CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "The certificate shown for {host} was issued by {issuer} for {names}: a "
		"device opens TLS, or the address {peer} is another server.",
		.fix = {"Exempt {host} from TLS inspection, or correct the DNS record that gives "
		"{ip}."},
		.confirm = {"openssl s_client -connect {connect} -servername {host} -showcerts",
		"nslookup {host}"}},
	{.id = "tls-untrusted", .symptoms = SYMPTOM(UNTRUSTED), .cause = CAUSE_TLS_UNTRUSTED,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_TLS_INTERCEPTED},
		.says = "No CA in the bundle signed the certificate of {host}; it was issued by "
		"{issuer}.",
		.verify = "Whether {issuer} is the registry's own CA, or an inspecting device's.",
		.fix = {"If it is the registry's own CA, install it where the pull runs (and name "
		"it here with --ca-file).", "If it is not, exempt {host} from TLS inspection."}},
	{.id = "tls-expired-clock", .symptoms = SYMPTOM(EXPIRED) | SYMPTOM(NOT_YET_VALID),
		.run = {clock_is_wrong}, .cause = CAUSE_TLS_EXPIRED,
		.says = "The certificate of {host} ({not_before} to {not_after}) is not valid by "
		"the clock of this machine, which is {clock_error}: the clock is wrong.",
		.fix = {"Set the clock: Amazon Time Sync is 169.254.169.123 (chrony), and the "
		"Fargate platform keeps its own."}, .confirm = {"chronyc tracking"}},
	{.id = "tls-expired-peer", .symptoms = SYMPTOM(EXPIRED) | SYMPTOM(NOT_YET_VALID),
		.run = {clock_is_right}, .cause = CAUSE_TLS_EXPIRED,
		.says = "The certificate shown for {host} is valid from {not_before} to "
		"{not_after}, not now, and this machine's clock is right by the Date of another "
		"answer; it was issued by {issuer}.",
		.fix = {"Renew the certificate on what answers at {peer}, or take that out of the "
		"path: AWS does not let its own expire."},
		.confirm = {"openssl s_client -connect {peer} -servername {host}"}},
	{.id = "tls-expired", .symptoms = SYMPTOM(EXPIRED) | SYMPTOM(NOT_YET_VALID),
		.cause = CAUSE_TLS_EXPIRED,
		.says = "The certificate shown for {host} is valid from {not_before} to "
		"{not_after}, not now; it was issued by {issuer}. Look at this machine's clock "
		"first.",
		.fix = {"If the clock is right, renew the certificate on what answers at {peer}; "
		"AWS does not let its own expire."}},
	{.id = "tls-other-aws-service", .symptoms = SYMPTOM(NAME_MISMATCH),
		.step = {host_is_aws, certificate_names_aws}, .cause = CAUSE_TLS_HOSTNAME_MISMATCH,
		.says = "{peer} is another AWS service: its certificate is for {names}, not for "
		"{host}. DNS sends the name to the wrong endpoint.",
		.fix = {"Correct the record of {host} in the private hosted zone: it must name the "
		"{service} endpoint."}, .confirm = {LINE_ZONES, LINE_PEER_GROUPS}},
	{.id = "tls-name-mismatch", .symptoms = SYMPTOM(NAME_MISMATCH),
		.cause = CAUSE_TLS_HOSTNAME_MISMATCH,
		.says = "The certificate that {peer} shows is for {names}, not for {host}; it was "
		"issued by {issuer}."},
	{.id = "tls-failed", .cause = CAUSE_TLS_HANDSHAKE_TIMEOUT, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_TLS_VERSION, CAUSE_NET_RESET, CAUSE_TLS_INTERCEPTED},
		.says = "The TLS handshake with {host} ({peer}) failed: {words}.",
		.verify = "The same handshake from outside this VPC.",
		.fix = {"Exempt {host} from inspection on the path, and run again."},
		.confirm = {LINE_CURL}},
};
/* clang-format on */

/* clang-format off */
static const struct rule later_rows[] = {
	{.id = "tls-expired-later", .symptoms = SYMPTOM(EXPIRED) | SYMPTOM(NOT_YET_VALID),
		.step = {is_of_a_certificate}, .cause = CAUSE_TLS_EXPIRED,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_AUTH_CLOCK_SKEW},
		.says = "The certificate that {host} shows now is not valid now: {words}. Look at "
		"this machine's clock first."},
	{.id = "tls-untrusted-later", .symptoms = SYMPTOM(UNTRUSTED) | SYMPTOM(NAME_MISMATCH),
		.step = {is_of_a_certificate}, .cause = CAUSE_TLS_UNTRUSTED,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_INTERCEPTED, CAUSE_TLS_HOSTNAME_MISMATCH},
		.says = "The certificate that {host} shows now is not to be trusted: {words}."},
};
/* clang-format on */

const struct rule_part rules_certificate = RULE_PART(STAGE(TLS), rows);
const struct rule_part rules_certificate_later = RULE_PART(STAGE(HTTP) | STAGE(CREDENTIALS) |
		STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS) | STAGE(START),
	later_rows);
