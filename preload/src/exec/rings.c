// SPDX-License-Identifier: Apache-2.0
#include "exec/rings.h"

#include <errno.h>
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
	uint8_t size; /* of the arguments that the code can read */
	uint8_t unused_too[3];
	uint64_t code;
	uint64_t reserved[5];
};

int limit_ring(const struct ring_limit *limit, const struct sock_filter *code,
	       unsigned short length)
{
	struct ring_filter filter = { .type = CMD_FILTER,
				      .operation = limit->operation,
				      .filter_flags = limit->denies_rest
							      ? DENY_REST
							      : 0,
				      .length = length,
				      .size = (uint8_t)limit->argument_bytes,
				      .code = (uint64_t)(uintptr_t)code };

	_Static_assert(sizeof(filter) == 72, "struct io_uring_bpf");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_io_uring_register, -1, REGISTER_BPF_FILTER, &filter, 1))
		return -errno;
	return 0;
}
