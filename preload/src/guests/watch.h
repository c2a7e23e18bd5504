/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The listener of a watched target. Java answers the calls. The supervisor
 * keeps a copy of the listener in case Java is gone, because the kernel fails
 * the calls with ENOSYS once nobody has it.
 * @incoming: the socket to which the tracer sends the listener, or -1
 * @listener: the copy, or -1
 * @page_file, @page: memory shared with Java, where the kernel writes each call
 *	for Java: if Java is killed, this call is unanswered
 */
struct watch {
	int incoming;
	int listener;
	int page_file;
	struct seccomp_notif *page;
};

#define WATCH_INIT { -1, -1, -1, NULL }

/*
 * Makes the socket to which the tracer sends the listener. The caller closes
 * @tracers_end once the tracer has it. Returns 0 or -errno.
 */
int open_watch(struct watch *watch, int *tracers_end);

/* Watches whoever @listener tells of, and closes both together. */
int keep_listener(struct watch *watch, int listener);

void close_watch(struct watch *watch);

/* If the listener has arrived, keeps it, and gives @java it with the page. */
void forward_listener(struct watch *watch, int java);

/*
 * Answer in Java's place the call that Java left unanswered, or the next
 * waiting call, if any. With @refuse they kill the calling process (SIGKILL),
 * otherwise they let it make the call, unless is_load_in_vain().
 */
void answer_left_call(const struct watch *watch, bool refuse);
void answer_call(const struct watch *watch, bool refuse);

/* Whether a process is left under the filter. */
bool is_watching(const struct watch *watch);

/* Returns flags for seccomp(2), for calls that are made after each answer. */
unsigned int flags_to_let_through(void);
