/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SESSION_UNSET UINT32_MAX

#define MAX_SESSIONS 1024

/* The session of a target, and those that its processes moved to. */
struct sessions {
	uint32_t ids[MAX_SESSIONS];
	size_t count;
};

/* Returns false if the table is full. */
bool add_session(struct sessions *sessions, uint32_t session);

/*
 * Moves the calling process into a new audit session. Its descendants stay in
 * that session, and the kernel writes the number into each of their records as
 * ses=. Returns 0 with the number in @session, or -errno (EPERM: the login uid
 * is already set and CAP_AUDIT_CONTROL is missing).
 */
int enter_new_session(uint32_t *session);

/* 0 if a child could enter a new session. An unset login uid may be set. */
int try_new_session(void);

/* Whether @pid is in one of @sessions; false also if it has been reaped. */
bool is_member(pid_t pid, const struct sessions *sessions);

/*
 * Opens a pidfd for any one process of @sessions that has not ended. A zombie has
 * ended.
 * Returns the descriptor with the process in @pid, -ESRCH when there is none,
 * or another -errno.
 */
int open_session_member(const struct sessions *sessions, pid_t *pid);

/* Sends @signal to all of @sessions. 0, or -errno if some were not found. */
int signal_sessions(const struct sessions *sessions, int signal);
