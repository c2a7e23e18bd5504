// SPDX-License-Identifier: Apache-2.0
/* Prints failures for the user. */
#include "process/report.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
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

void print_text(const char *text)
{
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	size_t left = strlen(text);
	ssize_t n = 1;

	for (; left > 0 && n > 0; left -= (size_t)n, text += n)
		n = write(STDERR_FILENO, text, left);
	signal(SIGPIPE, before);
}
