// SPDX-License-Identifier: Apache-2.0
#include "exec/rings.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/io_uring.h and linux/io_uring/bpf_filter.h, since Linux 7.0. */
#define REGISTER_BPF_FILTER 37
#define CMD_FILTER	    1
#define DENY_REST	    1

struct ring_filter {
	uint16_t type, flags;
	uint32_t unused;
	uint32_t operation, filter_flags, length;
	uint8_t size, unused_too[3];
	uint64_t code;
	uint64_t reserved[5];
};

/* Its result decides: 1 allows the operation. */
static int add_filter(uint32_t operation, uint32_t result, uint32_t flags)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, result);
	struct ring_filter filter = { .type = CMD_FILTER,
				      .operation = operation,
				      .filter_flags = flags,
				      .length = 1,
				      .code = (uint64_t)(uintptr_t)&code };

	_Static_assert(sizeof(filter) == 72, "struct io_uring_bpf");
	return syscall(SYS_io_uring_register, -1, REGISTER_BPF_FILTER, &filter,
		       1)
		       ? -errno
		       : 0;
}

/*
 * The last program has all refused that have none yet: later ones could only refuse
 * more. An operation that this kernel lacks is refused anyway.
 */
int limit_rings(const bool allowed[RING_OPERATIONS])
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	for (uint32_t i = 1; i < RING_OPERATIONS; i++) {
		int err = allowed[i] ? add_filter(i, 1, 0) : 0;

		if (err && err != -EINVAL)
			return err;
	}
	return add_filter(0, allowed[0], DENY_REST);
}
