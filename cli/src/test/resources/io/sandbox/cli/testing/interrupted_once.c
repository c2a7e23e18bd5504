// SPDX-License-Identifier: Apache-2.0
/*
 * Makes one call, seccomp, that changes nothing, while another process sends
 * signals all the time whose handler has no SA_RESTART. Prints "interrupted" if
 * the call failed with EINTR, which it can only because a filter asked about it.
 * With an argument, seccomp comes first without signals, and the interrupted
 * call is prctl.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t came;

static void handle(int signal)
{
	(void)signal;
	came = 1;
}

static long ask_kernel(void)
{
	unsigned int action = SECCOMP_RET_LOG;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action);
}

static long load_nothing(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = handle };
	pid_t self = getpid(), flood;
	long (*call)(void);
	int interrupted;

	(void)argv;
	if (argc > 1 && ask_kernel())
		return 1;
	call = argc > 1 ? load_nothing : ask_kernel;
	sigaction(SIGUSR1, &action, NULL);
	flood = fork();
	if (flood == 0)
		while (kill(self, SIGUSR1) == 0)
			;
	while (!came)
		;
	interrupted = call() && errno == EINTR;
	kill(flood, SIGKILL);
	while (waitpid(flood, NULL, 0) < 0 && errno == EINTR)
		;
	if (interrupted)
		fputs("interrupted\n", stderr);
	return 0;
}
