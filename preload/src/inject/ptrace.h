/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* ptrace(2) itself: C libraries' headers name newer requests differently. */
#include <errno.h>
#include <linux/ptrace.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* Returns 0 or -errno. Requests that read always store to @data. */
static inline int trace_request(unsigned int request, pid_t pid,
				uintptr_t address, uintptr_t data)
{
	if (syscall(SYS_ptrace, (long)request, (long)pid, address, data) < 0)
		return -errno;
	return 0;
}
