/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_RUNNABLE_H
#define PROCESS_RUNNABLE_H

#include "failure.h"
#include "process/program.h"

/*
 * Checks that the file of @program is for this machine and that its interpreter
 * exists, and sets its @via_shell. Returns 0, or -1 with @why filled in.
 */
int check_runnable(struct program *program, struct failure *why);

#endif
