// SPDX-License-Identifier: Apache-2.0
/*
 * Finds settings that keep a JVM from starting, because the JVM's messages name
 * none of them.
 */
#include "exec/java_limits.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/clone.h"
#include "process/process_limit.h"

/* More than any of our commands needs. */
#define THREADS 20

const char *forbidding_memory(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page != MAP_FAILED) {
		munmap(page, 4096);
		return NULL;
	}
	return "needs memory that is both writable and executable, which is "
	       "forbidden here (such as by MemoryDenyWriteExecute= of a unit: "
	       "leave it out for this command; sandbox-exec with a filter of "
	       "sandbox run --compile runs a program without Java)";
}

/* It also ends with its parent, which may be killed before it sends a signal. */
static int wait_for_signal(void *parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == *(const pid_t *)parent)
		pause();
	return 0;
}

const char *forbidding_threads(void)
{
	pid_t children[THREADS], self = getpid();
	static char why[320];
	int count, i;

	for (count = 0; count < THREADS; count++) {
		long pid = clone_process(SIGCHLD, wait_for_signal, &self);

		if (pid == -EAGAIN)
			snprintf(why, sizeof(why),
				 "needs about 20 threads, and %s",
				 lack_of_processes());
		if (pid < 0)
			break;
		children[count] = (pid_t)pid;
	}
	for (i = 0; i < count; i++)
		kill(children[i], SIGKILL);
	for (i = 0; i < count; i++)
		waitpid(children[i], NULL, 0);
	return *why ? why : NULL;
}
