/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_CANARY_H
#define PROCESS_CANARY_H

/*
 * Has a short-lived child make one system call of the number @number under a
 * filter that logs everything, and waits for the child. The kernel queues
 * records in order, so when this record has arrived, every earlier one has.
 * @number should be one that no kernel gives a meaning to. Returns 0 when the
 * call was made, or -errno.
 */
int make_canary(int number);

#endif
