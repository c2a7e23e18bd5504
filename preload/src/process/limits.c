// SPDX-License-Identifier: Apache-2.0
/*
 * Limits on the number of processes, of the user and of cgroups, and settings that
 * keep a JVM from starting, because the JVM's messages name none of them.
 */
#include "process/limits.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "process/child.h"
#include "process/clone.h"
#include "process/proc.h"

/* More than any of our commands needs. */
#define THREADS 20

/* Our commands need 26, but --source bpf needs more. */
#define FILES 32

/* Returns -1 if there is no such file or it holds "max". */
static long read_limit(const char *folder, const char *name)
{
	char path[2 * PATH_MAX + 16];
	long number;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return read_number_file(path, &number) ? -1 : number;
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

const char *forbidding_memory(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page != MAP_FAILED) {
		munmap(page, 4096);
		return NULL;
	}
	return "needs memory that is both writable and executable, which is "
	       "forbidden here (such as by MemoryDenyWriteExecute= of a unit: "
	       "leave it out for this command; sandbox-exec with a filter of "
	       "sandbox run --compile runs a program without Java)";
}

const char *forbidding_files(void)
{
	struct rlimit limit;
	static char why[160];

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FILES)
		return NULL;
	limit.rlim_cur = limit.rlim_max < FILES ? limit.rlim_max : FILES;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max >= FILES)
		return NULL;
	snprintf(why, sizeof(why),
		 "needs %d open files, and RLIMIT_NOFILE is %llu (ulimit -n, "
		 "or LimitNOFILE= of a unit)",
		 FILES, (unsigned long long)limit.rlim_max);
	return why;
}

/* It also ends with its parent, which may be killed before it sends a signal. */
static int wait_for_signal(void *parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == *(const pid_t *)parent)
		pause();
	return 0;
}

const char *forbidding_threads(void)
{
	pid_t children[THREADS], self = getpid();
	static char why[320];
	int count;

	for (count = 0; count < THREADS; count++) {
		long pid = clone_process(SIGCHLD, wait_for_signal, &self);

		if (pid == -EAGAIN)
			snprintf(why, sizeof(why),
				 "needs about 20 threads, and %s",
				 lack_of_processes());
		if (pid < 0)
			break;
		children[count] = (pid_t)pid;
	}
	for (int i = 0; i < count; i++)
		kill(children[i], SIGKILL);
	for (int i = 0; i < count; i++)
		await_child(children[i], NULL, 0);
	return *why ? why : NULL;
}
