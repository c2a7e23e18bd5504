/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * @operation: of io_uring
 * @argument_bytes: how many bytes of its arguments the code reads
 * @denies_rest: also refuses all operations that have no code yet
 */
struct ring_limit {
	uint32_t operation;
	unsigned int argument_bytes;
	unsigned int denies_rest;
};

/*
 * Has the kernel refuse the operation (EACCES) if the code returns 0, for this
 * process and whatever it will execute: through each ring that they make from now
 * on, but not through one that they are given. Returns 0 or -errno: -EINVAL if the
 * kernel cannot do this, which Linux 7.0 can, or does not have the operation;
 * -EMSGSIZE if it does not tell so many arguments.
 */
int limit_ring(const struct ring_limit *limit, const struct sock_filter *code,
	       unsigned short length);
