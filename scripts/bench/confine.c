// SPDX-License-Identifier: Apache-2.0
/*
 * What one would write without sandbox-exec, as a measure for it: fork, have
 * the child stopped by ptrace at its execve, build the filter of the names in
 * SECCOMP_SYSCALL_ALLOW by libseccomp, load it and go on. It needs execve in
 * the list, sets the filter before the program and checks nothing.
 *
 *   confine PROGRAM [ARGUMENT]...
 *
 * With CONSTRUCTOR defined it is a library to preload, which loads the same
 * filter in the program itself.
 */
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef CONSTRUCTOR
__attribute__((constructor))
#endif
static void
load_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	char *list = strdup(getenv("SECCOMP_SYSCALL_ALLOW")), *name;

	for (name = strtok(list, ":"); name; name = strtok(NULL, ":"))
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW,
				     seccomp_syscall_resolve_name(name), 0))
			_exit(125);
	if (seccomp_load(filter))
		_exit(125);
	seccomp_release(filter);
}

#ifndef CONSTRUCTOR
int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc < 2 || !getenv("SECCOMP_SYSCALL_ALLOW"))
		return 125;
	pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		load_filter();
		execv(argv[1], argv + 1);
		_exit(127);
	}
	/* The stop at execve. */
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return 125;
	ptrace(PTRACE_DETACH, pid, 0, 0);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 125;
	return WEXITSTATUS(status);
}
#endif
