/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads our variables, then removes them. Works in place on the block of
 * strings and allocates nothing.
 */
#pragma once

#include <stdbool.h>

#include "failure.h"

/* The values in the block; NULL if not set. */
struct environment {
	const char *allow;	 /* SECCOMP_SYSCALL_ALLOW */
	const char *deny;	 /* SECCOMP_SYSCALL_DENY */
	const char *action;	 /* SECCOMP_DEFAULT_ACTION */
	const char *quiet;	 /* SECCOMP_QUIET */
	const char *log_denials; /* SECCOMP_LOG_DENIALS */
	const char *unknown;	 /* SECCOMP_UNKNOWN */
};

/*
 * Returns 0, or -1 with the failure if a variable is set twice with different
 * values, because it would depend on the reader which one counts.
 */
int environment_read(char *const *block, struct environment *environment,
		     struct failure *failure);

/* Removes all our variables, even if set twice. The values stay readable. */
void environment_clean(char **block);

/* Removes the library at @path from LD_PRELOAD, and an empty LD_PRELOAD. */
void environment_clean_preload(char **block, const char *path);
