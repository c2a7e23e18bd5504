/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <limits.h>

/* Our exit statuses. Shells use all but the first too. */
enum {
	STATUS_UNCHECKED = 2, /* sandbox-check's own failure */
	STATUS_OWN_FAILURE = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNALED = 128, /* plus the number of the signal that ended it */
};

/* A failure: the exit status and one line for the user. */
struct failure {
	int status;
	char text[PATH_MAX + 256];
};

/* Fills in @why, with '?' for control characters of names. Returns -1. */
__attribute__((format(printf, 3, 4))) int
set_failure(struct failure *why, int status, const char *format, ...);
