/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_STOPS_H
#define INJECT_STOPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "failure.h"
#include "inject/ptrace.h"
#include "inject/start.h"
#include "process/proc.h"

/*
 * What the tracer knows of the process that it traces.
 * @pid: the process
 * @thread: the thread of it that executes; from then on the same as @pid
 * @proc: its directory in /proc, a descriptor
 * @status: its /proc/PID/status, opened early (see process/proc.h)
 * @filtering: what that said when the tracer had attached itself
 * @knows_filtering: that is of the thread which executes
 * @feed: a pipe to hand over the filter through, or -1
 * @feed_in_target: its other end, open in the target
 * @executed: execve(2) has succeeded
 * @in_execve: the last stop was in it, and its end will be the next
 * @expects_trap: SIGTRAP may be a breakpoint of ours
 * @has_threads: constructors made threads
 * @ended: it is dead, and there is nothing to kill any more
 * @failure: what could not be done, or no text
 */
struct tracee {
	const struct filtered_start *start;
	pid_t pid;
	pid_t thread;
	int proc;
	int status;
	struct filtering filtering;
	int feed;
	int feed_in_target;
	bool knows_filtering;
	bool executed;
	bool in_execve;
	bool expects_trap;
	bool has_threads;
	bool ended;
	struct failure failure;
};

/* Where the target stands; @call is set for the two stops of a call. */
struct stop {
	enum {
		STOP_EXEC,
		STOP_CALL_ENTRY,
		STOP_CALL_EXIT,
		STOP_TRAP,
		STOP_DISMISSED
	} kind;
	struct ptrace_syscall_info call;
};

/*
 * Both return 0, or -errno, -ESRCH if the target is dead. Signals reach the
 * target, and it can be stopped and continued, while these wait.
 * @request: PTRACE_CONT or PTRACE_SYSCALL
 */
int await_stop(struct tracee *tracee, unsigned int request, struct stop *stop);
int run_to_stop(struct tracee *tracee, unsigned int request, int signal,
		struct stop *stop);

/*
 * Notes for the user what could not be done with the target, and why: @err is
 * -errno, or -ECANCELED if @what says all. Returns @err.
 */
int fail_tracee(struct tracee *tracee, int err, const char *what);

/* Waits for a target that is dying; leaving earlier would kill it again. */
int await_end(struct tracee *tracee);

/*
 * Brings all other threads of the target to a stop, in which they stay, so that
 * it is certain that none of them has forked; and lets go of them. Both return
 * 0 or -errno.
 */
int stop_threads(struct tracee *tracee);
int release_threads(struct tracee *tracee);

/*
 * Lets go of threads that release_threads() has passed over, once the target
 * itself has been let go: /proc lists no more threads behind one that ends in
 * this moment. A thread that is still traced when the tracer ends is killed,
 * with its process.
 */
int release_all(struct tracee *tracee);

#endif
