/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines on stderr, without streams and without allocation. Nothing here may be
 * called once the filter is loaded: writing needs system calls.
 */
#ifndef LIBRARY_MESSAGES_H
#define LIBRARY_MESSAGES_H

#include <stddef.h>

#include "failure.h"

/* Writes "libsandbox: TEXT" as one line. */
void message_failure(const struct failure *failure);

/* The same, and ends the process at once. */
_Noreturn void message_failure_exit(const struct failure *failure);

/*
 * Other people's bytes as a failure shows them: no terminal sequences, not too
 * long. The text is good until the next call.
 */
const char *message_value(const char *value, size_t length);

/*
 * Collects lines and writes them in few calls; message_flush() writes the
 * rest. A reader that takes nothing for a second loses the remaining lines.
 */
void message_adding(const char *name, size_t length);
void message_flush(void);

#endif
