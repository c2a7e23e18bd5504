/* SPDX-License-Identifier: Apache-2.0 */
/* Calls getppid with a handler for SIGSYS and prints what the handler gets. */
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile sig_atomic_t trapped = -1;

static void handler(int signal, siginfo_t *info, void *context)
{
	trapped = info->si_syscall;
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = handler,
				    .sa_flags = SA_SIGINFO };

	sigaction(SIGSYS, &action, NULL);
	syscall(SYS_getppid);
	printf("%d\n", (int)trapped);
	return 0;
}
