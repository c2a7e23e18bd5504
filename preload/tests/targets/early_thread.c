/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library whose constructor starts a thread, before any constructor of a
 * preloaded library. The thread waits without system calls and then calls
 * getppid. With FOREIGN_FILTER the thread first loads a filter for itself
 * alone.
 */
#include "early_thread.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int ready, asked, answered;
static int result;

static void *run(void *unused)
{
#ifdef FOREIGN_FILTER
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K,
					       SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { .len = 1, .filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		abort();
#endif
	atomic_store(&ready, 1);
	while (!atomic_load(&asked))
		;
	result = syscall(SYS_getppid) == -1 ? errno : 0;
	atomic_store(&answered, 1);
	for (;;)
		;
	return unused;
}

__attribute__((constructor)) static void start(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, NULL))
		abort();
	while (!atomic_load(&ready))
		;
}

int early_thread_result(void)
{
	atomic_store(&asked, 1);
	while (!atomic_load(&answered))
		;
	return result;
}
