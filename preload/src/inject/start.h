/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <linux/filter.h>

#include "process/program.h"

/*
 * Says when the filter takes effect and who loads it. In Java this is
 * FilterStart.
 *
 * FILTER_FROM_EXEC: the tracer loads it before the program's first call.
 * FILTER_FROM_ENTRY: the tracer loads it at the program's entry point, so the
 *	calls of the dynamic linker and of library constructors need not be
 *	allowed. Threads that they made are filtered too. A process that they
 *	forked cannot be filtered, so the program is then killed. For a static
 *	program this is the same as FILTER_FROM_EXEC.
 * FILTER_FROM_PRELOAD: libsandbox.so loads it in its constructor, if the
 *	program's environment names the library. A tracer, if there is one,
 *	replaces the library's filter by its own. Threads and forked processes
 *	are treated as with FILTER_FROM_ENTRY. If the library is not loaded,
 *	there is no filter.
 * FILTER_FROM_HERE: sandbox-exec loads it before it executes the program, so
 *	the filter must allow execve.
 */
enum filter_start {
	FILTER_FROM_EXEC,
	FILTER_FROM_ENTRY,
	FILTER_FROM_PRELOAD,
	FILTER_FROM_HERE,
};

/*
 * @flags: flags of seccomp(2), such as SECCOMP_FILTER_FLAG_LOG
 * @listener_to: with the flag NEW_LISTENER, a SOCK_SEQPACKET socket to which
 *	the listener is sent (SCM_RIGHTS) before the program
 *	runs; the program itself does not keep it
 * @listener_text: the text that is sent with it; NULL for LISTENER_MESSAGE
 */
struct filter_image {
	const struct sock_filter *code;
	unsigned short length;
	unsigned int flags;
	int listener_to;
	const char *listener_text;
};

/*
 * What to execute, and how.
 * @name: the command, for messages on stderr, such as "sandboxify"
 * @text: what to write to stderr just before execve(2), or NULL
 * @start: not FILTER_FROM_HERE
 * @entry_mark: if not 0, the number of a call to log when the program reaches
 *	its entry point. A process of the same audit session makes the call. Its
 *	record follows those of the dynamic linker and the constructors. There
 *	is no record if the target cannot be stopped at its entry point. For
 *	FILTER_FROM_EXEC.
 */
struct filtered_start {
	const char *name;
	const struct execution *execution;
	const char *text;
	struct filter_image filter;
	enum filter_start start;
	int entry_mark;
};
