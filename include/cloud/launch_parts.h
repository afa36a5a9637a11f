/* What the files of launch share. */
#pragma once
#include "cloud/launch.h"

#ifdef __aarch64__
/* the executable's own machine, by Lambda's names and by those of ECS */
#define LAUNCH_ARCHITECTURE "arm64"
#define TASK_ARCHITECTURE "ARM64"
#else
#define LAUNCH_ARCHITECTURE "x86_64"
#define TASK_ARCHITECTURE "X86_64"
#endif

/* Lists something as made; valid until the next. */
struct made *launch_made(struct launch *launch, struct text kind, struct text id);

/* What became of something that was made. */
void launch_removed(struct launch *launch, size_t index, bool removed, const struct call *call);

/* What a call says of why it failed; of a denial, what can be done without the permission. */
struct text launch_blame(const struct launch *launch, const struct call *call);

/* a signal came, or the time is up: "interrupted during the walk" */
struct text launch_ended(const struct launch *launch, struct text when);

/* A round of probes begins, with what is left of the time. */
void launch_open(struct launch *launch);

/* From here on nothing is begun, and what was made is removed: a signal that came is dealt with,
 * and another one ends this too. */
void launch_close(struct launch *launch);

/* The functions' role: the given one, or one that is made. False: `end` says why there is none. */
bool launch_make_role(struct launch *launch);

/* Removes it, unless Lambda still needs it to remove its network interfaces. */
void launch_remove_role(struct launch *launch);
