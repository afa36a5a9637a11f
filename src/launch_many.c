/* launch for many subjects: a line of a file each, a process each. What a process took of memory is
 * given back whole, and a subject that cannot be looked at ends nothing but its own. */
#include "base/die.h"
#include "base/file.h"
#include "launch.h"
#include "model/json.h"
#include "output.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNNING_MAX = 8, FILE_MAX = 16 * 1024 * 1024, LINE_MAX_BYTES = 64 * 1024 };

struct subject_run {
	pid_t pid; /* 0: none */
	struct text folder;
};

struct many {
	struct arena *arena;
	const struct options *options;
	const struct environment *environment;
	struct subject_run running[RUNNING_MAX];
	size_t worked, failed, unable;
	bool told; /* the processes, of a signal */
};

/* one subject -----------------------------------------------------------------------------------
 */

/* "security_groups": ["sg-1", "sg-2"] is --security-groups sg-1,sg-2 */
static struct text value_of(struct arena *arena, const json_t *value)
{
	struct buffer out = {.arena = arena};
	for (size_t i = 0; i < json_array_size(value); i++)
		buffer_addf(
			&out, "%s%s", i ? "," : "", json_string_value(json_array_get(value, i)));
	return json_is_array(value) ? buffer_text(&out)
				    : text_keep(arena, text_of(json_string_value(value)));
}

static void take_key(
	struct arena *arena, struct options *options, const char *key, const json_t *value)
{
	char *name = text_string(arena, text_of(key));
	for (char *c = name; *c; c++)
		*c = (char)(*c == '_' ? '-' : *c);
	const struct option_row *row = option_row(VERB_LAUNCH, name);
	if (!row || row->take(arena, value_of(arena, value), (char *)options + row->to) == false)
		die(EXIT_USAGE, "the subject's key %s: %s", name,
			row ? "its value is not of the right form" : "launch has no such option");
}

static int run_subject(const struct many *many, struct text line, struct text folder)
{
	struct arena arena = {0};
	struct options options = *many->options;
	struct text complaint;
	const char *key;
	json_t *value;
	json_t *subject = json_read(line, LINE_MAX_BYTES, &complaint);
	if (!subject)
		die(EXIT_USAGE, "the subject is no JSON object: %.*s", TEXT(complaint));
	options.subjects = T("");
	options.format = &formats[0];
	options.output = folder;
	json_object_foreach (subject, key, value)
		if (!json_is_false(value))
			take_key(&arena, &options, key, value);
	json_decref(subject);
	options_check_subject(&arena, &options);
	int code = launch_subject(&arena, &options, many->environment);
	arena_end(&arena);
	return code;
}

static struct text path_of(struct arena *arena, struct text folder, const char *name)
{
	return text_format(arena, "%.*s/%s", TEXT(folder), name);
}

/* Its own group: a signal of the terminal comes to it by its parent, once. */
_Noreturn static void be_subject(const struct many *many, struct text line, struct text folder)
{
	static const char *const names[] = {"survey.txt", "progress.txt"};
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (int i = 0; i < 2; i++) {
		int fd = open(path_of(many->arena, folder, names[i]).at,
			O_WRONLY | O_CREAT | O_TRUNC, 0644);
		if (fd < 0)
			die(EXIT_UNABLE, "cannot write into %.*s: %s", TEXT(folder),
				strerror(errno));
		dup2(fd, i + STDOUT_FILENO);
		close(fd);
	}
	exit(run_subject(many, line, folder));
}

/* the processes ---------------------------------------------------------------------------------
 */

static struct text first_line(struct text t)
{
	return text_cut(&t, T("\n"));
}

static struct text last_line(struct text t)
{
	struct text line = T("");
	for (t = text_trim(t); t.len;)
		line = text_cut(&t, T("\n"));
	return line;
}

static struct text content_of(struct arena *arena, struct text folder, const char *name)
{
	struct text content = T("");
	struct text complaint;
	file_read(arena, path_of(arena, folder, name), FILE_MAX, &content, &complaint);
	return content;
}

