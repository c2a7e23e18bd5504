/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_TRACER_H
#define INJECT_TRACER_H

#include "inject/stops.h"

/* How the tracer and the process talk until the program runs. */
struct tracer_pipes {
	int gate;
	int report;
};

/* What the start can fail for, beside an errno of ptrace(2). */
enum tracer_error {
	TRACER_DIED = -1,
	TRACER_NOT_SEEN = -2
};

/*
 * The life of the tracer: waits for a byte at the gate, attaches itself,
 * reports 0, an errno or TRACER_NOT_SEEN (an int), sees to the filter, and is
 * gone.
 */
__attribute__((noreturn)) void run_tracer(struct tracee *tracee,
					  const struct tracer_pipes *pipes);

/* Called by the process itself: lets the tracer leave before any execve. */
void dismiss_tracer(void);

#endif
