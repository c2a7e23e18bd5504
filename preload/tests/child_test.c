// SPDX-License-Identifier: Apache-2.0
/* The end of a child is noticed even if a filter answers wait4(2). */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answered.h"
#include "check.h"
#include "process/child.h"

#define STATUS 7

/* Returns whether a child is reaped with @expected, and not before its end. */
static bool reaps(int expected)
{
	int gate[2], status = 0, result, tries = 2000;
	pid_t pid;
	char go;

	if (pipe(gate))
		return false;
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		_exit(read(gate[0], &go, 1) == 1 ? STATUS : EXIT_FAILURE);
	}
	if (reap_child(pid, &status) != 0)
		return false;
	if (write(gate[1], "", 1) != 1)
		return false;
	while ((result = reap_child(pid, &status)) == 0 && --tries > 0)
		usleep(1000);
	return result == expected &&
	       (result < 0 ||
		(WIFEXITED(status) && WEXITSTATUS(status) == STATUS));
}

static bool reaps_under_filter(unsigned int err, int expected)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		_exit(answer_call(SYS_wait4, SECCOMP_RET_ERRNO | err) &&
				      reaps(expected)
			      ? EXIT_SUCCESS
			      : EXIT_FAILURE);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(void)
{
	check(reaps(1), "a child");
	check(reaps_under_filter(EPERM, -EPERM), "a child, wait4 fails");
	check(reaps_under_filter(0, -EPROTO), "a child, wait4 gives 0");
	return check_summary();
}
