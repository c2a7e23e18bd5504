/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_EXPLAIN_H
#define PROCESS_EXPLAIN_H

#include "failure.h"

/* Fills in @why for @name, for which the kernel returned @err. Returns -1. */
int explain_errno(const char *name, int err, struct failure *why);

/* Fills in @why for an execve(2) of @path that failed with @err. Returns -1. */
int explain_execve(const char *path, int err, struct failure *why);

#endif
