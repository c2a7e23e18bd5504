/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "guests/watch.h"

/*
 * What a recorder leaves with each guest, so that nothing which ends the recorder ends the guest
 * too, such as the end of its pod: a process in the control group of whoever sent the listener.
 * @cgroups: where cgroups of version 2 are mounted; empty for no such processes
 * @socket: where the next recorder will listen
 * @java: it answers the calls, and must not do so any more when the keeper does
 */
struct keeping {
	char cgroups[64];
	const char *socket;
	pid_t java;
};

/* The most by which a keeper makes a state longer. */
#define KEEPER_MARK 16

/* Whether a keeper, and not a runtime, has sent this state. */
bool comes_from_keeper(const char *state);

/*
 * Makes a process that holds the listener of @watch. When this process ends, it ends Java, lets the
 * guest's calls through, and hands the listener with @state to the next recorder, which answers
 * with a byte once it keeps it. NULL, or in words what is wrong; with @kept it is there all the same.
 */
const char *leave_keeper(const struct keeping *keeping,
			 const struct watch *watch, const char *state, int peer,
			 bool *kept);
