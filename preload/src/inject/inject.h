/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "failure.h"
#include "inject/start.h"

/*
 * Turns the calling process into the program, like execve(2), with the filter
 * in force before the program can do anything. It needs no capability, and the
 * filter need not allow execve. Any thread may call it. It needs /proc and
 * Linux 5.3 (PTRACE_GET_SYSCALL_INFO).
 *
 * If nothing was executed, returns -1 with @why filled in and leaves the
 * process unchanged. If something fails after execve(2) has succeeded, prints
 * one line to stderr and kills the program (SIGKILL) before it runs.
 *
 * The program starts as with execve(2) alone, apart from no_new_privs, the
 * filter, and the following. Set-user-ID bits and file capabilities have no
 * effect if the caller lacks CAP_SYS_PTRACE, because it is traced (execve(2)).
 * A filter too big for a very small stack stays in its own mapping. Process 1
 * of a PID namespace gets the short-lived tracer as a child to reap, like every
 * orphan.
 */
int execute_filtered(const struct filtered_start *start, struct failure *why);