/* a line a subject; or, as JSON, its survey, which is one */
static void tell_end(const struct many *many, struct text folder)
{
	struct arena scratch = {0};
	struct text says = first_line(content_of(&scratch, folder, "survey.txt"));
	if (says.len == 0)
		says = last_line(content_of(&scratch, folder, "progress.txt"));
	if (format_is_json(many->options->format))
		output_print(content_of(&scratch, folder, "survey.json"));
	else
		output_print(text_format(&scratch, "%.*s: %.*s\n", TEXT(folder), TEXT(says)));
	arena_end(&scratch);
}

/* Waits a little for one to end. A signal is handed on, also another one. */
static void wait_one(struct many *many)
{
	int status = 0;
	pid_t pid = waitpid(-1, &status, WNOHANG);
	if (pid == 0)
		nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
	many->told |= interrupted != 0;
	for (size_t i = 0; i < RUNNING_MAX && interrupted; i++)
		if (many->running[i].pid)
			kill(many->running[i].pid, SIGTERM);
	interrupted = 0;
	for (size_t i = 0; i < RUNNING_MAX && pid > 0; i++) {
		struct subject_run *run = &many->running[i];
		if (run->pid != pid)
			continue;
		int code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_UNABLE;
		many->worked += code == 0;
		many->failed += code == 1;
		many->unable += code > 1;
		tell_end(many, run->folder);
		run->pid = 0;
	}
}

static struct subject_run *free_place(struct many *many)
{
	for (;;) {
		for (size_t i = 0; i < RUNNING_MAX; i++)
			if (!many->running[i].pid)
				return &many->running[i];
		wait_one(many);
	}
}

/* A survey is written last: with it, and for the same subject, all is done. */
static bool is_done(const struct many *many, struct text folder, struct text line)
{
	struct arena scratch = {0};
	bool done = many->options->resume &&
		text_equal(content_of(&scratch, folder, "subject.json"), line) &&
		content_of(&scratch, folder, "survey.json").len > 0;
	arena_end(&scratch);
	return done;
}

static void begin(struct many *many, size_t number, struct text line)
{
	struct text folder = text_format(
		many->arena, "%.*s/%04zu", TEXT(many->options->output), number);
	if (is_done(many, folder, line))
		return;
	struct subject_run *run = free_place(many);
	if (many->told || interrupted)
		return;
	if (mkdir(text_string(many->arena, folder), 0755) != 0 && errno != EEXIST)
		die(EXIT_USAGE, "cannot make the folder %.*s: %s", TEXT(folder), strerror(errno));
	unlink(path_of(many->arena, folder, "survey.json").at);
	int fd = output_open(many->arena, "subject", path_of(many->arena, folder, "subject.json"));
	if (!output_finish(fd, line))
		die(EXIT_UNABLE, "cannot write into %.*s: %s", TEXT(folder), strerror(errno));
	*run = (struct subject_run){.folder = folder, .pid = fork()};
	if (run->pid == 0)
		be_subject(many, line, folder);
	if (run->pid < 0)
		die(EXIT_UNABLE, "cannot start a process: %s", strerror(errno));
}

static int launch_many(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct many many = {.arena = arena, .options = options, .environment = environment};
	struct text rest = file_argument(arena, options->subjects, FILE_MAX);
	if (mkdir(text_string(arena, options->output), 0755) != 0 && errno != EEXIST)
		die(EXIT_USAGE, "cannot make the folder %.*s: %s", TEXT(options->output),
			strerror(errno));
	process_hide();
	for (size_t number = 1; rest.len && !many.told && !interrupted; number++) {
		struct text line = text_trim(text_cut(&rest, T("\n")));
		if (line.len)
			begin(&many, number, line);
	}
	for (size_t i = 0; i < RUNNING_MAX; i++)
		while (many.running[i].pid)
			wait_one(&many);
	if (many.unable && !many.worked && !many.failed)
		return EXIT_UNABLE;
	return many.unable || many.failed || many.told;
}

int launch(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	return options->subjects.len ? launch_many(arena, options, environment)
				     : launch_subject(arena, options, environment);
}
