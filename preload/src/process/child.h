/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#define UNSEEN_END                                                   \
	"cannot be seen (a seccomp filter that is already in force " \
	"answers wait4)"

/*
 * Fetches the wait status of a child, if it has ended. Returns 1 if so, 0 if it
 * runs, or -errno if it has ended and its status cannot be fetched: a seccomp
 * filter that was there before can answer wait4(2).
 */
int reap_child(pid_t pid, int *status);

/* waitpid(2), which no signal interrupts. */
pid_t await_child(pid_t pid, int *status, int options);

/*
 * Writes a byte to the pipe @gate, so that the process that reads it goes on.
 * Returns false if that has ended; SIGPIPE does not end us then.
 */
bool open_gate(int gate);
