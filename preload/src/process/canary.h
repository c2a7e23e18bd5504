/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_CANARY_H
#define PROCESS_CANARY_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A child that waits to make one call, under a filter that logs it: of a number
 * that no kernel gives a meaning to. The kernel queues records in order, so when
 * this record has arrived, every earlier one has.
 * @gate: a byte lets it go
 */
struct canary {
	pid_t pid;
	int gate;
};

/* Returns 0 or -errno. */
int prepare_canary(struct canary *canary, int number);

/*
 * Returns when it has ended: 0 if the call was made, or -errno. Without
 * @calls it ends without having made it.
 */
int release_canary(const struct canary *canary, bool calls);

/* Both at once. */
int make_canary(int number);

#endif
