/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_PROGRAM_H
#define PROCESS_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

/*
 * The program a user named, found the way execvp(3) finds it.
 * @path: what to give to execve(2)
 * @via_shell: a text file without "#!": execvp(3) gives it to /bin/sh
 */
struct program {
	char path[PATH_MAX];
	bool via_shell;
};

/* What execve(2) is called with. */
struct execution {
	const struct program *program;
	char **argv;
	char **envp;
};

/* The program itself, or the shell that it is given to. */
const char *executed_file(const struct program *program);

/*
 * execve(2), and for a text without "#!" the shell, as execvp(3) does. Returns
 * only on failure, with errno set.
 */
void execute_program(const struct execution *execution);

#endif
