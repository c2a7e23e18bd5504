/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_INJECT_H
#define EXEC_INJECT_H

#include <linux/filter.h>

#include "exec_program.h"

/*
 * Where in the program's life the filter starts to judge its calls.
 *
 * FILTER_FROM_EXEC: before its first call. Nothing escapes.
 * FILTER_FROM_ENTRY: before its first call after the dynamic linker and the
 *	constructors of its libraries are done, so their calls need no
 *	allowing. Threads they made are filtered too; a process they forked
 *	cannot be, so then the program is killed. A static program has none of
 *	this: it is filtered as with FILTER_FROM_EXEC.
 * FILTER_FROM_LIBRARY: where libsandbox.so, which the program's environment
 *	names, would load a filter: this one is loaded in its place. The rest
 *	is as with FILTER_FROM_ENTRY. If the library is not loaded, neither is
 *	the filter.
 */
enum filter_start {
	FILTER_FROM_EXEC,
	FILTER_FROM_ENTRY,
	FILTER_FROM_LIBRARY
};

/*
 * @flags: of seccomp(2), such as SECCOMP_FILTER_FLAG_LOG
 * @listener_to: with the flag NEW_LISTENER, a SOCK_SEQPACKET socket to which
 *	the listener is sent (SCM_RIGHTS, text "listener") before the program
 *	runs; the program itself does not have it
 */
struct filter_image {
	const struct sock_filter *code;
	unsigned short length;
	unsigned int flags;
	int listener_to;
};

/*
 * What to execute, and how.
 * @name: who speaks in a message on stderr, such as "sandboxify"
 * @path: the program as messages name it, and as execve(2) will get it
 * @execute: calls execve(2), more than once if it likes, and returns with
 *	errno set when nothing could be executed. It must not fork, and should
 *	do nothing that could wait.
 * @context: what @execute is called with
 * @entry_mark: if not 0, the number of a call that a process of the same audit
 *	session makes, under a filter that logs, when the program has come to
 *	its entry point: its record comes behind those of the dynamic linker
 *	and the constructors. Where the entry point cannot be watched there is
 *	no such record. For FILTER_FROM_EXEC.
 */
struct filtered_start {
	const char *name;
	const char *path;
	void (*execute)(const void *context);
	const void *context;
	struct filter_image filter;
	enum filter_start start;
	int entry_mark;
};

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
int execute_filtered(const struct filtered_start *start, struct refusal *why);

#endif
