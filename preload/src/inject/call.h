/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_CALL_H
#define INJECT_CALL_H

struct tracee;

/*
 * Lets the target run to its next call, has it set no_new_privs and the filter
 * in place of that call, makes sure that the filter is in force, and leaves
 * the target free and about to make its call. Returns 0 or -errno.
 */
int install_filter(struct tracee *tracee);

/*
 * Does what install_filter() does at the call by which libsandbox.so loads a
 * filter. That call is not made and returns 0.
 */
int install_filter_for_library(struct tracee *tracee);

#endif
