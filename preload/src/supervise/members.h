/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The processes of the target's audit sessions. */

#include "supervise/state.h"

/*
 * Looks for processes of the sessions that are left after the program has
 * ended, and tells Java.
 */
void look_for_members(struct target_run *run, const struct java *java);

/*
 * Sends @signal to all processes of the sessions. Returns 0, or -errno after
 * telling Java.
 */
int end_sessions(const struct target_run *run, const struct java *java,
		 int signal);
