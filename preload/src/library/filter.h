/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the filter program for a list, with libseccomp. Does not load it. */
#ifndef LIBRARY_FILTER_H
#define LIBRARY_FILTER_H

#include "failure.h"
#include "library/filter_program.h"

/*
 * Returns 0, or -1 with the failure. Frees everything that libseccomp allocated
 * in either case.
 */
int filter_build(const struct filter_policy *policy,
		 struct filter_program *program, struct failure *failure);

#endif
