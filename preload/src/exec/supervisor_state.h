/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_SUPERVISOR_STATE_H
#define EXEC_SUPERVISOR_STATE_H

/* What the parts of the supervisor share; for nobody else. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/types.h>

#include "exec/confine.h"
#include "exec/java.h"
#include "exec/output.h"
#include "exec/session.h"
#include "exec/target.h"
#include "exec/watch.h"
#include "process/program.h"

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
	/* A signal for the program, which may have it already, or 0. */
	int held;
	int64_t held_until;
	/* The signal that Java got last, and when. */
	int java_got;
	int64_t java_got_at;
};

/* The target's words are the last @count of ours; NULL when that is absurd. */
char **target_arguments(const struct supervisor *self, int count);

/* Answers one request. Returns false when Java has closed its end. */
bool read_request(struct supervisor *self);

/*
 * Looks for what is left of the sessions once the program itself has ended,
 * and tells Java.
 */
void look_for_members(struct supervisor *self);

/*
 * Sends @signal to all that is left of the sessions. Returns 0, or -errno,
 * which Java has been told of.
 */
int end_sessions(struct supervisor *self, int signal);

/* Java got @signal too: whoever sent it means all processes. */
void note_signal_of_java(struct supervisor *self, int signal);

/* Milliseconds until pass_held_signal() is due, -1 if it is not. */
int held_signal_timeout(const struct supervisor *self);

/* Passes on the signal that is held back, once it is time. */
void pass_held_signal(struct supervisor *self);

/* Deals with a signal that was sent to us. */
void handle_signal(struct supervisor *self,
		   const struct signalfd_siginfo *info);

#endif
