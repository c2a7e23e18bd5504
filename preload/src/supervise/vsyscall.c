// SPDX-License-Identifier: Apache-2.0
/* Warns that a program could make calls that no filter sees. */
#include "supervise/vsyscall.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "process/report.h"

/* Every process has this page, or none has; see the kernel option vsyscall=. */
static bool has_vsyscalls(void)
{
	char line[512], rights[5];
	FILE *maps = fopen("/proc/self/maps", "re");
	bool found = false;

	while (maps && !found && fgets(line, sizeof(line), maps))
		found = strstr(line, " [vsyscall]\n") &&
			sscanf(line, "%*s %4s", rights) == 1 &&
			rights[2] == 'x';
	if (maps)
		fclose(maps);
	return found;
}

void warn_of_vsyscalls(const char *name, const struct program *program)
{
	static bool looked;

	if (looked || access(program->path, R_OK) == 0)
		return;
	looked = true;
	if (has_vsyscalls())
		print_own_failure(
			name, program->path,
			"cannot be read, so calls through the vsyscall page "
			"before its first other call are neither filtered nor "
			"recorded (vsyscall=none for the kernel turns them "
			"off)");
}
