/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "../answered.h"

/* A harmless call, for which the filters of the kill test kill. */
#define FORBIDDEN_CALL	  SYS_getpgid
#define FORBIDDING_FILTER ANSWERING(FORBIDDEN_CALL, SECCOMP_RET_KILL_PROCESS)

/*
 * Calls with wrong arguments, which neither the dynamic linker nor our own
 * programs make before the target's main. kill_test.py reads their names here.
 */
#define KNOWN_CALL(name) SYS_##name
#define KNOWN_CALLS                                                           \
	KNOWN_CALL(getsid), KNOWN_CALL(getpriority), KNOWN_CALL(flock),       \
		KNOWN_CALL(fchdir), KNOWN_CALL(fsync), KNOWN_CALL(getitimer), \
		KNOWN_CALL(getgroups), KNOWN_CALL(listen),                    \
		KNOWN_CALL(shutdown), KNOWN_CALL(mlock), KNOWN_CALL(msgget),  \
		KNOWN_CALL(semget), KNOWN_CALL(getpeername),                  \
		KNOWN_CALL(timer_delete), KNOWN_CALL(mincore),                \
		KNOWN_CALL(truncate), KNOWN_CALL(getxattr),                   \
		KNOWN_CALL(sched_getparam), KNOWN_CALL(fdatasync),            \
		KNOWN_CALL(timerfd_gettime), KNOWN_CALL(inotify_rm_watch),    \
		KNOWN_CALL(ioprio_get), KNOWN_CALL(sendfile),                 \
		KNOWN_CALL(fchown)
#define KNOWN_COUNT 24

/* The report of call 0; the other calls' are the characters after it. */
#define FIRST_REPORT '!'
