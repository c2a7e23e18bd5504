/* SPDX-License-Identifier: Apache-2.0 */
/* Loads the filter, as the last step of the library. */
#pragma once

#include <stdbool.h>

#include "failure.h"
#include "library/filter_program.h"

/*
 * Loads the filter for all threads of the process, with no_new_privs. Returns
 * 0, or -1 with the failure, and then no thread has the filter. After success,
 * the library must not make any system call.
 */
int filter_load(struct filter_program *program, bool log_denials,
		struct failure *failure);
