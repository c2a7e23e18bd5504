/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls made: prctl, seccomp. None comes after a load that worked, so
 * a policy need not allow anything for our sake.
 */
#include "load.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "load_mark.h"

#ifndef SECCOMP_FILTER_FLAG_LOG
#define SECCOMP_FILTER_FLAG_LOG (1UL << 1)
#endif

int filter_load(struct filter_program *program, bool log_denials,
		struct failure *failure)
{
	struct sock_fprog code = {
		.len = program->length,
		.filter = program->code,
	};
	unsigned long flags = SECCOMP_FILTER_FLAG_TSYNC;
	long rc;

	failure->what = "seccomp";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		failure->error = errno;
		failure->reason = "cannot set no_new_privs";
		return -1;
	}
	if (log_denials)
		flags |= SECCOMP_FILTER_FLAG_LOG;
	rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &code,
		     LOAD_MARK);
	if (rc == 0)
		return 0;

	failure->reason = "the kernel refused the filter";
	if (rc < 0) {
		failure->error = errno;
		return -1;
	}
	/* seccomp(2): the id of a thread that cannot be synchronized. */
	failure->reason = "another filter is already on thread ";
	failure->number = rc;
	return -1;
}
