/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls prctl and seccomp, and nothing after a successful load, so a policy
 * need not allow any call for this library.
 */
#include "library/load.h"

#include <linux/seccomp.h>
#include <string.h>

#include "certain_load.h"
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
	long detail = 0;

	if (log_denials)
		flags |= SECCOMP_FILTER_FLAG_LOG;
	switch (load_for_certain(&code, flags, LOAD_MARK, &detail)) {
	case LOADED:
		return 0;
	case PRIVS_REFUSED:
		return set_failure(failure, STATUS_OWN_FAILURE,
				   "seccomp: cannot set no_new_privs: %s",
				   strerror((int)detail));
	case FILTER_REFUSED:
		return set_failure(failure, STATUS_OWN_FAILURE,
				   "seccomp: the kernel refused the filter: %s",
				   strerror((int)detail));
	case THREAD_DIFFERS:
		return set_failure(failure, STATUS_OWN_FAILURE,
				   "seccomp: another filter is already on "
				   "thread %ld",
				   detail);
	case NOT_THE_KERNEL:
		break;
	}
	return set_failure(failure, STATUS_OWN_FAILURE,
			   "seccomp: a filter that is in force already answers "
			   "in the kernel's place");
}
