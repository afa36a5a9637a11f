/* The parts of the rule table, one to a file. */
#pragma once
#include "diagnose/rule.h"

extern const struct rule_part rules_dns;
extern const struct rule_part rules_dns_names;
extern const struct rule_part rules_ipv6;
extern const struct rule_part rules_tcp;
extern const struct rule_part rules_tcp_inside;
extern const struct rule_part rules_tcp_outside;
extern const struct rule_part rules_tls;
extern const struct rule_part rules_certificate, rules_certificate_later;
extern const struct rule_part rules_proxy, rules_task_launch, rules_http;
extern const struct rule_part rules_imds;
extern const struct rule_part rules_sts;
extern const struct rule_part rules_oci;
extern const struct rule_part rules_credentials;
extern const struct rule_part rules_token;
extern const struct rule_part rules_denied;
extern const struct rule_part rules_manifest;
extern const struct rule_part rules_document;
extern const struct rule_part rules_layers;
extern const struct rule_part rules_transport;
extern const struct rule_part rules_stalled;
extern const struct rule_part rules_last;
