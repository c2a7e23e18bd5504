/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KILL_FORBIDDING_H
#define KILL_FORBIDDING_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#include "calls.h"

/* Kills for FORBIDDEN_CALL and lets all others through. */
#define FORBIDDING_FILTER                                                      \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FORBIDDEN_CALL, 0, 1),     \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),           \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

#endif
