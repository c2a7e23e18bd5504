/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAILURE_H
#define FAILURE_H

#include <limits.h>

/* Exit statuses of ours; all but the first are also those of shells. */
enum {
	STATUS_UNCHECKED = 2, /* of sandbox-check: its own failure */
	STATUS_OWN_FAILURE = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNALED = 128, /* and the number of the signal that ended it */
};

/* What went wrong: the exit status, and one line for the user. */
struct failure {
	int status;
	char text[PATH_MAX + 256];
};

/*
 * Fills in @why, with '?' for what a terminal would obey: the name of a file
 * may hold anything. Returns -1.
 */
__attribute__((format(printf, 3, 4))) int
set_failure(struct failure *why, int status, const char *format, ...);

#endif
