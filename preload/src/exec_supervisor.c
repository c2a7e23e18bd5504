// SPDX-License-Identifier: Apache-2.0
/*
 * The process that the user started while a recording is made. It stays small
 * and does what must not be done by a Java process: it is the parent of the
 * target, so that the target starts from the user's own signals, limits and
 * descriptors, and it passes signals on. The recorder is in a session of its
 * own, so that neither Ctrl-C nor a stopped job interrupts the evidence.
 */
#include "exec_supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "exec_canary.h"
#include "exec_environment.h"
#include "exec_java.h"
#include "exec_program.h"
#include "exec_session.h"
#include "exec_target.h"

#define LIBRARY "libsandbox.so"

/* A line, and a filter or a list of at most that size. */
#define REQUEST_SIZE (64 + 65536)

/* Two Ctrl-C within this time are meant for us, not for the program. */
#define URGENT_MILLIS 1000

extern char **environ;

enum target_state {
	NO_TARGET,
	PREPARED,
	RUNNING,
	ENDED
};

struct supervisor {
	struct java recorder;
	char **arguments;
	int argument_count;
	/* What the recorder says its exit status will be. */
	int status;
	enum target_state state;
	struct program program;
	struct target target;
	struct sessions sessions;
	/* A process of the sessions that outlived the program, or -1. */
	int member;
	/* Where standard input is before the first run, -1 if it has no such
	 * place. */
	off_t input;
	/* When the user last pressed Ctrl-C, in ms of CLOCK_MONOTONIC. */
	int64_t interrupted_at;
};

/* What a run request asks for. */
struct run_request {
	int count;
	bool stdout_to_stderr;
	enum record_from from;
	const char *action;
	/* The list's text with a zero byte behind it, or BPF. */
	const char *filter;
	size_t filter_size;
};

static void tell_refusal(const struct supervisor *self,
			 const struct refusal *why)
{
	tell(&self->recorder, "refused %d %s", why->status, why->text);
}

/* The target's words are the last @count of ours; NULL when that is absurd. */
static char **target_arguments(const struct supervisor *self, int count)
{
	if (count < 1 || count > self->argument_count)
		return NULL;
	return self->arguments + self->argument_count - count;
}

