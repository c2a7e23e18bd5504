/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_REPORT_H
#define PROCESS_REPORT_H

#include "failure.h"

/* One line on stderr: "NAME: TEXT". Returns the status. */
int print_failure(const char *name, const struct failure *why);

/*
 * The line "NAME: WHAT: REASON". Returns STATUS_OWN_FAILURE, in which most
 * failures of ours end.
 */
int print_own_failure(const char *name, const char *what, const char *reason);

#endif
