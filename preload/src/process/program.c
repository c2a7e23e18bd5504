// SPDX-License-Identifier: Apache-2.0
/* Executes a program. */
#include "process/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHELL "/bin/sh"

const char *executed_file(const struct program *program)
{
	return program->via_shell ? SHELL : program->path;
}

void execute_program(const struct execution *execution)
{
	const struct program *program = execution->program;
	const struct limit *limit;
	size_t count = 0;
	char **argv;

	for (limit = execution->limits; limit->value; limit++) {
		struct rlimit both = { limit->value, limit->value };

		if (setrlimit((__rlimit_resource_t)limit->resource, &both))
			return;
	}

	/* Only a filter that is already in force can return 0 here. */
	if (execve(program->path, execution->argv, execution->envp) == 0)
		errno = EPERM;
	if (errno != ENOEXEC || !program->via_shell)
		return;
	while (execution->argv[count])
		count++;
	argv = calloc(count + 2, sizeof(*argv));
	if (!argv)
		return;
	argv[0] = (char *)SHELL;
	argv[1] = (char *)program->path;
	memcpy(argv + 2, execution->argv + 1, count * sizeof(*argv));
	if (execve(SHELL, argv, execution->envp) == 0)
		errno = EPERM;
	free(argv);
}
