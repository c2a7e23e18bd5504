// SPDX-License-Identifier: Apache-2.0
/*
 * The process that the user started while Java thinks. It stays small and does
 * what must not be done by a Java process: it becomes the program or is its
 * parent, so that the program starts from the user's own signals, limits and
 * descriptors, and it passes signals on. Java is in a session of its own, so
 * that neither Ctrl-C nor a stopped job interrupts the evidence.
 */
#include "exec/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec/environment.h"
#include "exec/java_limits.h"
#include "exec/supervisor_state.h"
#include "process/report.h"

extern char **environ;

static void reap_target(struct supervisor *self)
{
	int status;

	if (self->state != RUNNING ||
	    waitpid(self->target.pid, &status, WNOHANG) != self->target.pid)
		return;
	self->state = ENDED;
	/* Java is to know of it before. */
	forward_listener(&self->watch, self->java.control);
	tell_java(&self->java, "ended %d", status);
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

		if (poll(fds, 4, held_signal_timeout(self)) < 0 &&
		    errno != EINTR)
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
		pass_held_signal(self);
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

	if (poll(fds, 3, held_signal_timeout(self)) < 0)
		return;
	pass_held_signal(self);
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
	print_own_failure(self->java.name, "Java",
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
		return print_own_failure(self->java.name, "cannot start",
					 strerror(ENOMEM));
	restore_start_state(&self->java.start);
	allow_tracing(&self->java.start);
	return become_program(self->java.name, &execution, self->filter);
}

int run_supervisor(const char *name, char **command, char **arguments)
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
	const char *limit = NULL;
	int status, err;

	while (arguments[self.argument_count])
		self.argument_count++;
	err = start_java(&self.java, name, command);
	if (err == -EAGAIN)
		limit = forbidding_threads();
	if (limit)
		return print_own_failure(name, "Java", limit);
	if (err)
		return print_own_failure(name, "cannot start", strerror(-err));
	forbid_tracing(&self.java.start);
	status = serve(&self);
	read_last_requests(&self);
	if (self.state == RUNNING || self.state == PREPARED) {
		outlive_java(&self);
		return self.java.interrupted
			       ? STATUS_SIGNALED + self.java.interrupted
			       : STATUS_OWN_FAILURE;
	}
	status = java_status(&self.java, status, self.status);
	if (status != 0 || self.count == 0)
		return status;
	return become(&self);
}
