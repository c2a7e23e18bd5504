/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

struct tracee;

/*
 * Lets the target, stopped at execve(2), run to its own first instruction
 * (AT_ENTRY), after the dynamic linker and all constructors of libraries.
 * Returns at once if there is no dynamic linker. Returns 0 or -errno.
 */
int run_to_entry(struct tracee *tracee);

/*
 * Runs the target, whose filter is in force, to its entry point, makes the
 * entry mark, and leaves the target stopped. If that fails there is no mark,
 * and the result is still 0, or -ESRCH if the target has ended.
 */
int mark_entry(struct tracee *tracee);
