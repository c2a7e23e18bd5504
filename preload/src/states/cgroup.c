// SPDX-License-Identifier: Apache-2.0
/* Makes a cgroup with little memory for one program, and removes it however we end. */
#include "states/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MIB (1L << 20)

static int write_number(const struct cgroup *cgroup, const char *name,
			long number)
{
	char path[128];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s", cgroup->path, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || dprintf(fd, "%ld", number) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/* What keepers have left that were killed, if nobody is in it any more. */
static void remove_left(const char *folder)
{
	DIR *all = opendir(folder);
	struct dirent *each;
	int keeper, end;

	while (all && (each = readdir(all)))
		if (sscanf(each->d_name, "sandbox-%d%n", &keeper, &end) == 1 &&
		    !each->d_name[end] && keeper > 0 && kill(keeper, 0) &&
		    errno == ESRCH)
			unlinkat(dirfd(all), each->d_name, AT_REMOVEDIR);
	if (all)
		closedir(all);
}

/* Of version 2, or else of version 1. */
static void make_cgroup(struct cgroup *cgroup, long mib)
{
	static const char *const kinds[][2] = {
		{ "/sys/fs/cgroup", "memory.max" },
		{ "/sys/fs/cgroup/memory", "memory.limit_in_bytes" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		remove_left(kinds[i][0]);
		snprintf(cgroup->path, sizeof(cgroup->path), "%s/sandbox-%d",
			 kinds[i][0], getpid());
		if (mkdir(cgroup->path, 0755)) {
			cgroup->err = -errno;
			continue;
		}
		cgroup->err = write_number(cgroup, kinds[i][1], mib * MIB);
		/* Otherwise it would be swapped out instead. */
		write_number(cgroup, "memory.swap.max", 0);
		if (!cgroup->err)
			return;
		rmdir(cgroup->path);
	}
}

static void kill_members(const struct cgroup *cgroup)
{
	char path[128];
	FILE *members;
	int pid;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup->path);
	members = fopen(path, "re");
	while (members && fscanf(members, "%d", &pid) == 1)
		if (pid > 0)
			kill(pid, SIGKILL);
	if (members)
		fclose(members);
}

void keep_cgroup(long mib, int report)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	struct cgroup cgroup = { 0 };
	pid_t parent = getppid();
	sigset_t end;
	int signal;

	/* What kills our process group leaves it. */
	setsid();
	make_cgroup(&cgroup, mib);
	if (write(report, &cgroup, sizeof(cgroup)) == sizeof(cgroup) &&
	    !cgroup.err) {
		sigemptyset(&end);
		sigaddset(&end, SIGTERM);
		sigwait(&end, &signal);
	}
	while (!cgroup.err && rmdir(cgroup.path) && errno == EBUSY) {
		if (getppid() != parent)
			kill_members(&cgroup);
		nanosleep(&moment, NULL);
	}
	_exit(EXIT_SUCCESS);
}

int join_cgroup(const struct cgroup *cgroup)
{
	return write_number(cgroup, "cgroup.procs", 0);
}
