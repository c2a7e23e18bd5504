/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_SESSION_H
#define EXEC_SESSION_H

#include <stdint.h>
#include <sys/types.h>

#define SESSION_UNSET UINT32_MAX

/*
 * Moves the calling process into a new audit session. Every descendant stays
 * in it, and the kernel writes its number into each record as ses=. Returns
 * 0 with the number in @session, or -errno (EPERM: the login session is set
 * already and CAP_AUDIT_CONTROL is missing).
 */
int enter_new_session(uint32_t *session);

/*
 * Opens a pidfd on some process of @session that has not ended; a zombie has.
 * Returns the descriptor with the process in @pid, -ESRCH when there is none,
 * or another -errno.
 */
int open_session_member(uint32_t session, pid_t *pid);

/* Sends @signal to every process of @session; returns how many got it. */
int signal_session(uint32_t session, int signal);

#endif
