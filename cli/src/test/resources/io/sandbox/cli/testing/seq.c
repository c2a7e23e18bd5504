// SPDX-License-Identifier: Apache-2.0
/*
 * seq one|chain: makes calls of ascending numbers, which no kernel knows,
 * without end. As a chain, each process makes one, and a child that makes the
 * next one, a few generations deep, and then another chain.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST  1000
#define LENGTH 8 /* of a chain */

static long number = FIRST;

static void make_call(void)
{
	syscall(number++);
	usleep(200);
}

/* What the child has called, the parent does not repeat. */
static void run_chain(void)
{
	int depth;

	for (depth = 0; depth < LENGTH; depth++) {
		pid_t pid;

		make_call();
		pid = fork();
		if (pid > 0) {
			waitpid(pid, NULL, 0);
			_exit(0);
		}
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "chain") == 0) {
		for (;;) {
			pid_t pid = fork();

			if (pid == 0)
				run_chain();
			waitpid(pid, NULL, 0);
			number += LENGTH;
		}
	}
	for (;;)
		make_call();
}
