/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes lines to stderr, without streams or allocation. Must not be called
 * once the filter is loaded, because it needs system calls.
 */
#pragma once

#include <stddef.h>

#include "failure.h"

/* Writes "libsandbox: TEXT" as one line. */
void message_failure(const struct failure *failure);

/* Writes the line and ends the process at once with the failure's status. */
_Noreturn void message_failure_exit(const struct failure *failure);

/* Foreign bytes made short and safe to print; valid until the next call. */
const char *message_value(const char *value, size_t length);

/*
 * Collects lines to write them in few calls; message_flush() writes the rest.
 * If stderr blocks for a second, the remaining lines are dropped.
 */
void message_adding(const char *name, size_t length);
void message_flush(void);
