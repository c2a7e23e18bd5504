/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "inject/stops.h"

/* The pipes between the tracer and the process until the program runs. */
struct tracer_pipes {
	int gate;
	int report;
};

/* Reasons for a failed start, besides an errno of ptrace(2). */
enum tracer_error {
	TRACER_DIED = -1,
	TRACER_NOT_SEEN = -2
};

/*
 * Is the tracer: waits for a byte at the gate, attaches itself, reports 0, an
 * errno or TRACER_NOT_SEEN (as an int), installs the filter, and ends.
 */
__attribute__((noreturn)) void run_tracer(struct tracee *tracee,
					  const struct tracer_pipes *pipes);

/* Called by the process itself: makes the tracer end before any execve. */
void dismiss_tracer(void);
