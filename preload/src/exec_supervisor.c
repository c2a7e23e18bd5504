// SPDX-License-Identifier: Apache-2.0
/*
 * The process that the user started while Java thinks. It stays small and does
 * what must not be done by a Java process: it becomes the program or is its
 * parent, so that the program starts from the user's own signals, limits and
 * descriptors, and it passes signals on. Java is in a session of its own, so
 * that neither Ctrl-C nor a stopped job interrupts the evidence.
 */
#include "exec_supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
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
#include "exec_confine.h"
#include "exec_environment.h"
#include "exec_inject_proc.h"
#include "exec_java.h"
#include "exec_output.h"
#include "exec_program.h"
#include "exec_session.h"
#include "exec_target.h"
#include "exec_watch.h"

#define LIBRARY "libsandbox.so"

/* A line of words, and behind it a filter or a list. */
#define REQUEST_SIZE 65536

/* Two Ctrl-C within this time are meant for us, not for the program. */
#define URGENT_MILLIS 1000

/* How often the user may ask for the end before Java is taken to hang. */
#define END_PATIENCE 5

extern char **environ;

enum target_state {
	NO_TARGET,
	PREPARED,
	RUNNING,
	ENDED
};

struct supervisor {
	struct java java;
	char **arguments;
	int argument_count;
	/* What Java says its exit status will be. */
	int status;
	/* The filter to run the program @count under, or to watch it by. */
	struct compiled_filter *filter;
	int count;
	enum target_state state;
	struct program program;
	struct target target;
	struct sessions sessions;
	struct watch watch;
	/* Calls that are asked about are not to be made. */
	bool refuses;
	/* A process of the sessions that outlived the program, or -1. */
	int member;
	/* Where standard input is before the first run, or -1. */
	off_t input;
	struct kept_output output;
	/* From the first run on Java has evidence, and is asked to end. */
	bool has_run;
	int end_requests;
	/* When the user last pressed Ctrl-C, in ms of CLOCK_MONOTONIC. */
	int64_t interrupted_at;
};

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

static void tell_refusal(const struct supervisor *self,
			 const struct refusal *why)
{
	tell(&self->java, "refused %d %s", why->status, why->text);
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
			tell(&self->java, "refused %d " LIBRARY ": %s",
			     STATUS_OWN_FAILURE, strerror(-err));
			return NULL;
		}
		environment = preloading_environment(
			environ, library, request->list, request->action);
	} else {
		environment = environment_without_policy(environ);
	}
	if (!environment)
		tell(&self->java, "refused %d cannot start: %s",
		     STATUS_OWN_FAILURE, strerror(ENOMEM));
	return environment;
}

