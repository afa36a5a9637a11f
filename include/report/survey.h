/* A survey: what inspect read and found, subnet by subnet. */
#pragma once
#include "base/arena.h"
#include "diagnose/error_text.h"
#include "report/compare.h"

struct survey_subnet {
	struct text subnet, vpc, zone;
	struct text by;		  /* which seat the walk had: "none", "lambda", "fargate" */
	struct text error;	  /* why there is no walk, where one was meant; or empty */
	struct evidence evidence; /* without steps where there was no walk */
	struct diagnosis diagnosis;
};

struct survey {
	struct text version, verb;
	int64_t started_at; /* Unix seconds */
	int64_t took_us;
	/* the subject */
	struct text cluster, service, task, task_definition;
	struct texts images;
	struct vpc_subject subject;
	struct text stopped_reason;
	struct texts reasons, events; /* of containers and of the service: ECS's own words */
	bool is_explained;
	struct explanation explained; /* of those words, the first that is understood */
	/* the answers */
	struct survey_subnet *subnets;
	size_t count;
	struct vpc_list unread; /* struct vpc_call, each call once */
	struct vpc_list made;	/* struct made: in the account, for the run */
};

/* one line of JSON, schema pullprobe.survey.v1 (docs/survey.schema.json), ended by a newline */
struct text survey_json(struct arena *arena, const struct survey *survey);

/* What breaks, and the resource to change; then the links of the way that breaks. Subnets alike are
 * told once. */
struct text survey_text(
	struct arena *arena, const struct survey *survey, const struct report_style *style);

/* the reports of its subnets, to be put side by side */
struct compared *survey_reports(struct arena *arena, const struct survey *survey);

/* what was made for the run and what became of it, a line each */
struct text survey_made_text(
	struct arena *arena, const struct survey *survey, const struct report_style *style);

/* 0 where every subnet's pull works (of inspect: nothing was found that stops it), else 1; 3 where
 * no subnet has a report of its own */
int survey_exit_code(const struct survey *survey);
