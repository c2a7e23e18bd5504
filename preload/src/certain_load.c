/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter that is in force already (a container's, for one) can answer our
 * calls in the kernel's place: with 0, as if all had gone well, or with an
 * error. It cannot answer with a positive number, and it sees nothing of a
 * call but its number, its arguments and the address of its instruction, so it
 * gives to equal calls equal answers. Hence
 *
 * - no_new_privs is set when the kernel says 1, and
 * - seccomp is asked twice by the very same call: first with a program of no
 *   instructions, which the kernel refuses (EINVAL), then with the filter. If
 *   the first answer is not the kernel's, the second would not be either; if
 *   the second is success, both are the kernel's.
 *
 * What remains: who listens to a filter (SECCOMP_RET_USER_NOTIF) or traces us
 * can give any answer. That is a process that may do anything with us.
 */
#include "certain_load.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One place in the code, so the two calls are equal in their address too. */
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
