// SPDX-License-Identifier: Apache-2.0
/*
 * Puts one process after the other under a filter, in which it only spins: it
 * can then make no call. Each request on the standard input is a kind, the
 * length (uint32_t) and that many bytes:
 *   F  a program to be loaded
 *   E  the environment of a process that executes argv[0], NUL after each
 * The answer is the process's number (int32_t). It is killed at the next
 * request, and at the end of the input.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_STRINGS 64

static char bytes[1 << 20];

static int receive(void *to, size_t length)
{
	size_t have = 0;
	ssize_t got;

	while (have < length) {
		got = read(0, (char *)to + have, length - have);
		if (got <= 0)
			return -1;
		have += (size_t)got;
	}
	return 0;
}

static void spin_under_filter(uint32_t length)
{
	struct sock_fprog program = {
		.len = (unsigned short)(length / sizeof(struct sock_filter)),
		.filter = (struct sock_filter *)bytes,
	};

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		_exit(1);
	for (;;)
		;
}

static void execute(char *self, uint32_t length)
{
	char *environment[MAX_STRINGS + 1] = { 0 };
	char *arguments[] = { self, "spin", NULL };
	char *string = bytes;
	int i;

	for (i = 0; i < MAX_STRINGS && string < bytes + length; i++) {
		environment[i] = string;
		string += strlen(string) + 1;
	}
	execve(self, arguments, environment);
	_exit(1);
}

int main(int argc, char **argv)
{
	int32_t child = 0;
	uint32_t length;
	char kind;

	if (argc > 1)
		for (;;)
			;
	while (!receive(&kind, 1) && !receive(&length, sizeof(length)) &&
	       length < sizeof(bytes) && !receive(bytes, length)) {
		if (child > 0) {
			kill(child, SIGKILL);
			waitpid(child, NULL, 0);
		}
		bytes[length] = 0;
		child = fork();
		if (!child) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (kind == 'F')
				spin_under_filter(length);
			execute(argv[0], length);
		}
		if (write(1, &child, sizeof(child)) != sizeof(child))
			break;
	}
	if (child > 0)
		kill(child, SIGKILL);
	return 0;
}
