/* SPDX-License-Identifier: Apache-2.0 */
/* The outer filter, for outer_filter_test and its program. */
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

/*
 * A call that no kernel has, and the errno that the filter of the test gives
 * it, which neither a kernel nor an outer filter returns.
 */
#define JUDGED_CALL  4000
#define JUDGED_ERRNO 77

/* Status of a child whose own preparations fail. */
#define UNPREPARED 99

/* Stands for any call number or first argument. */
#define EVERY 0xffffffffU

/* Gives the call @action. Compares only the lower half of the argument. */
#define OUTER_FILTER(number, first, action)                                    \
	{                                                                      \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                             \
			 offsetof(struct seccomp_data, nr)),                   \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number,                    \
			 (first) == EVERY ? 2 : 0, (number) == EVERY ? 2 : 3), \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                             \
			 offsetof(struct seccomp_data, args)),                 \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first, 0, 1),              \
		BPF_STMT(BPF_RET | BPF_K, action),                             \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),                  \
	}
