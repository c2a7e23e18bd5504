/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_START_H
#define INJECT_START_H

#include <linux/filter.h>

#include "inject/filter_start.h"

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
 * @path: the program, for messages and execve(2)
 * @execute: calls execve(2), possibly more than once, and returns with errno
 *	set if nothing could be executed. It must not fork and should not block.
 * @context: the argument for @execute
 * @start: not FILTER_FROM_HERE
 * @entry_mark: if not 0, the number of a call to log when the program reaches
 *	its entry point. A process of the same audit session makes the call. Its
 *	record follows those of the dynamic linker and the constructors. There
 *	is no record if the target cannot be stopped at its entry point. For
 *	FILTER_FROM_EXEC.
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

#endif
