/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_START_H
#define INJECT_START_H

#include <linux/filter.h>

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

#endif
