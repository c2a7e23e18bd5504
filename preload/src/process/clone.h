/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_CLONE_H
#define PROCESS_CLONE_H

/*
 * clone(2) of a process that runs @run on a stack of its own, and ends with its
 * result. There is one stack: with CLONE_VM the caller has to wait for the end
 * of it (CLONE_VFORK). Returns its number or -errno.
 *
 * A seccomp filter can answer clone with 0 and make no process. The C library
 * takes that for the word that this is the child, and so the parent would do
 * what is the child's. Here it is -ECHILD: the child is known by its stack.
 */
long clone_process(unsigned long flags, int (*run)(void *), void *argument);

#endif
