/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines on stderr, without stdio and without allocation. Nothing here may be
 * called once the filter is loaded: writing needs system calls.
 */
#ifndef LIBRARY_MESSAGES_H
#define LIBRARY_MESSAGES_H

#include <stddef.h>

/* Exit status of every failure of ours. */
#define FAILURE_STATUS 125

/* What went wrong; the texts stay the caller's. */
struct failure {
	const char *what;  /* the variable or the step */
	const char *value; /* may be NULL; any bytes, shown shortened */
	size_t value_length;
	const char *reason;
	const char *reason_end; /* may be NULL; goes right behind reason */
	long number;		/* behind that, if not negative */
	int error;		/* an errno value, shown as text, or 0 */
};

/* A failure with nothing filled in. */
#define FAILURE_INIT ((struct failure){ .number = -1 })

/* Writes "libsandbox: what: value: reason" as one line. */
void message_failure(const struct failure *failure);

/* The same, and ends the process at once. */
_Noreturn void message_failure_exit(const struct failure *failure);

/*
 * Collects lines and writes them in few calls; message_flush() writes the
 * rest. A reader that takes nothing for a second loses the remaining lines.
 */
void message_adding(const char *name, size_t length);
void message_flush(void);

#endif
