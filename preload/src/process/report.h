/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_REPORT_H
#define PROCESS_REPORT_H

#include "failure.h"

/* Prints the line "NAME: TEXT" to stderr. Returns the status of @why. */
int print_failure(const char *name, const struct failure *why);

/*
 * Prints the line "NAME: WHAT: REASON". Returns STATUS_OWN_FAILURE, the status
 * of most of our failures.
 */
int print_own_failure(const char *name, const char *what, const char *reason);

#endif
