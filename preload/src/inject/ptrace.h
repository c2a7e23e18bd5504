/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The system call ptrace(2), because <sys/ptrace.h> differs between C libraries
 * in the names of newer requests.
 */
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
