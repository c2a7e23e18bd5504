// SPDX-License-Identifier: Apache-2.0
/* Prints failures for the user. */
#include "process/report.h"

#include <stdio.h>
#include <unistd.h>

int print_failure(const char *name, const struct failure *why)
{
	char line[sizeof(why->text) + 256];
	int length = snprintf(line, sizeof(line), "%s: %s\n", name, why->text);
	ssize_t written;

	if (length >= (int)sizeof(line)) {
		length = sizeof(line);
		line[length - 1] = '\n';
	}
	written = write(STDERR_FILENO, line, (size_t)length);
	(void)written; /* It cannot be reported elsewhere. */
	return why->status;
}

int print_own_failure(const char *name, const char *what, const char *reason)
{
	struct failure why;

	set_failure(&why, STATUS_OWN_FAILURE, "%s: %s", what, reason);
	return print_failure(name, &why);
}
