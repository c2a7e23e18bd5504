/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds the filter program for a list. Does not load it.
 *
 * It can also refuse, with ENOSYS, calls that nobody could judge who wrote the list:
 * those of newer kernels, and numbers that no table has. A C library tries a new call
 * first, and goes on with the older one if it fails with ENOSYS.
 */
#pragma once

#include "failure.h"
#include "library/filter_program.h"

/*
 * Returns 0, or -1 with the failure. Uses no memory of the program's heap: whether the
 * program needs brk or mmap depends on the state of its heap, which must not depend
 * on the list, because a list is learned with an empty one and enforced with a long
 * one. So functions that allocate (malloc, qsort, stdio) must not be called.
 */
int filter_build(const struct filter_policy *policy,
		 struct filter_program *program, struct failure *failure);
