// SPDX-License-Identifier: Apache-2.0
#include "process/clock.h"

#include <time.h>

int64_t now_millis(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