static bool prepare(struct supervisor *self, const struct run_request *request,
		    struct target_plan *plan, int *err)
{
	if (self->state == PREPARED || self->state == RUNNING ||
	    self->member >= 0) {
		tell(&self->java, "failed another program runs");
		return false;
	}
	if (!inspect(self, request->count, plan->from))
		return false;
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
			tell(&self->java, "refused %d cannot keep output: %s",
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

static void run(struct supervisor *self, const struct run_request *request)
{
	struct filter_image image = {
		.code = self->filter->code,
		.length = self->filter->length,
	};
	struct target_plan plan = { .name = self->java.name,
				    .from = request->from,
				    .filter = image.length ? &image : NULL,
				    .entry_mark = request->entry_mark };
	int err;

	if (!prepare(self, request, &plan, &err))
		return;
	if (err) {
		tell(&self->java,
		     "refused %d cannot give the program an audit session of "
		     "its own: %s (CAP_AUDIT_CONTROL is needed when the login "
		     "uid is set)",
		     STATUS_OWN_FAILURE, strerror(-err));
		return;
	}
	self->sessions = (struct sessions){ 0 };
	add_session(&self->sessions, self->target.session);
	tell(&self->java, "session %d %u", self->target.pid,
	     self->target.session);
}

static void watch(struct supervisor *self, const struct run_request *request)
{
	struct filter_image image = {
		.code = self->filter->code,
		.length = self->filter->length,
		.flags = self->refuses ? SECCOMP_FILTER_FLAG_NEW_LISTENER
				       : flags_to_let_through(),
	};
	struct target_plan plan = { .name = self->java.name,
				    .from = request->from,
				    .filter = &image,
				    .watched = true };
	int err = open_watch(&self->watch, &image.listener_to);
	bool prepared;

	if (err) {
		tell(&self->java, "failed listener: %s", strerror(-err));
		return;
	}
	prepared = prepare(self, request, &plan, &err);
	close(image.listener_to);
	if (!prepared)
		return;
	if (err)
		tell(&self->java, "refused %d cannot start: %s",
		     STATUS_OWN_FAILURE, strerror(-err));
	else
		tell(&self->java, "process %d", self->target.pid);
}

static void go(struct supervisor *self)
{
	struct refusal why;

	if (self->state != PREPARED) {
		tell(&self->java, "failed nothing to run");
	} else if (release_target(&self->target, &why)) {
		self->state = NO_TARGET;
		tell_refusal(self, &why);
	} else {
		self->state = RUNNING;
		self->has_run = true;
		tell(&self->java, "running");
	}
}

static void answer_canary(struct supervisor *self, int number)
{
	int err = make_canary(number);

	if (err)
		tell(&self->java, "failed canary: %s", strerror(-err));
	else
		tell(&self->java, "ok");
}

static void tell_proc_failure(const struct supervisor *self, int err)
{
	tell(&self->java, "failed /proc: %s", strerror(-err));
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
		tell(&self->java, "left %d", pid);
	else if (self->member == -ESRCH)
		tell(&self->java, "empty");
	else
		tell_proc_failure(self, self->member);
}

/* Returns 0, or -errno, which Java has been told of. */
static int end_sessions(struct supervisor *self, int signal)
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

	if (!payload ||
	    sscanf(request, "run %d %7s %7s %7s %d", &run_request.count, where,
		   from, action, &run_request.entry_mark) != 5) {
		tell(&self->java, "failed unknown request");
		return;
	}
	parse_output(where, &run_request);
	run_request.from = parse_from(from);
	run_request.list = payload + 1;
	self->filter->length = 0;
	if (run_request.from != FROM_PRELOAD &&
	    payload + 1 < request + length &&
	    !receive_code(request, length, self->filter)) {
		tell(&self->java, "failed not a filter");
		return;
	}
	run(self, &run_request);
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
		tell(&self->java, "failed the program's output: %s",
		     strerror(-verdict));
	else
		tell(&self->java, "output %s", words[verdict]);
}

/* "filter" and "watch": a line, and then a filter. */
static void handle_filter(struct supervisor *self, const char *request,
			  ssize_t length)
{
	struct compiled_filter *filter = self->filter;
	struct run_request run_request = { .action = "log", .list = "" };
	char where[8], from[8], action[8];
	int count, log;

	if (!receive_code(request, length, filter)) {
		tell(&self->java, "failed not a filter");
	} else if (sscanf(request, "watch %d %7s %7s %7s", &run_request.count,
			  where, from, action) == 4) {
		self->refuses = strcmp(action, "kill") == 0;
		run_request.from = parse_from(from);
		parse_output(where, &run_request);
		watch(self, &run_request);
	} else if (sscanf(request, "filter %d %7s %d", &count, from, &log) ==
			   3 &&
		   parse_start(from, &filter->start)) {
		if (!inspect(self, count, FROM_EXEC))
			return;
		filter->log = log != 0;
		self->count = count;
		tell(&self->java, "ok");
	} else {
		tell(&self->java, "failed unknown request");
	}
}

static void handle_request(struct supervisor *self, const char *request,
			   ssize_t length)
{
	char from[8], where[8];
	unsigned int session;
	int number;

	if (self->java.interrupted && self->state == NO_TARGET) {
		tell(&self->java, "failed interrupted");
	} else if (sscanf(request, "inspect %d %7s", &number, from) == 2) {
		if (inspect(self, number, parse_from(from)))
			tell(&self->java, "target %s",
			     program_machine(&self->program));
	} else if (sscanf(request, "canary %d", &number) == 1) {
		answer_canary(self, number);
	} else if (strncmp(request, "run ", 4) == 0) {
		handle_run(self, request, length);
	} else if (strcmp(request, "go") == 0) {
		go(self);
	} else if (sscanf(request, "follow %u", &session) == 1) {
		if (add_session(&self->sessions, session))
			tell(&self->java, "ok");
		else
			tell(&self->java, "failed too many sessions");
	} else if (sscanf(request, "output %7s", where) == 1) {
		answer_output(self, strcmp(where, "stderr") == 0);
	} else if (strcmp(request, "look") == 0) {
		tell(&self->java, "ok");
		if (self->member < 0)
			look_for_members(self);
	} else if (sscanf(request, "done %d", &number) == 1) {
		self->status = number;
	} else if (memchr(request, '\n', (size_t)length)) {
		handle_filter(self, request, length);
	} else if (sscanf(request, "end %d", &number) == 1) {
		if (end_sessions(self, number) == 0)
			tell(&self->java, "ok");
	} else {
		tell(&self->java, "failed unknown request");
	}
}

/* Returns false when Java has closed its end. */
static bool read_request(struct supervisor *self)
{
	static char request[REQUEST_SIZE + 1];
	ssize_t n = read_message(&self->java, request, sizeof(request));

	if (n > 0)
		handle_request(self, request, n);
	return n >= 0;
}

/* Whether @pid is @ancestor or came from it, as far as parents tell. */
static bool descends_from(pid_t pid, pid_t ancestor)
{
	char path[64];
	long parent = pid;
	int fd;

	while (parent > 1 && parent != ancestor) {
		snprintf(path, sizeof(path), "/proc/%ld/status", parent);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return false;
		if (read_status_number(fd, "PPid", &parent))
			parent = 0;
		close(fd);
	}
	return parent == ancestor;
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
	if (self->sessions.count == 0)
		return descends_from((pid_t)info->ssi_pid, self->target.pid);
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
	    (info->ssi_code <= 0 && reaches_target(self, info)))
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
		kill(self->target.pid, SIGKILL);
		if (self->sessions.count > 0)
			end_sessions(self, SIGKILL);
		else
			tell(&self->java, "signal %d", SIGKILL);
	} else if (self->state == RUNNING) {
		if (!reaches_target(self, info))
			kill(self->target.pid, signal);
	} else if (!self->has_run) {
		interrupt_java(&self->java, signal);
	} else if (++self->end_requests <= END_PATIENCE) {
		self->refuses |= self->state == ENDED;
		tell(&self->java, "signal %d", signal);
	} else {
		kill(self->java.pid, SIGKILL);
	}
}

