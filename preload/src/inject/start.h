/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_START_H
#define INJECT_START_H

#include <linux/filter.h>

#include "inject/filter_start.h"

/*
 * @flags: of seccomp(2), such as SECCOMP_FILTER_FLAG_LOG
 * @listener_to: with the flag NEW_LISTENER, a unix socket to which the listener
 *	is sent (SCM_RIGHTS) before the program runs; the program itself does
 *	not have it
 * @listener_text: what is sent with it; NULL for LISTENER_MESSAGE
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
 * @name: who speaks in a message on stderr, such as "sandboxify"
 * @path: the program as messages name it, and as execve(2) will get it
 * @execute: calls execve(2), more than once if it likes, and returns with
 *	errno set when nothing could be executed. It must not fork, and should
 *	do nothing that could wait.
 * @context: what @execute is called with
 * @start: any but FILTER_FROM_HERE
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

#endif
