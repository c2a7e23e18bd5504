/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "exec/java.h"
#include "failure.h"
#include "inject/start.h"
#include "process/program.h"
#include "states/beside.h"

/*
 * @start: what to execute, and the filter
 * @list, @action: for libsandbox.so; NULL if it is not to be loaded
 * @traced: the tracer loads the filter; otherwise the library does, or others
 * @in_session: give the target an audit session, which identifies its records
 * @output: takes the program's standard output; -1 to leave it unchanged
 * @surroundings: what is different for this program
 */
struct target_plan {
	struct filtered_start start;
	struct execution execution;
	const char *list;
	const char *action;
	bool traced;
	bool in_session;
	int output;
	const struct surroundings *surroundings;
};

/*
 * A target that is forked and waits to be told to execute.
 * @session: its audit session, or SESSION_UNSET
 * @gate: a byte makes it execute, closing makes it end
 * @report: end of file after execve(2) has succeeded, else a failure
 */
struct target {
	pid_t pid;
	uint32_t session;
	int gate;
	int report;
};

/* Returns 0, or -errno, such as when there can be no audit session. */
int prepare_target(struct target_plan *plan, const struct start_state *start,
		   struct target *target);

/* The target that waits at its gate ends instead of being executed. */
void abandon_target(const struct target *target);

/* Lets the target execute. Returns 0 once it runs, else -1 with @why. */
int release_target(struct target *target, struct failure *why);
