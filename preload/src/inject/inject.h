/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_INJECT_H
#define INJECT_INJECT_H

#include "failure.h"
#include "inject/start.h"

/*
 * Turns the calling process into the program, as execve(2) does, with the
 * filter in force before the program can do anything. It needs no capability,
 * and the filter need not allow execve. Any thread may call it. It needs /proc
 * and Linux 5.3 (PTRACE_GET_SYSCALL_INFO).
 *
 * Returns -1 with @why filled in when nothing was executed; the process is
 * then as it was. When something fails after execve(2) has succeeded, there is
 * one line on stderr and the program is killed (SIGKILL) before it has run.
 *
 * The program starts as execve(2) alone would have started it, apart from
 * no_new_privs, the filter, and these: set-user-ID bits and file capabilities
 * have no effect if the caller lacks CAP_SYS_PTRACE, since it is traced at
 * that moment (execve(2)); a filter too big for a very small stack stays in a
 * mapping of its own; and process 1 of a PID namespace gets, as it gets every
 * orphan, the short-lived tracer as a child to reap.
 */
int execute_filtered(const struct filtered_start *start, struct failure *why);

#endif
