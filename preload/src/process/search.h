/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_SEARCH_H
#define PROCESS_SEARCH_H

#include "failure.h"
#include "process/program.h"

/*
 * Finds @name and checks that execve(2) is likely to succeed. Starts nothing.
 * Returns 0, or -1 with @why filled in.
 */
int find_program(const char *name, struct program *program,
		 struct failure *why);

#endif
