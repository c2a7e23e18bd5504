/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/resource.h>

/*
 * The program that the user named, found like execvp(3) does.
 * @path: the path for execve(2)
 * @via_shell: a text file without "#!", which execvp(3) runs by /bin/sh
 */
struct program {
	char path[PATH_MAX];
	bool via_shell;
};

/* A limit of setrlimit(2). */
struct limit {
	int resource;
	rlim_t value;
};

#define MAX_LIMITS 2

/*
 * The arguments of execve(2).
 * @limits: in force from then on, since we may need more before; 0 ends them
 */
struct execution {
	const struct program *program;
	char **argv;
	char **envp;
	struct limit limits[MAX_LIMITS + 1];
};

/* The program's file, or the shell that runs it. */
const char *executed_file(const struct program *program);

/*
 * Calls execve(2) for the program, or for the shell if it is a text without
 * "#!", like execvp(3). Returns only on failure, with errno set.
 */
void execute_program(const struct execution *execution);
