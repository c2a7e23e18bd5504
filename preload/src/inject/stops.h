/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "failure.h"
#include "inject/ptrace.h"
#include "inject/start.h"
#include "process/proc.h"

/*
 * The process that the tracer traces.
 * @pid: the process
 * @thread: the thread that executes; the same as @pid after execve(2)
 * @proc: a descriptor of its directory in /proc
 * @status: its /proc/PID/status, opened early (see process/proc.h)
 * @filtering: what @status said when the tracer had attached itself
 * @knows_filtering: @filtering is that of the executing thread
 * @feed: a pipe through which to pass the filter, or -1
 * @feed_in_target: its other end, open in the target
 * @executed: execve(2) has succeeded
 * @in_execve: the last stop was in execve(2), and the next will be its end
 * @expects_trap: SIGTRAP may be a breakpoint of ours
 * @has_threads: constructors made threads
 * @ended: it is dead and need not be killed
 * @failure: what failed; its text is empty if nothing did
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

/* A stop of the target; @call is set for the two stops of a call. */
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

/* PTRACE_GET_SYSCALL_INFO, of the executing thread. Returns 0 or -errno. */
int query_call(const struct tracee *tracee, struct ptrace_syscall_info *call);

/*
 * Both return 0 or -errno (-ESRCH: the target is dead). While they wait,
 * signals reach the target, and it can be stopped and continued.
 * @request: PTRACE_CONT or PTRACE_SYSCALL
 */
int await_stop(struct tracee *tracee, unsigned int request, struct stop *stop);
int run_to_stop(struct tracee *tracee, unsigned int request, int signal,
		struct stop *stop);

/*
 * Sets the failure to tell the user: @what failed because of @err (-errno), or
 * @what alone if @err is -ECANCELED. Returns @err.
 */
int fail_tracee(struct tracee *tracee, int err, const char *what);

/* Waits for the end of a dying target, so that EXITKILL does not interfere. */
int await_end(struct tracee *tracee);

/* Stop the target's other threads, lest they fork, and release. 0 or -errno. */
int stop_threads(struct tracee *tracee);
int release_threads(struct tracee *tracee);

/*
 * Releases threads that release_threads() has missed, once the target itself
 * has been released: if a thread ends meanwhile, /proc does not list those
 * after it. If a thread is still traced when the tracer ends, its process is
 * killed.
 */
int release_all(struct tracee *tracee);
