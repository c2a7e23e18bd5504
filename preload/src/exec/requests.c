// SPDX-License-Identifier: Apache-2.0
/* Java asks, we answer: exec/supervisor.h has the messages. */
#include "exec/supervisor_state.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exec/environment.h"
#include "exec/vsyscall.h"
#include "process/canary.h"
#include "process/image.h"
#include "process/preloadable.h"
#include "process/search.h"

#define LIBRARY "libsandbox.so"

/* A line of words, and behind it a filter or a list. */
#define REQUEST_SIZE 65536

extern char **environ;

/* What a run is to be made of; @list is for the library only. */
struct run_request {
	int count;
	bool stdout_to_stderr;
	bool keep_output;
	enum record_from from;
	const char *action;
	const char *list;
	int entry_mark;
};

static void tell_failure(const struct supervisor *self,
			 const struct failure *why)
{
	tell_java(&self->java, "refused %d %s", why->status, why->text);
}

char **target_arguments(const struct supervisor *self, int count)
{
	if (count < 1 || count > self->argument_count)
		return NULL;
	return self->arguments + self->argument_count - count;
}

static bool inspect(struct supervisor *self, int count, enum record_from from)
{
	char **argv = target_arguments(self, count);
	struct failure why = { STATUS_OWN_FAILURE, "no program to run" };

	if (argv && find_program(argv[0], &self->program, &why) == 0 &&
	    (from != FROM_PRELOAD ||
	     check_preloadable(&self->program, &why) == 0))
		return true;
	tell_failure(self, &why);
	return false;
}

/*
 * The library lies beside this executable, in a path without blanks and colons,
 * at which the dynamic linker would split LD_PRELOAD (scripts/configure).
 */
static int library_path(char *path)
{
	char *slash;
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n < 0)
		return -errno;
	path[n] = 0;
	slash = strrchr(path, '/');
	if (!slash || slash + sizeof(LIBRARY) + 1 > path + PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(slash + 1, LIBRARY);
	if (strpbrk(path, " :"))
		return -EINVAL;
	return access(path, R_OK) ? -errno : 0;
}

/* The program's environment; NULL after a refusal. */
static char **target_environment(const struct supervisor *self,
				 const struct target_plan *plan,
				 const struct run_request *request)
{
	char library[PATH_MAX];
	char **environment;
	int err;

	if (plan->from == FROM_PRELOAD) {
		err = library_path(library);
		if (err) {
			tell_java(&self->java, "refused %d " LIBRARY ": %s",
				  STATUS_OWN_FAILURE, strerror(-err));
			return NULL;
		}
		environment = preloading_environment(
			environ, library, request->list, request->action);
	} else {
		environment = environment_without_policy(environ);
	}
	if (!environment)
		tell_java(&self->java, "refused %d cannot start: %s",
			  STATUS_OWN_FAILURE, strerror(ENOMEM));
	return environment;
}

static bool prepare(struct supervisor *self, const struct run_request *request,
		    struct target_plan *plan, int *err)
{
	if (self->state == PREPARED || self->state == RUNNING ||
	    self->member >= 0) {
		tell_java(&self->java, "failed another program runs");
		return false;
	}
	if (!inspect(self, request->count, plan->from))
		return false;
	if (plan->from != FROM_PRELOAD)
		warn_of_vsyscalls(self->java.name, &self->program);
	plan->execution.program = &self->program;
	plan->execution.argv = target_arguments(self, request->count);
	plan->execution.envp = target_environment(self, plan, request);
	if (!plan->execution.envp)
		return false;
	if (self->input >= 0)
		lseek(STDIN_FILENO, self->input, SEEK_SET);
	plan->output = request->stdout_to_stderr ? STDERR_FILENO : -1;
	if (request->keep_output) {
		*err = begin_output(&self->output);
		if (*err) {
			tell_java(&self->java,
				  "refused %d cannot keep output: %s",
				  STATUS_OWN_FAILURE, strerror(-*err));
			return false;
		}
		plan->output = self->output.last;
	}
	*err = prepare_target(plan, &self->java.start, &self->target);
	if (!*err)
		self->state = PREPARED;
	return true;
}

/* Runs the target in an audit session of its own. */
static void run_target(struct supervisor *self,
		       const struct run_request *request,
		       const struct filter_image *filter)
{
	struct target_plan plan = { .name = self->java.name,
				    .from = request->from,
				    .filter = filter,
				    .in_session = true,
				    .entry_mark = request->entry_mark };
	int err;

	if (!prepare(self, request, &plan, &err))
		return;
	if (err) {
		tell_java(
			&self->java,
			"refused %d cannot give the program an audit session of "
			"its own: %s (CAP_AUDIT_CONTROL is needed when the login "
			"uid is set)",
			STATUS_OWN_FAILURE, strerror(-err));
		return;
	}
	self->sessions = (struct sessions){ 0 };
	add_session(&self->sessions, self->target.session);
	tell_java(&self->java, "session %d %u", self->target.pid,
		  self->target.session);
}

