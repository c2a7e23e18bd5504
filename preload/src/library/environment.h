/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our variables: read them, then leave no trace of them. Works in place on
 * the block of strings; allocates nothing.
 */
#ifndef LIBRARY_ENVIRONMENT_H
#define LIBRARY_ENVIRONMENT_H

#include <stdbool.h>

#include "failure.h"

/* The values as they are in the block; NULL if not set. */
struct environment {
	const char *allow;	 /* SECCOMP_SYSCALL_ALLOW */
	const char *deny;	 /* SECCOMP_SYSCALL_DENY */
	const char *action;	 /* SECCOMP_DEFAULT_ACTION */
	const char *quiet;	 /* SECCOMP_QUIET */
	const char *log_denials; /* SECCOMP_LOG_DENIALS */
};

/*
 * 0, or -1 with the failure if a variable is there twice with different
 * values: which one holds would depend on who asks.
 */
int environment_read(char *const *block, struct environment *environment,
		     struct failure *failure);

/* Removes all copies of all our variables; the values stay readable. */
void environment_clean(char **block);

/*
 * Removes the library from LD_PRELOAD, and the variable if nothing else is
 * left in it. The path is the one under which the library was loaded.
 */
void environment_clean_preload(char **block, const char *path);

#endif
