/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_TARGET_H
#define EXEC_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "exec/java.h"
#include "failure.h"
#include "inject/start.h"
#include "process/program.h"

/*
 * @name: who speaks, if the loader has to
 * @from: where it starts to be recorded
 * @filter: what the tracer loads; NULL for one that logs all calls. One with
 *	a listener is loaded by the tracer whatever @from is.
 * @unfiltered: it is loaded by others, if at all
 * @in_session: the target gets an audit session by which to know its records
 * @output: takes the program's standard output, -1 to leave that where it is
 * @entry_mark: see inject/inject.h
 */
struct target_plan {
	const char *name;
	enum filter_start from;
	const struct filter_image *filter;
	bool unfiltered;
	bool in_session;
	int entry_mark;
	struct execution execution;
	int output;
};

/*
 * A target that is forked and waits to be told to execute.
 * @session: its audit session, or SESSION_UNSET
 * @gate: a byte lets it go, closing it makes it end.
 * @report: end of file once execve(2) has succeeded, else a refusal.
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

/* Lets the target execute: 0 once it runs, or -1 with @why filled in. */
int release_target(struct target *target, struct failure *why);

#endif
