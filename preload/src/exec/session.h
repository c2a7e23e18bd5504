/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_SESSION_H
#define EXEC_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SESSION_UNSET UINT32_MAX

#define MAX_SESSIONS 1024

/* The session a target was started in, and those its processes moved to. */
struct sessions {
	uint32_t ids[MAX_SESSIONS];
	size_t count;
};

/* Returns false when there is no room for another. */
bool add_session(struct sessions *sessions, uint32_t session);

/*
 * Moves the calling process into a new audit session. Every descendant stays
 * in it, and the kernel writes its number into each record as ses=. Returns
 * 0 with the number in @session, or -errno (EPERM: the login session is set
 * already and CAP_AUDIT_CONTROL is missing).
 */
int enter_new_session(uint32_t *session);

/*
 * Whether a child could do that: 0 or -errno. A login uid that is not set may
 * be set by anybody.
 */
int try_new_session(void);

/* Whether @pid is in one of them; false also if it has been reaped. */
bool is_member(pid_t pid, const struct sessions *sessions);

/*
 * Opens a pidfd on some process of @sessions that has not ended; a zombie has.
 * Returns the descriptor with the process in @pid, -ESRCH when there is none,
 * or another -errno.
 */
int open_session_member(const struct sessions *sessions, pid_t *pid);

/*
 * Sends @signal to every process of @sessions. Returns 0, or -errno when they
 * could not all be found.
 */
int signal_sessions(const struct sessions *sessions, int signal);

#endif
