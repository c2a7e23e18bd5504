// SPDX-License-Identifier: Apache-2.0
/* What happens to processes of a program in a state, as others would do it. */
#include "states/group.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROTATED ".1"

void strike_group(const struct group *group, int signal)
{
	bool left = kill(-group->first, signal) != 0;

	if ((left || signal == SIGKILL) && group->sessions->count > 0)
		signal_sessions(group->sessions, signal);
}

static void for_each_process(const struct group *group,
			     void (*visit)(pid_t pid, void *data), void *data)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)atoi(entry->d_name);

		if (pid > 0 && (getpgid(pid) == group->first ||
				is_member(pid, group->sessions)))
			visit(pid, data);
	}
	if (proc)
		closedir(proc);
}

/* @pages: 0 of one that has ended */
struct largest {
	pid_t first, pid;
	long pages;
};

static void compare_size(pid_t pid, void *data)
{
	struct largest *largest = data;
	char path[64];
	long pages = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fscanf(file, "%*d %ld", &pages) == 1 && pid != largest->first &&
	    pages > largest->pages) {
		largest->pages = pages;
		largest->pid = pid;
	}
	fclose(file);
}

void kill_largest(const struct group *group)
{
	struct largest largest = { group->first, group->first, 0 };

	for_each_process(group, compare_size, &largest);
	kill(largest.pid, SIGKILL);
}

static bool appends(pid_t pid, const char *fd)
{
	char path[64];
	unsigned int flags = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%.9s", pid, fd);
	info = fopen(path, "re");
	if (!info)
		return false;
	if (fscanf(info, "pos: %*d flags: %o", &flags) != 1)
		flags = 0;
	fclose(info);
	return flags & O_APPEND && (flags & O_ACCMODE) != O_RDONLY;
}

/* A file that two of them have has its new name the second time. */
static void rotate_file(const char *link)
{
	char name[PATH_MAX], rotated[PATH_MAX + sizeof(ROTATED)];
	ssize_t length = readlink(link, name, sizeof(name) - 1);
	struct stat st;

	if (length <= 0 || stat(link, &st) || !S_ISREG(st.st_mode))
		return;
	name[length] = 0;
	if ((size_t)length < sizeof(ROTATED) ||
	    strcmp(name + length - strlen(ROTATED), ROTATED) != 0) {
		snprintf(rotated, sizeof(rotated), "%s" ROTATED, name);
		rename(name, rotated);
	}
}

static void rotate_files(pid_t pid, void *data)
{
	char path[64];
	struct dirent *entry;
	DIR *files;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	files = opendir(path);
	while (files && (entry = readdir(files))) {
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    appends(pid, entry->d_name)) {
			snprintf(path, sizeof(path), "/proc/%d/fd/%.9s", pid,
				 entry->d_name);
			rotate_file(path);
		}
	}
	if (files)
		closedir(files);
}

void rotate_logs(const struct group *group)
{
	for_each_process(group, rotate_files, NULL);
}
