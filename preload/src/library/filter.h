/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a checked list to the program that the kernel runs, by libseccomp.
 * Nothing is loaded here.
 */
#ifndef LIBRARY_FILTER_H
#define LIBRARY_FILTER_H

#include "failure.h"
#include "library/filter_program.h"

/*
 * 0, or -1 with the failure, whose value may point into the list. Everything
 * libseccomp took is given back in either case.
 */
int filter_build(const struct filter_policy *policy,
		 struct filter_program *program, struct failure *failure);

#endif
