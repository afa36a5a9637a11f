/* A rule is a row. Rows are grouped in parts, each for some stages. The first row that meets a
 * failed step makes its finding, so rows run from the most specific to the most general. */
#pragma once
#include "diagnose/advice.h"
#include "diagnose/context.h"
#include "model/finding.h"

enum { RULE_ALTERNATIVES = 6, RULE_CAUSES = 1 + RULE_ALTERNATIVES, RULE_STATUS_RANGES = 3 };

enum rule_registry { ANY_REGISTRY, PRIVATE_ECR, OTHER_REGISTRY };

/* With which other failed steps of its stage and severity a step shares its finding. */
enum rule_shared {
	SHARED_NOT,    /* those of its endpoint and host that met the same row */
	SHARED_ALL,    /* all that met the same row: the cause is not the endpoint's own */
	SHARED_PEER,   /* those that met the same row at the same peer: the resolver */
	SHARED_ISSUER, /* those that met the same row by a certificate of the same issuer */
	SHARED_EGRESS, /* all rows with this: the task's security group lets nothing out */
	SHARED_ROUTE,  /* all rows with this: the subnet has no route out */
};

/* a number that the step records, in a range; with from > to: outside of what lies between */
struct rule_number {
	enum fact fact;
	int64_t from, to;
};

/* A column that lists words holds them with "|" between; one of them must be there, in capital or
 * small letters. */
/* what an experiment for the step saw: every column that is set must hold */
struct rule_tried {
	enum experiment experiment;
	uint64_t symptoms; /* bits by symptom */
	uint8_t has, lacks;
	enum fact fact; /* the text fact that has one of these words: */
	const char *holds;
};

struct rule {
	/* what it finds */
	const char *id;
	uint8_t certainty;	     /* enum certainty */
	uint8_t causes[RULE_CAUSES]; /* the likeliest, then the alternatives, ended by NONE */
	/* what it meets: every column that is set must hold */
	uint64_t symptoms;  /* bits by symptom */
	uint32_t endpoints; /* bits by endpoint kind */
	uint32_t run;	    /* bits by enum run_trait, all of them */
	uint16_t stages;    /* bits by stage, of those that the part has */
	uint8_t outcome;    /* of a note: OUTCOME(name); other rows are for failed steps */
	bool experiments;   /* a note that is about the steps of experiments, too */
	uint8_t peer;	    /* bits by location of the step's peer */
	uint8_t family;	    /* of the peer's address: 4 or 6 */
	uint8_t registry;   /* enum rule_registry */
	uint8_t has, lacks; /* a fact that the step records, or does not: FACT(name) */
	uint8_t passed;	    /* an experiment that was made for the step, and passed */
	uint8_t failed[2];  /* experiments that failed */
	const struct rule_tried *tried;
	uint8_t certificate; /* bits by what the peer's certificate shows, all of them */
	uint8_t others;	     /* bits by what other connections did, one of them */
	uint8_t no_others;   /* none of them */
	struct {
		uint16_t from, to;
	} status[RULE_STATUS_RANGES]; /* one of these holds the HTTP status */
	const struct rule_number *number;
	uint8_t fact;	    /* the text fact that has one of these words: */
	const char *holds;  /* words */
	const char *source; /* words in the source of the credentials, or its URI */
	const char *words;  /* words in the error's code or text, or in a cross-check's code */
	const char *policy; /* the type of the policy that denied, see denied_by */
	condition *when[2]; /* both hold */
	condition *unless;  /* does not hold */
	/* what it says */
	uint8_t severity; /* enum severity */
	uint8_t shared;	  /* enum rule_shared */
	const char *says; /* a template with placeholders in braces, see fill.c */
	/* where something else is to be said than of the cause: see rule_advice */
	const char *verify;
	const char *fix[ADVICE_LINES];
	const char *confirm[ADVICE_LINES];
};

struct rule_part {
	struct rule common; /* what all its rows require of a step: the stage at least */
	const struct rule *rows;
	size_t count;
};

#define SYMPTOM(name) (UINT64_C(1) << SYMPTOM_##name)
/* the connection was refused, cut, or never answered */
#define NO_ANSWER                                                                           \
	(SYMPTOM(TIMEOUT) | SYMPTOM(REFUSED) | SYMPTOM(UNREACHABLE) | SYMPTOM(PROHIBITED) | \
		SYMPTOM(RESET) | SYMPTOM(CLOSED) | SYMPTOM(STALLED))
/* words of a pull-through cache whose upstream registry refuses ECR */
#define UPSTREAM_FAILS                                                                         \
	"UpstreamAccessDenied|UnableToGetUpstream|UnableToAccessSecret|UnableToDecryptSecret|" \
	"SecretNotFound"
#define OUTCOME(name) (OUTCOME_##name + 1)
#define ENDPOINT(name) (UINT32_C(1) << ENDPOINT_##name)
#define STAGE(name) (1U << STAGE_##name)
/* what the peer's certificate shows, a bit each */
enum {
	CERTIFICATE_INSPECTOR = 1,  /* issued by a known maker of inspecting devices */
	CERTIFICATE_FOREIGN = 2,    /* shown for a name of AWS, and not issued by Amazon's CAs */
	CERTIFICATE_NAMES_HOST = 4, /* one of its names is the host's */
	CERTIFICATE_NAMES_AWS = 8,  /* one of its names is of AWS */
	CERTIFICATE_OF_AWS = 16,    /* the host is a name of AWS, */
	CERTIFICATE_OF_OTHERS = 32, /* or it is none */
	CERTIFICATE_ADDED_CA = 64,  /* trusted by a CA that was added here */
};

#define ANY_STAGE 0xffffU
#define TRIED(name, ...) (&(const struct rule_tried){EXPERIMENT_##name, __VA_ARGS__})
#define NUMBER(fact, from, to) (&(const struct rule_number){FACT_##fact, (from), (to)})
#define RULE_PART(table, ...)                                                                      \
	{                                                                                          \
		.common = {__VA_ARGS__}, .rows = (table), .count = sizeof(table) / sizeof *(table) \
	}

/* The parts. */
extern const struct rule_part rules_dns, rules_ipv6, rules_ipv6_translated;
extern const struct rule_part rules_tcp, rules_tcp_silent, rules_tcp_silent_s3, rules_tcp_outside;
extern const struct rule_part rules_tls, rules_certificate_later;
extern const struct rule_part rules_oci, rules_proxy, rules_task_launch;
extern const struct rule_part rules_imds, rules_sts, rules_credentials;
extern const struct rule_part rules_manifest, rules_token, rules_denied;
extern const struct rule_part rules_layers, rules_http, rules_stalled, rules_last;
/* Notes and warnings: rows that meet steps of any outcome, and are no failure. */
extern const struct rule_part rules_notes;

/* the parts in order, that of the notes last; NULL after it */
const struct rule_part *rule_part_at(size_t index);

/* the row for a failed step: never NULL */
const struct rule *rule_for(const struct context *context, const struct step *step);

/* The row's own advice where it has some, else that of its cause. Warnings and notes say all
 * themselves, and what is proven needs no verifying. */
struct advice rule_advice(const struct rule *rule);

/* whether a row meets a step, without its part's conditions */
bool rule_meets(const struct rule *rule, const struct context *context, const struct step *step);
