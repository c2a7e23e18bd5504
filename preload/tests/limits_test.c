/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that only try what is allowed end with whoever made them. */
#include "process/limits.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define TRIES 40

/* Only detects processes that stay. */
#define PATIENCE_MILLIS 10000

/* Returns its process group. */
static pid_t kill_while_it_tries(unsigned int after_us)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		for (;;)
			forbidding_threads();
	}
	usleep(after_us);
	kill(pid, SIGKILL);
	return pid;
}

static bool all_end(void)
{
	int millis = 0;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0)
		if (pid == 0) {
			if (millis++ == PATIENCE_MILLIS)
				return false;
			usleep(1000);
		}
	return errno == ECHILD;
}

int main(void)
{
	check(!prctl(PR_SET_CHILD_SUBREAPER, 1), "no subreaper");
	for (unsigned int i = 0; i < TRIES; i++) {
		pid_t group = kill_while_it_tries(1000 + i * 50);

		if (!check(all_end(), "try %u: a process stays", i)) {
			kill(-group, SIGKILL);
			break;
		}
	}
	return check_summary();
}
