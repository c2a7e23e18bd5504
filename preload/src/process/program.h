/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <limits.h>
#include <stdbool.h>

/*
 * The program that the user named, found like execvp(3) does.
 * @path: the path for execve(2)
 * @via_shell: a text file without "#!", which execvp(3) runs by /bin/sh
 */
struct program {
	char path[PATH_MAX];
	bool via_shell;
};

/* The arguments of execve(2). */
struct execution {
	const struct program *program;
	char **argv;
	char **envp;
};

/* The program's file, or the shell that runs it. */
const char *executed_file(const struct program *program);

/*
 * Calls execve(2) for the program, or for the shell if it is a text without
 * "#!", like execvp(3). Returns only on failure, with errno set.
 */
void execute_program(const struct execution *execution);
