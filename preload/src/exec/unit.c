// SPDX-License-Identifier: Apache-2.0
/* Tells which unit of systemd a process belongs to, by its cgroup. */
#include "exec/unit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

/*
 * The path in a line "NUMBER:CONTROLLERS:/PATH", if it is of systemd's
 * hierarchy. The path may have colons too: users name the cgroups that are left
 * to them.
 */
static const char *path_of_systemd(const char *line)
{
	const char *controllers = strchr(line, ':'), *path;

	path = controllers ? strchr(controllers + 1, ':') : NULL;
	if (!path || path[1] != '/')
		return NULL;
	if (strncmp(line, "0::", 3) == 0 ||
	    strncmp(controllers, ":name=systemd:", 14) == 0)
		return path + 2;
	return NULL;
}

/* Only slices may come before the unit: only systemd and root put processes there. */
static bool is_in_unit(const char *line, const char *unit)
{
	const char *path = path_of_systemd(line);
	size_t length = strlen(unit), n;

	while (path) {
		n = strcspn(path, "/\n");
		if (n < 6 || memcmp(path + n - 6, ".slice", 6) != 0 ||
		    path[n] != '/')
			return n == length && memcmp(path, unit, n) == 0;
		path += n + 1;
	}
	return false;
}

bool names_unit(FILE *groups, const char *unit)
{
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	while (!found && getline(&line, &size, groups) > 0)
		found = is_in_unit(line, unit);
	free(line);
	return found;
}

bool comes_from_unit(int socket, int pid, const char *unit)
{
	char path[32];
	bool is_of_unit;
	int held = -1;
	socklen_t size = sizeof(held);
	FILE *groups;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	groups = fopen(path, "re");
	if (!groups)
		return false;
	is_of_unit = names_unit(groups, unit);
	fclose(groups);
	if (getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &held, &size))
		return is_of_unit && errno == ENOPROTOOPT;
	if (syscall(SYS_pidfd_send_signal, held, 0, NULL, 0))
		is_of_unit = false;
	close(held);
	return is_of_unit;
}