/* The filter that Java sent, to be loaded with a listener. */
static bool open_listened(struct supervisor *self, struct filter_image *image)
{
	int err = open_watch(&self->watch, &image->listener_to);

	image->code = self->filter->code;
	image->length = self->filter->length;
	image->flags = self->refuses ? SECCOMP_FILTER_FLAG_NEW_LISTENER
				     : flags_to_let_through();
	if (err)
		tell_java(&self->java, "failed listener: %s", strerror(-err));
	return !err;
}

static void watch_target(struct supervisor *self,
			 const struct run_request *request)
{
	struct filter_image image;
	struct target_plan plan = { .name = self->java.name,
				    .from = request->from,
				    .filter = &image };
	bool prepared;
	int err;

	if (!open_listened(self, &image))
		return;
	prepared = prepare(self, request, &plan, &err);
	close(image.listener_to);
	if (!prepared)
		return;
	if (err)
		tell_java(&self->java, "refused %d cannot start: %s",
			  STATUS_OWN_FAILURE, strerror(-err));
	else
		tell_java(&self->java, "process %d", self->target.pid);
}

static void start_target(struct supervisor *self)
{
	struct failure why;

	if (self->state != PREPARED) {
		tell_java(&self->java, "failed nothing to run");
	} else if (release_target(&self->target, &why)) {
		self->state = NO_TARGET;
		tell_failure(self, &why);
	} else {
		self->state = RUNNING;
		self->has_run = true;
		tell_java(&self->java, "running");
	}
}

static void answer_canary(struct supervisor *self, int number)
{
	int err = make_canary(number);

	if (err)
		tell_java(&self->java, "failed canary: %s", strerror(-err));
	else
		tell_java(&self->java, "ok");
}

static void tell_proc_failure(const struct supervisor *self, int err)
{
	tell_java(&self->java, "failed /proc: %s", strerror(-err));
}

/*
 * A process that is just ending, such as the loader's tracer, is not worth a
 * word.
 */
void look_for_members(struct supervisor *self)
{
	struct pollfd ended = { .events = POLLIN };
	int patience = 20;
	pid_t pid;

	for (;;) {
		self->member = open_session_member(&self->sessions, &pid);
		ended.fd = self->member;
		if (self->member < 0 || --patience == 0 ||
		    poll(&ended, 1, 50) == 0)
			break;
		close(self->member);
	}
	if (self->member >= 0)
		tell_java(&self->java, "left %d", pid);
	else if (self->member == -ESRCH)
		tell_java(&self->java, "empty");
	else
		tell_proc_failure(self, self->member);
}

int end_sessions(struct supervisor *self, int signal)
{
	int err = signal_sessions(&self->sessions, signal);

	if (err)
		tell_proc_failure(self, err);
	return err;
}

/* An unknown word is taken for the means that refuses most. */
static enum record_from parse_from(const char *word)
{
	if (strcmp(word, "exec") == 0)
		return FROM_EXEC;
	return strcmp(word, "entry") == 0 ? FROM_ENTRY : FROM_PRELOAD;
}

static void parse_output(const char *word, struct run_request *request)
{
	request->stdout_to_stderr = strcmp(word, "stderr") == 0;
	request->keep_output = strcmp(word, "keep") == 0;
}

/* A line, and then a list, BPF, or nothing. A zero byte follows @request. */
static void handle_run(struct supervisor *self, const char *request,
		       ssize_t length)
{
	const char *payload = strchr(request, '\n');
	char where[8], from[8], action[8];
	struct run_request run_request = { .action = action };
	struct filter_image image = { 0 };

	if (!payload ||
	    sscanf(request, "run %d %7s %7s %7s %d", &run_request.count, where,
		   from, action, &run_request.entry_mark) != 5) {
		tell_java(&self->java, "failed unknown request");
		return;
	}
	parse_output(where, &run_request);
	run_request.from = parse_from(from);
	run_request.list = payload + 1;
	self->filter->length = 0;
	if (run_request.from != FROM_PRELOAD &&
	    payload + 1 < request + length &&
	    !receive_code(request, length, self->filter)) {
		tell_java(&self->java, "failed not a filter");
		return;
	}
	image.code = self->filter->code;
	image.length = self->filter->length;
	run_target(self, &run_request, image.length ? &image : NULL);
}

