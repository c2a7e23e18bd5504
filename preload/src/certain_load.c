/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter that is already in force (such as a container's) can answer our
 * calls in the kernel's place: with 0, as if the call had succeeded, or with an
 * error. It cannot answer with a positive number. It sees only the number, the
 * arguments and the instruction address of a call, so it answers equal calls
 * equally. Therefore
 *
 * - no_new_privs is set when the kernel says 1, and
 * - seccomp is called twice with equal arguments: first with a program without
 *   instructions, which the kernel refuses (EINVAL), then with the filter.
 *   Either the kernel gives both answers or neither. After EINVAL and then
 *   success, the kernel gave both.
 *
 * This does not protect from a process that listens to a filter
 * (SECCOMP_RET_USER_NOTIF) or traces us, which can give any answer. Such a
 * process may do anything to us anyway.
 */
#include "certain_load.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Not inlined, so that both calls come from the same address. */
__attribute__((noinline)) static long
load(struct sock_fprog *program, unsigned long flags, unsigned long mark)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program,
		       mark);
}

enum load_outcome load_for_certain(struct sock_fprog *program,
				   unsigned long flags, unsigned long mark,
				   long *detail)
{
	const unsigned short length = program->len;
	long result;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		*detail = errno;
		return PRIVS_REFUSED;
	}
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return NOT_THE_KERNEL;
	program->len = 0;
	result = load(program, flags, mark);
	program->len = length;
	if (result == 0)
		return NOT_THE_KERNEL;
	if (errno != EINVAL) {
		*detail = errno;
		return FILTER_REFUSED;
	}
	result = load(program, flags, mark);
	if (result == 0)
		return LOADED;
	*detail = result < 0 ? errno : result;
	return result < 0 ? FILTER_REFUSED : THREAD_DIFFERS;
}
