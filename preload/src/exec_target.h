/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_TARGET_H
#define EXEC_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "exec_java.h"
#include "exec_program.h"

struct target_plan {
	struct execution execution;
	bool stdout_to_stderr;
};

/*
 * A target that is forked, in its own audit session, and waits to be told to
 * execute. @gate: a byte lets it go, closing it makes it end.
 * @report: end of file once execve(2) has succeeded, else an errno.
 */
struct target {
	pid_t pid;
	uint32_t session;
	int gate;
	int report;
};

/* Returns 0, or -errno when there is no audit session to be had. */
int prepare_target(const struct target_plan *plan,
		   const struct start_state *start, struct target *target);

/* Lets the target execute; 0 once it runs, or the errno of execve as -errno. */
int release_target(struct target *target);

#endif