/* A line, and then a filter. */
static void handle_guard(struct supervisor *self, const char *request,
			 ssize_t length)
{
	struct run_request run_request = { .action = "log", .list = "" };
	struct filter_image image;
	char where[8], from[8];

	if (sscanf(request, "guard %d %7s %7s %d", &run_request.count, where,
		   from, &run_request.entry_mark) != 4) {
		tell_java(&self->java, "failed unknown request");
		return;
	}
	if (!receive_code(request, length, self->filter)) {
		tell_java(&self->java, "failed not a filter");
		return;
	}
	parse_output(where, &run_request);
	run_request.from = parse_from(from);
	self->refuses = false;
	if (!open_listened(self, &image))
		return;
	run_target(self, &run_request, &image);
	close(image.listener_to);
}

static void answer_output(struct supervisor *self, bool to_stderr)
{
	static const char *const words[] = {
		[OUTPUT_SAME] = "same",
		[OUTPUT_DIFFERENT] = "different",
		[OUTPUT_FIRST] = "first",
	};
	int verdict = show_output(&self->output,
				  to_stderr ? STDERR_FILENO : STDOUT_FILENO);

	if (verdict < 0)
		tell_java(&self->java, "failed the program's output: %s",
			  strerror(-verdict));
	else
		tell_java(&self->java, "output %s", words[verdict]);
}

/* A line, and then a filter. */
static void handle_watch(struct supervisor *self, const char *request,
			 ssize_t length)
{
	struct run_request run_request = { .action = "log", .list = "" };
	char where[8], from[8], action[8];

	if (sscanf(request, "watch %d %7s %7s %7s", &run_request.count, where,
		   from, action) != 4) {
		tell_java(&self->java, "failed unknown request");
		return;
	}
	if (!receive_code(request, length, self->filter)) {
		tell_java(&self->java, "failed not a filter");
		return;
	}
	parse_output(where, &run_request);
	run_request.from = parse_from(from);
	self->refuses = strcmp(action, "kill") == 0;
	watch_target(self, &run_request);
}

static void handle_filter(struct supervisor *self, const char *request,
			  ssize_t length)
{
	struct compiled_filter *filter = self->filter;
	char from[8];
	int count, log;

	if (sscanf(request, "filter %d %7s %d", &count, from, &log) != 3 ||
	    !parse_start(from, &filter->start)) {
		tell_java(&self->java, "failed unknown request");
		return;
	}
	if (!receive_code(request, length, filter)) {
		tell_java(&self->java, "failed not a filter");
		return;
	}
	if (!inspect(self, count, FROM_EXEC))
		return;
	filter->log = log != 0;
	self->count = count;
	tell_java(&self->java, "ok");
}

static void handle_request(struct supervisor *self, const char *request,
			   ssize_t length)
{
	char from[8], where[8];
	unsigned int session;
	int number;

	if (self->java.interrupted && self->state == NO_TARGET) {
		tell_java(&self->java, "failed interrupted");
	} else if (sscanf(request, "inspect %d %7s", &number, from) == 2) {
		if (inspect(self, number, parse_from(from)))
			tell_java(&self->java, "target %s",
				  program_machine(&self->program));
	} else if (sscanf(request, "canary %d", &number) == 1) {
		answer_canary(self, number);
	} else if (strncmp(request, "run ", 4) == 0) {
		handle_run(self, request, length);
	} else if (strncmp(request, "guard ", 6) == 0) {
		handle_guard(self, request, length);
	} else if (strncmp(request, "watch ", 6) == 0) {
		handle_watch(self, request, length);
	} else if (strncmp(request, "filter ", 7) == 0) {
		handle_filter(self, request, length);
	} else if (strcmp(request, "go") == 0) {
		start_target(self);
	} else if (sscanf(request, "follow %u", &session) == 1) {
		if (add_session(&self->sessions, session))
			tell_java(&self->java, "ok");
		else
			tell_java(&self->java, "failed too many sessions");
	} else if (sscanf(request, "output %7s", where) == 1) {
		answer_output(self, strcmp(where, "stderr") == 0);
	} else if (strcmp(request, "look") == 0) {
		tell_java(&self->java, "ok");
		if (self->member < 0)
			look_for_members(self);
	} else if (sscanf(request, "done %d", &number) == 1) {
		self->status = number;
	} else if (sscanf(request, "end %d", &number) == 1) {
		if (end_sessions(self, number) == 0)
			tell_java(&self->java, "ok");
	} else {
		tell_java(&self->java, "failed unknown request");
	}
}

bool read_request(struct supervisor *self)
{
	static char request[REQUEST_SIZE + 1];
	ssize_t n = read_message(&self->java, request, sizeof(request));

	if (n > 0)
		handle_request(self, request, n);
	return n >= 0;
}
