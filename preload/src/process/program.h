/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_PROGRAM_H
#define PROCESS_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

/* Statuses that shells and env(1) give when a program cannot be started. */
enum {
	STATUS_UNCHECKED = 2, /* of sandbox-check: its own failure */
	STATUS_OWN_FAILURE = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
};

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

/* Why a program is not run: one line for the user, and the exit status. */
struct refusal {
	int status;
	char text[PATH_MAX + 256];
};

/*
 * Fills in @why, with '?' for what a terminal would obey: a file's name may
 * hold anything. Returns -1.
 */
__attribute__((format(printf, 3, 4))) int
set_refusal(struct refusal *why, int status, const char *format, ...);

/* The same for execve(2) of @path, which has failed with -@err. Returns -1. */
int explain_execve(const char *path, int err, struct refusal *why);

/* One line for the user: "NAME: TEXT". Returns the status. */
int print_refusal(const char *name, const struct refusal *why);

/*
 * Finds @name and checks that execve(2) has a chance: a regular, executable
 * file for this machine, whose interpreter exists. Opens no file for writing
 * and starts nothing. Returns 0, or -1 with @why filled in.
 */
int find_program(const char *name, struct program *program,
		 struct refusal *why);

/*
 * Checks that the dynamic linker will load libsandbox.so into @program: a
 * dynamic glibc executable of this library's architecture that runs without
 * new privileges (ld.so(8), "secure-execution mode"). Returns 0, or -1 with
 * @why filled in.
 */
int check_preloadable(const struct program *program, struct refusal *why);

/*
 * The machine whose code the program consists of, by the name of its system
 * call table; this machine's if the file cannot be read.
 */
const char *program_machine(const struct program *program);

/*
 * execve(2), and for a text without "#!" the shell, as execvp(3) does. Returns
 * only on failure, with errno set.
 */
void execute_program(const struct execution *execution);

#endif
