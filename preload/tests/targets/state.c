/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what a program can see of its start: errno, blocked and pending
 * signals, open descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

int main(void)
{
	int first_errno = errno;
	sigset_t blocked, pending;

	sigprocmask(SIG_SETMASK, NULL, &blocked);
	sigpending(&pending);
	printf("errno %d\n", first_errno);
	for (int signal = 1; signal < NSIG; signal++) {
		if (sigismember(&blocked, signal) == 1)
			printf("blocked %d\n", signal);
		if (sigismember(&pending, signal) == 1)
			printf("pending %d\n", signal);
	}
	for (int fd = 0; fd < 256; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			printf("fd %d\n", fd);
	}
	return 0;
}
