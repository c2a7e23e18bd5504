// SPDX-License-Identifier: Apache-2.0
/* The end of a child is noticed even if a filter answers wait4(2). */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "process/reap.h"

#define STATUS 7

static void answer_wait4(unsigned int err)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_wait4, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { .len = 4, .filter = code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		_exit(EXIT_FAILURE);
}

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
		answer_wait4(err);
		_exit(reaps(expected) ? EXIT_SUCCESS : EXIT_FAILURE);
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
