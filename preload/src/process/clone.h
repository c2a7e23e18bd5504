/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Makes a process (clone(2)) that calls @run on its own stack and exits with
 * its result. There is only one such stack, so with CLONE_VM the caller must
 * wait for the process to end (CLONE_VFORK). Returns its number or -errno.
 *
 * A seccomp filter can answer clone with 0, without a new process. With the C
 * library's function the parent would then run the child's code. This function
 * recognizes the child by its stack, and returns -ECHILD here.
 */
long clone_process(unsigned long flags, int (*run)(void *), void *argument);
