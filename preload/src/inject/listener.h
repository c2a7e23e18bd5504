/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_LISTENER_H
#define INJECT_LISTENER_H

#include <sys/syscall.h>
#include <sys/types.h>

#ifndef SYS_pidfd_getfd /* glibc 2.32 */
#define SYS_pidfd_getfd 438
#endif

#define LISTENER_MESSAGE "listener"

/*
 * The listener of a filter that was set with NEW_LISTENER: the descriptor from
 * which the calls are read that the filter gives SECCOMP_RET_USER_NOTIF (see
 * seccomp_unotify(2)). The functions return 0 or -errno.
 */

/*
 * Takes a copy of descriptor @fd of the stopped process @pid into @listener.
 * It takes the access that ptrace(2) takes, and Linux 5.6.
 */
int take_listener(pid_t pid, int fd, int *listener);

/*
 * Sends it over the socket @to, with the message @text, and a second descriptor
 * @beside if that is not -1.
 */
int send_listener(int listener, int beside, const char *text, int to);

/*
 * Receives what was sent with LISTENER_MESSAGE, without waiting: -EAGAIN if it has not come, -EPIPE
 * if it never will.
 */
int receive_listener(int from, int *listener);

/*
 * Waits until the traced @pid, which goes on with the call @number of the
 * tracer's making, reaches its next stop. Should the filter ask about that
 * call, it is let through. Nobody else may read the listener meanwhile.
 */
int await_own_call(pid_t pid, int listener, int number);

#endif
