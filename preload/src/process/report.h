/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "failure.h"

/* Prints the line "NAME: TEXT" to stderr. Returns the status of @why. */
int print_failure(const char *name, const struct failure *why);

/* Prints "NAME: WHAT: REASON", and returns STATUS_OWN_FAILURE. */
int print_own_failure(const char *name, const char *what, const char *reason);

/* Writes a text to stderr as it is. A closed pipe does not end us. */
void print_text(const char *text);