static bool inspect(struct supervisor *self, int count, enum record_from from)
{
	char **argv = target_arguments(self, count);
	struct refusal why = { STATUS_OWN_FAILURE, "no program to run" };

	if (argv && find_program(argv[0], &self->program, &why) == 0 &&
	    (from != FROM_PRELOAD ||
	     check_preloadable(&self->program, &why) == 0))
		return true;
	tell_refusal(self, &why);
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

/* An unknown word is taken for the means that refuses most. */
static enum record_from parse_from(const char *word)
{
	if (strcmp(word, "exec") == 0)
		return FROM_EXEC;
	return strcmp(word, "entry") == 0 ? FROM_ENTRY : FROM_PRELOAD;
}

/* Returns an array of whole instructions, or NULL for what is none. */
static const struct sock_filter *copy_code(const struct run_request *request)
{
	static struct sock_filter code[BPF_MAXINSNS];

	if (request->filter_size % sizeof(*code) ||
	    request->filter_size > sizeof(code))
		return NULL;
	memcpy(code, request->filter, request->filter_size);
	return code;
}

static void run(struct supervisor *self, const struct run_request *request)
{
	struct target_plan plan = { .name = self->recorder.name,
				    .from = request->from,
				    .stdout_to_stderr =
					    request->stdout_to_stderr };
	char library[PATH_MAX];
	int err;

	if (!inspect(self, request->count, request->from))
		return;
	err = library_path(library);
	if (err) {
		tell(&self->recorder, "refused %d " LIBRARY ": %s",
		     STATUS_OWN_FAILURE, strerror(-err));
		return;
	}
	if (request->from != FROM_PRELOAD && request->filter_size > 0) {
		plan.code = copy_code(request);
		plan.code_length = (unsigned short)(request->filter_size /
						    sizeof(*plan.code));
		if (!plan.code) {
			tell(&self->recorder, "failed not a filter");
			return;
		}
	}
	if (self->input >= 0)
		lseek(STDIN_FILENO, self->input, SEEK_SET);
	plan.execution.program = &self->program;
	plan.execution.argv = target_arguments(self, request->count);
	plan.execution.envp = request->from == FROM_PRELOAD
				      ? preloading_environment(environ, library,
							       request->filter,
							       request->action)
				      : environ;
	err = plan.execution.envp ? prepare_target(&plan, &self->recorder.start,
						   &self->target)
				  : -ENOMEM;
	if (err) {
		tell(&self->recorder,
		     "refused %d cannot give the program an audit session of "
		     "its own: %s (CAP_AUDIT_CONTROL is needed when the login "
		     "uid is set)",
		     STATUS_OWN_FAILURE, strerror(-err));
		return;
	}
	self->state = PREPARED;
	self->sessions = (struct sessions){ 0 };
	add_session(&self->sessions, self->target.session);
	tell(&self->recorder, "session %d %u", self->target.pid,
	     self->target.session);
}

/* A zero byte follows @request, as read_message() puts it there. */
static void handle_run(struct supervisor *self, const char *request,
		       size_t length)
{
	const char *line_end = memchr(request, '\n', length);
	char where[8], from[8], action[8];
	struct run_request run_request;

	if (!line_end ||
	    sscanf(request, "run %d %7s %7s %7s", &run_request.count, where,
		   from, action) != 4 ||
	    self->state == PREPARED || self->state == RUNNING ||
	    self->member >= 0) {
		tell(&self->recorder, "failed cannot run that now");
		return;
	}
	run_request.stdout_to_stderr = strcmp(where, "stderr") == 0;
	run_request.from = parse_from(from);
	run_request.action = action;
	run_request.filter = line_end + 1;
	run_request.filter_size = length - (size_t)(line_end + 1 - request);
	run(self, &run_request);
}

static void go(struct supervisor *self)
{
	struct refusal why;

	if (self->state != PREPARED) {
		tell(&self->recorder, "failed nothing to run");
	} else if (release_target(&self->target, &why)) {
		self->state = NO_TARGET;
		tell_refusal(self, &why);
	} else {
		self->state = RUNNING;
		tell(&self->recorder, "running");
	}
}

static void answer_canary(struct supervisor *self, int number)
{
	int err = make_canary(number);

	if (err)
		tell(&self->recorder, "failed canary: %s", strerror(-err));
	else
		tell(&self->recorder, "ok");
}

/*
 * Looks for what is left of the sessions once the program itself has ended. A
 * process that is just ending, such as the loader's tracer, is not worth a
 * word.
 */
static void look_for_members(struct supervisor *self)
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
		tell(&self->recorder, "left %d", pid);
	else if (self->member == -ESRCH)
		tell(&self->recorder, "empty");
	else
		tell(&self->recorder, "failed /proc: %s",
		     strerror(-self->member));
}

static void handle_request(struct supervisor *self, const char *request,
			   size_t length)
{
	char from[8];
	unsigned int session;
	int number;

	if (self->recorder.interrupted && self->state == NO_TARGET) {
		tell(&self->recorder, "failed interrupted");
	} else if (sscanf(request, "inspect %d %7s", &number, from) == 2) {
		if (inspect(self, number, parse_from(from)))
			tell(&self->recorder, "target %s",
			     program_machine(&self->program));
	} else if (sscanf(request, "canary %d", &number) == 1) {
		answer_canary(self, number);
	} else if (strncmp(request, "run ", 4) == 0) {
		handle_run(self, request, length);
	} else if (strcmp(request, "go") == 0) {
		go(self);
	} else if (sscanf(request, "follow %u", &session) == 1) {
		if (add_session(&self->sessions, session))
			tell(&self->recorder, "ok");
		else
			tell(&self->recorder, "failed too many sessions");
	} else if (strcmp(request, "look") == 0) {
		tell(&self->recorder, "ok");
		if (self->member < 0)
			look_for_members(self);
	} else if (sscanf(request, "done %d", &number) == 1) {
		self->status = number;
	} else if (sscanf(request, "end %d", &number) == 1) {
		signal_sessions(&self->sessions, number);
		tell(&self->recorder, "ok");
	} else {
		tell(&self->recorder, "failed unknown request");
	}
}

/* Returns false when the recorder has closed its end. */
static bool read_request(struct supervisor *self)
{
	static char request[REQUEST_SIZE + 1];
	ssize_t n = read_message(&self->recorder, request, sizeof(request));

	if (n > 0)
		handle_request(self, request, (size_t)n);
	return n >= 0;
}

/*
 * A signal that the terminal sends reaches the target by itself, as long as it
 * is in the same process group. One that a process sent to us alone does not;
 * one that the target itself sent, to its whole group, does.
 */
