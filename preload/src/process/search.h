/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "failure.h"
#include "process/program.h"

/* Finds @name, and checks that it may be executed. 0, or -1 with @why. */
int find_program(const char *name, struct program *program,
		 struct failure *why);

/* Fills in @why for an execve(2) of @path that failed with @err. Returns -1. */
int explain_execve(const char *path, int err, struct failure *why);
