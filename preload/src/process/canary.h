/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_CANARY_H
#define PROCESS_CANARY_H

/*
 * Makes a short-lived child call @number under a filter that logs this call,
 * and waits for the child. The kernel queues records in order, so when this
 * record has arrived, all earlier ones have. No kernel should have a call with
 * this number. Returns 0 if the call was made, or -errno.
 */
int make_canary(int number);

#endif
