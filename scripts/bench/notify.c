// SPDX-License-Identifier: Apache-2.0
/*
 * The least that a recorder by user notification can do: lets every call of the
 * program through, with the kernel's synchronous wake-up, and counts them.
 *
 * Usage: notify PROGRAM [ARGUMENT...]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void *arguments)
{
	struct sock_filter ask =
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	struct sock_fprog program = { 1, &ask };
	char **argv = arguments;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	execvp(argv[0], argv);
	_exit(127);
}

int main(int argc, char **argv)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct seccomp_notif asked;
	struct seccomp_notif_resp answer = {
		.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
	};
	int listener = open("/dev/null", O_RDONLY), status = 0;
	struct pollfd end;
	long calls = 0;
	pid_t pid;

	if (argc < 2)
		return 125;
	/* The child has our descriptors until it executes: it gets this one. */
	close(listener);
	pid = clone(run, stack + sizeof(stack), CLONE_FILES | SIGCHLD,
		    argv + 1);
	while (fcntl(listener, F_GETFD) < 0)
		sched_yield();
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
	      SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	end = (struct pollfd){ .fd = listener };
	for (;;) {
		memset(&asked, 0, sizeof(asked));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) == 0) {
			answer.id = asked.id;
			ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
			calls++;
		} else if (poll(&end, 1, 0) > 0) {
			break;
		}
	}
	waitpid(pid, &status, 0);
	fprintf(stderr, "%ld calls\n", calls);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
