/* The verb inspect, and what launch shares with it. */
#pragma once
#include "options.h"
#include "report/survey.h"

/* Reads the configuration that decides about the subject's pulls, judges it together with the
 * reports of walks that were given, and prints it; the exit code. */
int inspect(
	struct arena *arena, const struct options *options, const struct environment *environment);

/* Sends probes for the elements of a survey, and joins them with what those saw. */
typedef void probes_fn(void *context, struct cloud *cloud, const struct options *options,
	const struct vpc_configuration *configuration, struct survey *survey);

/* The same as inspect, with probes of its own; NULL: none. */
int survey_make(struct arena *arena, const struct options *options,
	const struct environment *environment, probes_fn *probes, void *context);

/* Gives a walk to an element, which keeps its configuration. */
void survey_join(struct survey_subnet *element, const struct evidence *walk);

/* Writes the report of an element into the folder, where there is one. */
void survey_keep(
	struct arena *arena, const struct survey *survey, size_t index, struct text folder);

/* The control plane, and all that lives as long as it is asked. */
struct session {
	struct trust *trust; /* set before: of options_trust; freed at the end */
	struct walk_options walk;
	struct host_info host_info;
	struct net net;
	struct cloud cloud;
};

/* Opens it as the command line says; `last_region` is asked where nothing else names a Region. The
 * process is hidden from then on, since it has keys. Ends the program as cloud_begin does. */
void session_begin(struct session *session, struct arena *arena, const struct options *options,
	const struct environment *environment, struct text last_region);
void session_end(struct session *session);
