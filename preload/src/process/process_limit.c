// SPDX-License-Identifier: Apache-2.0
/* Limits on the number of processes: of the user, and of cgroups. */
#include "process/process_limit.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* Returns -1 if there is no such file or it holds "max". */
static long read_limit(const char *folder, const char *name)
{
	char path[2 * PATH_MAX];
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

/* Whether the group at @folder or a parent group has reached its limit. */
static bool is_group_full(char *folder, size_t root)
{
	char *slash;

	while (strlen(folder) > root) {
		long most = read_limit(folder, "pids.max");

		if (most >= 0 && read_limit(folder, "pids.current") >= most)
			return true;
		slash = strrchr(folder, '/');
		*slash = 0;
	}
	return false;
}

/* Lines of /proc/self/cgroup: NUMBER:CONTROLLERS:PATH (cgroups(7)). */
static bool is_cgroup_full(void)
{
	static const char v1[] = "/sys/fs/cgroup/pids", v2[] = "/sys/fs/cgroup";
	char line[PATH_MAX], folder[2 * PATH_MAX];
	FILE *file = fopen("/proc/self/cgroup", "re");
	bool full = false;

	while (file && !full && fgets(line, sizeof(line), file)) {
		const char *words = strchr(line, ':');
		const char *root = !words			      ? NULL
				   : strncmp(words, "::", 2) == 0     ? v2
				   : strncmp(words, ":pids:", 6) == 0 ? v1
								      : NULL;

		line[strcspn(line, "\n")] = 0;
		if (!root)
			continue;
		snprintf(folder, sizeof(folder), "%s%s", root,
			 strchr(words + 1, ':') + 1);
		full = is_group_full(folder, strlen(root));
	}
	if (file)
		fclose(file);
	return full;
}

const char *lack_of_processes(void)
{
	static char text[256];
	struct rlimit limit;

	if (is_cgroup_full() || getrlimit(RLIMIT_NPROC, &limit) ||
	    limit.rlim_cur == RLIM_INFINITY)
		return "its cgroup may not have so many processes (pids.max: "
		       "raise TasksMax= of the unit)";
	snprintf(text, sizeof(text),
		 "this user may not have so many processes (RLIMIT_NPROC is "
		 "%llu: raise LimitNPROC= of the unit, or ulimit -u)",
		 (unsigned long long)limit.rlim_cur);
	return text;
}
