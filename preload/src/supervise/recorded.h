/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "supervise/state.h"

/* The requests about a recording in the kernel; the last has no word. */
extern const struct request_handler recording_requests[];

/* Records the target that is prepared, and says so to Java. */
int record_target(struct supervisor *self, bool only_refused, int entry_mark,
		  struct failure *why);

/* Reads an event of the recording, and tells Java. */
void take_recording_event(struct supervisor *self);
