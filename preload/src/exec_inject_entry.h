/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_INJECT_ENTRY_H
#define EXEC_INJECT_ENTRY_H

struct tracee;

/*
 * Lets the target, stopped at execve(2), run until it is about to run its
 * first own instruction (AT_ENTRY): the dynamic linker and all constructors of
 * libraries are done. Returns at once when there is no dynamic linker.
 * Returns 0 or -errno.
 */
int run_to_entry(struct tracee *tracee);

#endif
