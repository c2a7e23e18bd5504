// SPDX-License-Identifier: Apache-2.0
/* Who gets the user's signal: the program, which may have it, or Java. */
#include "supervise/signals.h"

#include <signal.h>
#include <unistd.h>

#include "process/clock.h"
#include "process/proc.h"
#include "supervise/members.h"
#include "supervise/nap.h"

/* Ctrl-C twice within this time is meant for us, not for the program. */
#define URGENT_MILLIS 1000

/*
 * systemd sends a signal to all processes of a unit (KillMode=control-group), to us
 * first. Then the program gets it, and so does Java, which tells us. If Java does
 * not get the signal within this time, it was sent to us alone.
 */
#define ALL_MILLIS 200

/* If Java goes on after so many requests to end, and so long, it hangs. */
#define END_PATIENCE 5
#define END_MILLIS   10000

/* Whether @pid is @ancestor or a descendant with all parents still alive. */
static bool descends_from(pid_t pid, pid_t ancestor)
{
	long parent = pid;

	while (parent > 1 && parent != ancestor)
		if (read_status_of((pid_t)parent, "PPid", &parent))
			return false;
	return parent == ancestor;
}

/*
 * A signal from the terminal reaches the target too if the target is in our
 * process group. But if we lead the session, we alone are told that the terminal
 * is gone (tty_signal_session_leader, drivers/tty/tty_jobctrl.c). A signal from a
 * process was sent to us alone, unless a process of the target sent it, to its
 * whole group.
 */
static bool reaches_target(const struct supervisor *self,
			   const struct signalfd_siginfo *info)
{
	if (info->ssi_code > 0 && info->ssi_signo == SIGHUP &&
	    getsid(0) == getpid())
		return false;
	if (info->ssi_code > 0)
		return getpgid(self->run.target.pid) == getpgrp();
	if (self->run.sessions.count == 0)
		return descends_from((pid_t)info->ssi_pid,
				     self->run.target.pid);
	return is_member((pid_t)info->ssi_pid, &self->run.sessions);
}

/* Whether it is a quick second Ctrl-C, which kills what ignores the first. */
static bool is_urgent(struct supervisor *self,
		      const struct signalfd_siginfo *info)
{
	int64_t now, before = self->signals.interrupted_at;

	if (info->ssi_signo != SIGINT ||
	    (info->ssi_code <= 0 && reaches_target(self, info)))
		return false;
	now = now_millis();
	self->signals.interrupted_at = now;
	return before && now - before < URGENT_MILLIS;
}

void note_signal_of_java(struct user_signals *self, int signal)
{
	if (self->held == signal) {
		self->held = 0;
		return;
	}
	self->java_got = signal;
	self->java_got_at = now_millis();
}

int held_signal_timeout(const struct user_signals *self)
{
	int64_t left;

	if (!self->held)
		return -1;
	left = self->held_until - now_millis();
	return left > 0 ? (int)left : 0;
}

/* Whoever runs the command asks to end it, and no program gets @signal. */
static void request_end(struct supervisor *self, int signal)
{
	int64_t now = now_millis();

	self->refuses |= self->run.state == ENDED;
	if (self->signals.end_requests++ == 0)
		self->signals.end_requested_at = now;
	if (!self->java.pid) {
		if (self->run.sessions.count > 0)
			end_sessions(&self->run, &self->java, signal);
	} else if (self->signals.end_requests <= END_PATIENCE ||
		   now - self->signals.end_requested_at < END_MILLIS) {
		tell_java(&self->java, "signal %d", signal);
	} else {
		self->signals.java_hangs |= self->signals.java_killed;
		self->signals.java_killed = true;
		kill(self->java.pid, SIGKILL);
	}
}

void pass_held_signal(struct supervisor *self)
{
	int signal = self->signals.held;

	if (held_signal_timeout(&self->signals) != 0)
		return;
	self->signals.held = 0;
	if (self->run.state == RUNNING)
		kill(self->run.target.pid, signal);
	else
		request_end(self, signal);
}

static void hold_signal(struct supervisor *self, int signal)
{
	int64_t now = now_millis();

	if (self->signals.java_got == signal &&
	    now - self->signals.java_got_at < ALL_MILLIS) {
		self->signals.java_got = 0;
		return;
	}
	/* The next signal must not overtake it. */
	self->signals.held_until = now;
	pass_held_signal(self);
	self->signals.held = signal;
	self->signals.held_until = now + ALL_MILLIS;
}

/* Such a program has no terminal of the user's, and is one of many. */
static bool is_surrounded(const struct supervisor *self)
{
	return self->surroundings.end > self->surroundings.steps;
}

void handle_signal(struct supervisor *self, const struct signalfd_siginfo *info)
{
	int signal = (int)info->ssi_signo;

	end_nap(self);
	if (self->run.state == RUNNING && is_urgent(self, info)) {
		kill(self->run.target.pid, SIGKILL);
		if (self->run.sessions.count > 0)
			end_sessions(&self->run, &self->java, SIGKILL);
		tell_java(&self->java, "signal %d", SIGKILL);
	} else if (self->run.state == RUNNING && !is_surrounded(self)) {
		if (!reaches_target(self, info))
			hold_signal(self, signal);
	} else if (!self->run.has_run) {
		interrupt_java(&self->java, signal);
	} else {
		request_end(self, signal);
	}
}
