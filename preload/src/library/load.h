/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel takes the filter. The last thing that the library does. */
#ifndef LIBRARY_LOAD_H
#define LIBRARY_LOAD_H

#include <stdbool.h>

#include "failure.h"
#include "library/filter_program.h"

/*
 * Puts the filter on every thread of the process, for good, with
 * no_new_privs. 0, or -1 with the failure; then no thread has the filter.
 * After 0 no system call may be made that is not the program's own.
 */
int filter_load(struct filter_program *program, bool log_denials,
		struct failure *failure);

#endif
