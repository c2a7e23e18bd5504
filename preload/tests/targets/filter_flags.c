/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs itself with the library, from its environment, to a stop in main, and
 * prints the flags of its filter. Status NOT_TOLD if the kernel does not report
 * them.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNPREPARED 99
#define NOT_TOLD   77

#define GET_METADATA 0x420d /* PTRACE_SECCOMP_GET_METADATA */

int main(int argc, char **argv)
{
	struct {
		uint64_t index;
		uint64_t flags;
	} metadata = { 0, 0 };
	int status;
	pid_t child;

	if (argc > 1 && strcmp(argv[1], "stop") == 0) {
		raise(SIGSTOP);
		return 0;
	}
	child = fork();
	if (child == 0) {
		execve(argv[0], (char *[]){ argv[0], "stop", NULL }, argv + 1);
		_exit(UNPREPARED);
	}
	if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
		return UNPREPARED;
	if (ptrace(PTRACE_SEIZE, child, NULL, NULL))
		return NOT_TOLD;
	waitpid(child, &status, 0); /* reports the stop again */
	if (ptrace(GET_METADATA, child, sizeof(metadata), &metadata) >= 0)
		printf("%llu\n", (unsigned long long)metadata.flags);
	else
		status = -1;
	kill(child, SIGKILL);
	return status == -1 ? NOT_TOLD : 0;
}
