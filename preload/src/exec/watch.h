/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_WATCH_H
#define EXEC_WATCH_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The listener of a watched target. Java answers the calls; the supervisor has
 * a copy of it, so that nothing becomes of them that is not meant (the kernel
 * fails them with ENOSYS once nobody has it) should Java be gone.
 * @incoming: where the tracer sends it, or -1
 * @listener: the copy, or -1
 * @page_file, @page: memory shared with Java, into which it has the kernel
 *	write each call: if Java is killed, that is the one it did not answer
 */
struct watch {
	int incoming;
	int listener;
	int page_file;
	struct seccomp_notif *page;
};

#define WATCH_INIT { -1, -1, -1, NULL }

/*
 * Makes the socket that the tracer sends to. The caller closes @tracers_end
 * once the tracer has it. Returns 0 or -errno.
 */
int open_watch(struct watch *watch, int *tracers_end);

/*
 * Begins to watch whoever @listener tells of; it is then closed with @watch.
 * Returns 0 or -errno.
 */
int keep_listener(struct watch *watch, int listener);

void close_watch(struct watch *watch);

/*
 * Takes the listener if it has come, keeps it, and passes it on to @java, with
 * the page.
 */
void forward_listener(struct watch *watch, int java);

/*
 * In Java's place: answers the call that Java has left unanswered, or the next
 * one that waits, if any. With @refuse its process is killed (SIGKILL),
 * otherwise it is made.
 */
void answer_left_call(const struct watch *watch, bool refuse);
void answer_call(const struct watch *watch, bool refuse);

/* Whether there is a process under the filter. */
bool is_watching(const struct watch *watch);

/* Flags of seccomp(2) for a target that runs on after each question. */
unsigned int flags_to_let_through(void);

#endif