static bool reaches_target(const struct supervisor *self,
			   const struct signalfd_siginfo *info)
{
	if (info->ssi_code > 0)
		return getpgid(self->target.pid) == getpgrp();
	return is_member((pid_t)info->ssi_pid, &self->sessions);
}

/*
 * Whether the user insists: a Ctrl-C goes to the program, which may well take
 * it for something else than its end. Two at once kill it.
 */
static bool is_urgent(struct supervisor *self,
		      const struct signalfd_siginfo *info)
{
	struct timespec time;
	int64_t now, before = self->interrupted_at;

	if (info->ssi_signo != SIGINT ||
	    (info->ssi_code <= 0 &&
	     is_member((pid_t)info->ssi_pid, &self->sessions)))
		return false;
	clock_gettime(CLOCK_MONOTONIC, &time);
	now = (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
	self->interrupted_at = now;
	return before && now - before < URGENT_MILLIS;
}

static void handle_signal(struct supervisor *self,
			  const struct signalfd_siginfo *info)
{
	int signal = (int)info->ssi_signo;

	if (self->state == RUNNING && is_urgent(self, info)) {
		signal_sessions(&self->sessions, SIGKILL);
	} else if (self->state == RUNNING) {
		if (!reaches_target(self, info))
			kill(self->target.pid, signal);
	} else if (self->state == ENDED) {
		tell(&self->recorder, "signal %d", signal);
	} else {
		interrupt_java(&self->recorder, signal);
	}
}

static bool reap_target(struct supervisor *self)
{
	int status;

	if (self->state != RUNNING ||
	    waitpid(self->target.pid, &status, WNOHANG) != self->target.pid)
		return false;
	self->state = ENDED;
	tell(&self->recorder, "ended %d", status);
	look_for_members(self);
	return true;
}

/* Returns the recorder's wait status once it has ended, else -1. */
static int read_signals(struct supervisor *self)
{
	struct signalfd_siginfo info;

	while (read(self->recorder.signals, &info, sizeof(info)) ==
	       sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			handle_signal(self, &info);
	reap_target(self);
	return reap_java(&self->recorder);
}

static int serve(struct supervisor *self)
{
	bool listening = true;
	int status = -1;

	while (status < 0) {
		struct pollfd fds[] = {
			{ .fd = self->recorder.signals, .events = POLLIN },
			{ .fd = listening ? self->recorder.control : -1,
			  .events = POLLIN },
			{ .fd = self->member, .events = POLLIN },
		};

		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			break;
		if (fds[1].revents && !read_request(self))
			listening = false;
		if (fds[2].revents) {
			close(self->member);
			look_for_members(self);
		}
		if (fds[0].revents)
			status = read_signals(self);
	}
	return status;
}

/* What it said before it ended is still in the socket. */
static void read_last_requests(struct supervisor *self)
{
	struct pollfd control = { .fd = self->recorder.control,
				  .events = POLLIN };

	while (poll(&control, 1, 0) > 0 && read_request(self))
		;
}

/*
 * The recorder is gone while the program runs. The program is not ours to
 * kill: it goes on to its end, and the status tells that nothing was learned.
 */
static void outlive_recorder(struct supervisor *self)
{
	int status;

	if (self->state == PREPARED) {
		close(self->target.gate);
		waitpid(self->target.pid, &status, 0);
	}
	if (self->state != RUNNING)
		return;
	complain(self->recorder.name, "recorder",
		 "ended unexpectedly; nothing is learned, "
		 "the program goes on to its end");
	while (self->state == RUNNING) {
		struct pollfd signals = { .fd = self->recorder.signals,
					  .events = POLLIN };

		if (poll(&signals, 1, -1) > 0)
			read_signals(self);
	}
}

int supervise(const char *name, char **recorder, char **arguments)
{
	struct supervisor self = {
		.arguments = arguments,
		.member = -1,
		.status = -1,
		.input = lseek(STDIN_FILENO, 0, SEEK_CUR),
	};
	int status, err;

	while (arguments[self.argument_count])
		self.argument_count++;
	err = start_java(&self.recorder, name, recorder);
	if (err) {
		complain(name, "cannot start", strerror(-err));
		return STATUS_OWN_FAILURE;
	}
	status = serve(&self);
	read_last_requests(&self);
	if (self.state != RUNNING && self.state != PREPARED)
		return java_status(&self.recorder, status, self.status);
	outlive_recorder(&self);
	return STATUS_OWN_FAILURE;
}
