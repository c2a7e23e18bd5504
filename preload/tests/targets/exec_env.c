/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: exec_env [STDERR] [NAME=VALUE...] -- PROGRAM [ARGUMENT...]
 * Executes with exactly this environment, duplicates included. STDERR is
 * "full" (a pipe without room), "full-nonblocking" or "broken" (a pipe
 * without reader); the default is the present one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define UNPREPARED 99

static void replace_stderr(const char *kind)
{
	static const char zeros[4096];
	int ends[2];

	if (pipe(ends))
		_exit(UNPREPARED);
	if (strcmp(kind, "broken") == 0) {
		close(ends[0]);
	} else {
		fcntl(ends[1], F_SETFL, O_NONBLOCK);
		while (write(ends[1], zeros, sizeof(zeros)) > 0)
			;
		if (strcmp(kind, "full") == 0)
			fcntl(ends[1], F_SETFL, 0);
	}
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
}

int main(int argc, char **argv)
{
	int first = 1;
	int i;

	if (argc > 1 && strcmp(argv[1], "--") != 0 && !strchr(argv[1], '=')) {
		replace_stderr(argv[1]);
		first = 2;
	}
	for (i = first; i < argc && strcmp(argv[i], "--") != 0; i++)
		;
	if (i + 1 >= argc)
		return UNPREPARED;
	argv[i] = NULL;
	execve(argv[i + 1], argv + i + 1, argv + first);
	return UNPREPARED;
}
