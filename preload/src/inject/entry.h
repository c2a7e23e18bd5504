/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_ENTRY_H
#define INJECT_ENTRY_H

struct tracee;

/*
 * Lets the target, stopped at execve(2), run until it is about to run its
 * first own instruction (AT_ENTRY): the dynamic linker and all constructors of
 * libraries are done. Returns at once when there is no dynamic linker.
 * Returns 0 or -errno.
 */
int run_to_entry(struct tracee *tracee);

/*
 * Runs the target, whose filter is in force, to its entry point, has the mark
 * of its start set there, and leaves it stopped. Whatever prevents that only
 * means that there is no mark: the result is 0, or -ESRCH if the target has
 * ended.
 */
int mark_entry(struct tracee *tracee);

#endif
