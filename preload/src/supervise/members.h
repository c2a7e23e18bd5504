/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The processes of the target's audit sessions. */

#include "supervise/state.h"

/* Tells Java of the sessions' processes that outlive the program. */
void look_for_members(struct target_run *run, const struct java *java);

/* Sends @signal to the sessions' processes. 0, or -errno after telling Java. */
int end_sessions(const struct target_run *run, const struct java *java,
		 int signal);
