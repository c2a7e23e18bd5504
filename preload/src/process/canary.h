/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * A short-lived child that waits, and then makes call @number under a filter that
 * logs this call. The kernel queues records in order, so when this record has
 * arrived, all earlier ones have. No kernel should have a call with this number.
 * @gate: a byte lets the child go on
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
