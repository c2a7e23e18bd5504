/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the parts of the supervisor share: its state, and how they answer requests. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bpf/recording.h"
#include "exec/confine.h"
#include "exec/java.h"
#include "exec/kept_key.h"
#include "guests/reception.h"
#include "guests/watch.h"
#include "process/program.h"
#include "process/session.h"
#include "states/beside.h"
#include "supervise/streams.h"
#include "supervise/target.h"

enum target_state {
	NO_TARGET,
	PREPARED,
	RUNNING,
	ENDED
};

/*
 * The program that runs, or is to run.
 * @member: a pidfd of a session process that outlived the program, or -errno
 * @has_run: after the first run Java has evidence: ask it to end
 */
struct target_run {
	enum target_state state;
	struct program program;
	struct target target;
	struct sessions sessions;
	int member;
	bool has_run;
};

/*
 * What the user's signals have led to. Times are in ms of CLOCK_MONOTONIC.
 * @end_requested_at: when the first of @end_requests came
 * @java_killed, @java_hangs: SIGKILL does not end a Java that reads the program's
 *	memory while the program's own file system (FUSE) withholds it
 * @interrupted_at: when the user last pressed Ctrl-C
 * @held: a signal for the program, which may have it already, or 0
 * @java_got: the signal that Java got last
 */
struct user_signals {
	int end_requests;
	int64_t end_requested_at;
	bool java_killed;
	bool java_hangs;
	int64_t interrupted_at;
	int held;
	int64_t held_until;
	int java_got;
	int64_t java_got_at;
};

/*
 * Whether Java sleeps while the program runs (supervise/nap.h).
 * @wanted: by the next program
 * @begun: the program runs
 * @until: when that changes, in ms of CLOCK_MONOTONIC
 */
struct nap {
	bool wanted;
	bool begun;
	bool asleep;
	int64_t until;
};

/* Our own arguments. The last ones are the program and its arguments. */
struct argument_words {
	char **first;
	int count;
};

/*
 * @status: the exit status that Java has announced
 * @filter, @count: the filter to run or watch the program under; when Java has
 *	ended, we become the program of so many words under it, unless @count is 0
 * @kept: what is known about the filter for the next run of the same words
 * @refuses: refuse the calls that the listener of @watch asks about
 * @recording: counts the calls of some processes in the kernel; or NULL
 * @older: of a node, the recording that another one replaces; or NULL
 * @loaded: what is to be the first recording; or NULL
 * @surroundings: what is different for the next programs
 */
struct supervisor {
	struct java java;
	struct argument_words words;
	int status;
	struct compiled_filter *filter;
	int count;
	struct kept *kept;
	struct target_run run;
	struct watch watch;
	bool refuses;
	struct recording *recording;
	struct recording *older;
	struct recording *loaded;
	struct reception reception;
	struct surroundings surroundings;
	struct shared_input input;
	struct kept_output output;
	struct user_signals signals;
	struct nap nap;
};

/*
 * A request of Java, which ends with a zero byte.
 * @word: its first word
 * @words: what follows that
 * @number: for TAKES_NUMBER
 */
struct request {
	const char *word;
	char *text;
	ssize_t length;
	char *words;
	long number;
};

/*
 * How a request with this first word is answered: 0, or -1 with @why filled in.
 * @when: AS_A_RULE is until the user interrupts us before the first run, and
 *	WHILE_TRACED while calls are counted in the kernel
 */
struct request_handler {
	const char *word;
	enum {
		TAKES_NOTHING,
		TAKES_NUMBER,
		TAKES_WORDS
	} takes;
	enum {
		AS_A_RULE,
		ALWAYS,
		WHILE_TRACED
	} when;
	int (*handle)(struct supervisor *self, const struct request *request,
		      struct failure *why);
};
