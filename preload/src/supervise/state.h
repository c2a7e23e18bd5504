/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPERVISE_STATE_H
#define SUPERVISE_STATE_H

/* The state that only the parts of the supervisor share. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/types.h>

#include "bpf/recording.h"
#include "exec/confine.h"
#include "exec/java.h"
#include "guests/reception.h"
#include "guests/watch.h"
#include "process/program.h"
#include "supervise/output.h"
#include "supervise/session.h"
#include "supervise/target.h"

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
	/* The exit status that Java has announced. */
	int status;
	/* The filter to run or watch the program under, and its word count. */
	struct compiled_filter *filter;
	int count;
	enum target_state state;
	struct program program;
	struct target target;
	struct sessions sessions;
	struct watch watch;
	/* Counts the calls of some processes in the kernel; or NULL. */
	struct recording *recording;
	struct reception reception;
	/* Refuse the calls that the listener asks about. */
	bool refuses;
	/* A pidfd of a session process that outlived the program, or -errno. */
	int member;
	/* The position of standard input before the first run, or -1. */
	off_t input;
	/* Of standard input, if it is a pipe, a run can still read something. */
	bool input_is_left;
	struct kept_output output;
	/* After the first run Java has evidence: ask it to end. */
	bool has_run;
	int end_requests;
	/* When the first of them came, in ms of CLOCK_MONOTONIC. */
	int64_t end_requested_at;
	/*
	 * SIGKILL does not end a Java that reads the program's memory while the
	 * program's own file system (FUSE) withholds it.
	 */
	bool java_killed;
	bool java_hangs;
	/* When the user last pressed Ctrl-C, in ms of CLOCK_MONOTONIC. */
	int64_t interrupted_at;
	/* A signal for the program, which may have it already, or 0. */
	int held;
	int64_t held_until;
	/* The signal that Java got last, and when. */
	int java_got;
	int64_t java_got_at;
};

/* Answers one request. Returns false when Java has closed its end. */
bool read_request(struct supervisor *self);

/*
 * Looks for processes of the sessions that are left after the program has
 * ended, and tells Java.
 */
void look_for_members(struct supervisor *self);

/*
 * Sends @signal to all processes of the sessions. Returns 0, or -errno after
 * telling Java.
 */
int end_sessions(struct supervisor *self, int signal);

/* Java got @signal too: whoever sent it means all processes. */
void note_signal_of_java(struct supervisor *self, int signal);

/* Milliseconds until pass_held_signal() is due, -1 if it is not. */
int held_signal_timeout(const struct supervisor *self);

/* Passes on the signal that is held back, once it is time. */
void pass_held_signal(struct supervisor *self);

/*
 * Answers a request about a recording: 0, -1 with @why filled in, or 1 if it
 * is none.
 */
int handle_recording(struct supervisor *self, const char *request,
		     struct failure *why);

/* Records the target that is prepared, and says so to Java. */
int record_target(struct supervisor *self, bool only_refused, int entry_mark,
		  struct failure *why);

/* Reads an event of the recording, and tells Java. */
void take_recording_event(struct supervisor *self);

/* Handles a signal that was sent to us. */
void handle_signal(struct supervisor *self,
		   const struct signalfd_siginfo *info);

#endif
