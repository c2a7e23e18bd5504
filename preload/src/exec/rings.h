/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#define RING_OPERATIONS 256 /* a request has a byte for its operation */

/*
 * Has the kernel refuse all other operations of io_uring than these (EACCES), for this
 * process and whatever it will execute: through each ring that they make from now
 * on, but not through one that they are given. Returns 0 or -errno: -EINVAL if the
 * kernel cannot do this, which Linux 7.0 can.
 */
int limit_rings(const bool allowed[RING_OPERATIONS]);
