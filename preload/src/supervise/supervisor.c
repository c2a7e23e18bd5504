// SPDX-License-Identifier: Apache-2.0
/*
 * The process that the user started does what a Java process must not do: it
 * becomes the program or is its parent, so that the program starts with the
 * user's signals, limits and descriptors, and it passes signals on. Java has
 * its own session, so that neither Ctrl-C nor a stopped job interrupts the
 * recording.
 */
#include "supervise/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec/kept.h"
#include "process/child.h"
#include "process/limits.h"
#include "process/report.h"
#include "supervise/members.h"
#include "supervise/nap.h"
#include "supervise/recorded.h"
#include "supervise/requests.h"
#include "supervise/signals.h"
#include "supervise/start.h"

static void reap_target(struct supervisor *self)
{
	int status, result = 0;

	if (self->run.state == RUNNING)
		result = reap_child(self->run.target.pid, &status);
	if (result == 0)
		return;
	if (result < 0) {
		print_own_failure(self->java.name, "the end of the program",
				  UNSEEN_END);
		status = W_EXITCODE(STATUS_OWN_FAILURE, 0);
	}
	self->run.state = ENDED;
	end_surroundings(&self->surroundings);
	end_nap(self);
	/* Java must learn of the listener before it learns of the end. */
	forward_listener(&self->watch, self->java.control);
	tell_java(&self->java, "ended %d", status);
	/* For a watched target, the listener shows if any are left. */
	if (self->run.sessions.count > 0)
		look_for_members(&self->run, &self->java);
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

static int timeout_of(const struct supervisor *self)
{
	int held = held_signal_timeout(&self->signals);
	int nap = nap_timeout(self);

	return held < 0 || (nap >= 0 && nap < held) ? nap : held;
}

static int serve(struct supervisor *self)
{
	bool listening = true;
	int status = -1;

	while (status < 0 && !self->signals.java_hangs) {
		struct pollfd fds[] = {
			{ .fd = self->java.signals, .events = POLLIN },
			{ .fd = listening ? self->java.control : -1,
			  .events = POLLIN },
			{ .fd = self->run.member, .events = POLLIN },
			{ .fd = self->watch.incoming, .events = POLLIN },
			{ .fd = self->recording
					? recording_descriptor(self->recording)
					: -1,
			  .events = POLLIN },
			{ .fd = self->reception.events, .events = POLLIN },
			{ .fd = self->reception.questions, .events = POLLIN },
			{ .fd = nap_descriptor(self), .events = POLLIN },
		};

		if (poll(fds, 8, timeout_of(self)) < 0 && errno != EINTR)
			break;
		take_nap(self, fds[7].revents != 0);
		if (fds[5].revents)
			receive_arrivals(&self->reception, self->java.name,
					 self->java.control);
		if (fds[6].revents)
			answer_questions(&self->reception);
		if (fds[3].revents)
			forward_listener(&self->watch, self->java.control);
		if (fds[4].revents)
			take_recording_event(self);
		if (fds[1].revents && !read_request(self))
			listening = false;
		if (fds[2].revents) {
			close(self->run.member);
			look_for_members(&self->run, &self->java);
		}
		if (fds[0].revents)
			status = read_signals(self);
		pass_held_signal(self);
	}
	return status;
}

/* The socket still holds what Java sent before it ended. */
static void read_last_requests(struct supervisor *self)
{
	struct pollfd control = { .fd = self->java.control, .events = POLLIN };

	while (poll(&control, 1, 0) > 0 && read_request(self))
		;
}

/* Handles signals, and answers calls in Java's place. */
static void wait_without_java(struct supervisor *self)
{
	struct pollfd fds[] = {
		{ .fd = self->java.signals, .events = POLLIN },
		{ .fd = self->watch.incoming, .events = POLLIN },
		{ .fd = self->watch.listener, .events = POLLIN },
		{ .fd = self->reception.questions, .events = POLLIN },
	};

	if (poll(fds, 4, held_signal_timeout(&self->signals)) < 0)
		return;
	pass_held_signal(self);
	if (fds[3].revents)
		answer_questions(&self->reception);
	if (fds[1].revents)
		forward_listener(&self->watch, self->java.control);
	if (fds[2].revents & POLLIN)
		answer_call(&self->watch, self->refuses);
	if (fds[0].revents)
		read_signals(self);
}

static bool needs_us(const struct supervisor *self)
{
	return self->run.state == RUNNING || is_watching(&self->watch);
}

/*
 * Waits for the program, after Java is gone. The program is not ours to kill,
 * so it runs to its end, and the status says that nothing was learned. Its
 * descendants that are watched run on too, until the user asks to end them; and
 * when the user asks again, we leave those that still run.
 */
static void outlive_java(struct supervisor *self)
{
	if (self->recording)
		end_recording(self->recording);
	self->recording = NULL;
	/* Otherwise Java has said why it ends. */
	if (self->status < 0)
		print_own_failure(
			self->java.name, "Java",
			"ended unexpectedly; the program runs on, but "
			"its calls are no longer looked at");
	answer_left_call(&self->watch, self->refuses);
	answer_all_guests(&self->reception);
	self->signals.end_requests = 0;
	while (needs_us(self) && self->signals.end_requests < 2)
		wait_without_java(self);
	if (needs_us(self))
		print_own_failure(self->java.name, "calls",
				  "of what still runs fail from now on");
}

/* Programs that were handed over do not end with us. */
static void leave_guests(struct supervisor *self)
{
	int pid = leave_answering(&self->reception);
	char number[32];

	if (pid < 0)
		print_own_failure(self->java.name,
				  "calls of what still runs fail from now on",
				  strerror(-pid));
	if (pid <= 0)
		return;
	snprintf(number, sizeof(number), "process %d", pid);
	print_own_failure(self->java.name, number,
			  "lets the calls of what still runs through, "
			  "unrecorded, until that has ended");
}

/* Becomes the program for which Java, which has ended, compiled a filter. */
static int become(struct supervisor *self)
{
	char **argv = target_arguments(self, self->count);

	keep_filter(self->kept, self->filter, argv);
	close(self->java.control);
	close(self->java.signals);
	restore_start_state(&self->java.start);
	allow_tracing(&self->java.start);
	return become_program_alone(self->java.name, &self->run.program, argv,
				    self->filter);
}

int run_supervisor(const char *name, char **command, char **arguments,
		   struct kept *kept, bool asks, enum members counted)
{
	static struct compiled_filter filter;
	struct supervisor self = {
		.java.asks = asks,
		.words.first = arguments,
		.filter = &filter,
		.kept = kept,
		.watch = WATCH_INIT,
		.reception = RECEPTION_INIT,
		.surroundings = SURROUNDINGS_INIT,
		.run.member = -1,
		.status = -1,
		.output = { .last = -1, .before = -1 },
		.input = note_input(),
	};
	const char *limit = NULL;
	struct failure unused;
	int status, err;

	while (arguments[self.words.count])
		self.words.count++;
	err = start_java(&self.java, name, command);
	if (err == -EAGAIN)
		limit = forbidding_threads();
	if (limit)
		return print_own_failure(name, "Java", limit);
	if (err)
		return print_own_failure(name, "cannot start",
					 err == -EAGAIN ? lack_of_processes()
							: strerror(-err));
	forbid_tracing(&self.java.start);
	/* While Java starts, we would only wait. */
	if (counted != NOBODY)
		self.loaded = load_recording(kernel_release(), counted, false,
					     &unused);
	status = serve(&self);
	if (self.loaded)
		end_recording(self.loaded);
	read_last_requests(&self);
	close_reception(&self.reception, self.java.name, self.java.control);
	if (self.run.state == PREPARED)
		abandon_target(&self.run.target);
	if (self.run.state == RUNNING ||
	    (self.status < 0 && is_watching(&self.watch))) {
		outlive_java(&self);
		leave_guests(&self);
		return self.java.interrupted
			       ? STATUS_SIGNALED + self.java.interrupted
			       : STATUS_OWN_FAILURE;
	}
	leave_guests(&self);
	status = java_status(&self.java, status, self.status);
	if (status != 0 || self.count == 0)
		return status;
	return become(&self);
}
