/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_REFUSAL_H
#define PROCESS_REFUSAL_H

#include <limits.h>

/* Statuses that shells and env(1) give when a program cannot be started. */
enum {
	STATUS_UNCHECKED = 2, /* of sandbox-check: its own failure */
	STATUS_OWN_FAILURE = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
};

/* Why a program is not run: one line for the user, and the exit status. */
struct refusal {
	int status;
	char text[PATH_MAX + 256];
};

/*
 * Fills in @why, with '?' for what a terminal would obey: a file's name may
 * hold anything. Returns -1.
 */
__attribute__((format(printf, 3, 4))) int
set_refusal(struct refusal *why, int status, const char *format, ...);

/* The same for @name, for which the kernel said -@err. Returns -1. */
int explain_errno(const char *name, int err, struct refusal *why);

/* The same for execve(2) of @path, which has failed with -@err. Returns -1. */
int explain_execve(const char *path, int err, struct refusal *why);

/* One line for the user: "NAME: TEXT". Returns the status. */
int print_refusal(const char *name, const struct refusal *why);

#endif
