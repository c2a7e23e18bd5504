/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sys/syscall.h>
#include <sys/types.h>

#ifndef SYS_pidfd_getfd /* glibc 2.32 */
#define SYS_pidfd_getfd 438
#endif

#define LISTENER_MESSAGE "listener"

/*
 * A listener is the descriptor of a filter that was set with NEW_LISTENER. It
 * delivers the calls to which the filter answers SECCOMP_RET_USER_NOTIF (see
 * seccomp_unotify(2)). The functions return 0 or -errno.
 */

/* Copies @fd of the stopped @pid; needs Linux 5.6 and ptrace(2)'s access. */
int take_listener(pid_t pid, int fd, int *listener);

/* Sends @text over the socket @to, with @listener and, unless -1, @beside. */
int send_listener(int listener, int beside, const char *text, int to);

/* Receives a listener without waiting: -EAGAIN not yet, -EPIPE never. */
int receive_listener(int from, int *listener);

/*
 * Waits until the traced @pid, which the tracer makes call @number, reaches its
 * next stop. If the filter asks about that call, allows it. Nobody else may
 * read the listener meanwhile.
 */
int await_own_call(pid_t pid, int listener, int number);