static void reap_target(struct supervisor *self)
{
	int status;

	if (self->state != RUNNING ||
	    waitpid(self->target.pid, &status, WNOHANG) != self->target.pid)
		return;
	self->state = ENDED;
	/* Java is to know of it before. */
	forward_listener(&self->watch, self->java.control);
	tell(&self->java, "ended %d", status);
	/* Of a target that is watched, the listener tells who is left. */
	if (self->sessions.count > 0)
		look_for_members(self);
}

/* Returns Java's wait status once it has ended, else -1. */
static int read_signals(struct supervisor *self)
{
	struct signalfd_siginfo info;

	while (read(self->java.signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			handle_signal(self, &info);
	reap_target(self);
	return reap_java(&self->java);
}

static int serve(struct supervisor *self)
{
	bool listening = true;
	int status = -1;

	while (status < 0) {
		struct pollfd fds[] = {
			{ .fd = self->java.signals, .events = POLLIN },
			{ .fd = listening ? self->java.control : -1,
			  .events = POLLIN },
			{ .fd = self->member, .events = POLLIN },
			{ .fd = self->watch.incoming, .events = POLLIN },
		};

		if (poll(fds, 4, -1) < 0 && errno != EINTR)
			break;
		if (fds[3].revents)
			forward_listener(&self->watch, self->java.control);
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
	struct pollfd control = { .fd = self->java.control, .events = POLLIN };

	while (poll(&control, 1, 0) > 0 && read_request(self))
		;
}

/* Signals, and calls that Java would answer. */
static void wait_without_java(struct supervisor *self)
{
	struct pollfd fds[] = {
		{ .fd = self->java.signals, .events = POLLIN },
		{ .fd = self->watch.incoming, .events = POLLIN },
		{ .fd = self->watch.listener, .events = POLLIN },
	};

	if (poll(fds, 3, -1) <= 0)
		return;
	if (fds[1].revents)
		forward_listener(&self->watch, self->java.control);
	if (fds[2].revents & POLLIN)
		answer_call(&self->watch, self->refuses);
	if (fds[0].revents)
		read_signals(self);
}

/*
 * Java is gone while the program runs. The program is not ours to kill: it
 * goes on to its end, and the status tells that nothing was learned. So do
 * descendants of it that are watched, unless the user wants the end of them.
 */
static void outlive_java(struct supervisor *self)
{
	int status;

	if (self->state == PREPARED) {
		close(self->target.gate);
		waitpid(self->target.pid, &status, 0);
	}
	if (self->state != RUNNING)
		return;
	complain(self->java.name, "Java",
		 "ended unexpectedly; nothing is learned, "
		 "the program goes on to its end");
	answer_left_call(&self->watch, self->refuses);
	while (self->state == RUNNING || is_watching(&self->watch))
		wait_without_java(self);
}

/* Java has ended, and the way is free for the program it compiled for. */
static int become(struct supervisor *self)
{
	struct execution execution = {
		.program = &self->program,
		.argv = target_arguments(self, self->count),
		.envp = environment_without_policy(environ),
	};

	close(self->java.control);
	close(self->java.signals);
	if (!execution.envp)
		return complain(self->java.name, "cannot start",
				strerror(ENOMEM));
	restore_start_state(&self->java.start);
	return become_program(self->java.name, &execution, self->filter);
}

int supervise(const char *name, char **command, char **arguments)
{
	static struct compiled_filter filter;
	struct supervisor self = {
		.arguments = arguments,
		.filter = &filter,
		.watch = WATCH_INIT,
		.member = -1,
		.status = -1,
		.output = { .last = -1, .before = -1 },
		.input = lseek(STDIN_FILENO, 0, SEEK_CUR),
	};
	int status, err;

	while (arguments[self.argument_count])
		self.argument_count++;
	err = start_java(&self.java, name, command);
	if (err)
		return complain(name, "cannot start", strerror(-err));
	status = serve(&self);
	read_last_requests(&self);
	if (self.state == RUNNING || self.state == PREPARED) {
		outlive_java(&self);
		return STATUS_OWN_FAILURE;
	}
	status = java_status(&self.java, status, self.status);
	if (status != 0 || self.count == 0)
		return status;
	return become(&self);
}
