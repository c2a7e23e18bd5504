/* SPDX-License-Identifier: Apache-2.0 */
/* A filter that gives one call @action and allows all others. */
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ANSWERING(number, action)                                              \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),             \
		BPF_STMT(BPF_RET | BPF_K, action),                             \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Loads it for the calling thread. Returns whether it is in force. */
__attribute__((unused)) static bool answer_call(unsigned int number,
						unsigned int action)
{
	struct sock_filter code[] = { ANSWERING(number, action) };
	struct sock_fprog program = { 4, code };

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
