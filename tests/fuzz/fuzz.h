/* What fuzz targets share. A target is a file of targets/ with one function, fuzz; it is run by
 * libFuzzer, or by replay.c over the seeds. */
#pragma once
#include "model/aws.h"
#include "model/evidence.h"
#include "model/plan.h"
#include "net/net.h"

/* The target: `input` is foreign and exactly as long as it says. The arena ends after the call. */
void fuzz(struct arena *arena, struct text input);

/* a property that holds for every input; a finding where it does not */
#define must(condition)                                                    \
	do {                                                               \
		if (!(condition))                                          \
			fuzz_found(__FILE__, __LINE__, #condition, T("")); \
	} while (0)

/* likewise; the text is shown with the finding */
#define must_of(text, condition)                                            \
	do {                                                                \
		if (!(condition))                                           \
			fuzz_found(__FILE__, __LINE__, #condition, (text)); \
	} while (0)

_Noreturn void fuzz_found(const char *file, int line, const char *what, struct text text);

/* Runs `work`; true when it called die for a usage mistake. Any other end is a finding. */
bool fuzz_dies(void (*work)(void *context), void *context);

/* cuts the next part off `input`; parts are separated by lines of four dashes */
struct text fuzz_part(struct text *input);

/* one line, not empty, that a terminal shows as it is */
bool fuzz_is_line(struct arena *arena, struct text t);

/* lines that a terminal shows as they are */
bool fuzz_is_plain(struct arena *arena, struct text t);

/* Judges and prints what a walk saw: what is read back prints the same, and a terminal obeys none
 * of it. The JSON report. */
struct text fuzz_shown(struct arena *arena, const struct evidence *evidence);

/* Compares it with another vantage, in every form: markup stays what it was. */
void fuzz_compared(struct arena *arena, const struct evidence *evidence);

/* the step that an error of a service becomes, shown */
void fuzz_error(struct arena *arena, int status, const struct aws_error *error);

/* A network that answers with foreign bytes. */
struct world {
	bool names;	   /* DNS answers are `input`, behind the question that was asked */
	bool wire;	   /* HTTP answers are bytes that libcurl reads; else bodies */
	struct text input; /* HTTP answers: one part each, the last one for all that follow */
	enum stage stage;  /* the last one that is walked */
	const struct task *task;
	struct addresses resolvers; /* none: one that exists */
	char *const *variables;	    /* of the environment; NULL: credentials are there */
};

/* walks a pull of that world; what it saw */
struct evidence fuzz_walk(struct arena *arena, struct world *world);

/* a connection by the net layer, to a peer that sends these bytes and no more */
void fuzz_connect(struct arena *arena, struct text answer, struct dial *dial);

/* the secret key of the environment's credentials, which no report may hold */
#define FUZZ_SECRET "fuzzsecret-of-the-environment"
