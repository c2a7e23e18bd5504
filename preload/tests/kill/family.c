/* SPDX-License-Identifier: Apache-2.0 */
#include "family.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_FAMILY 256

const char *const member_names[MEMBERS] = { "launcher", "tracer", "Java",
					    "program", "group" };

/* Returns how many bytes there are, 0 for a process that is gone. */
static size_t read_proc(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	return n > 0 ? (size_t)n : 0;
}

/*
 * Finds children of the main thread, because only that forks in our programs.
 */
static size_t children_of(pid_t pid, pid_t *children, size_t max)
{
	char name[32], text[4096], *next = text, *end;
	size_t count = 0;

	snprintf(name, sizeof(name), "task/%d/children", pid);
	read_proc(pid, name, text, sizeof(text));
	while (count < max) {
		long number = strtol(next, &end, 10);

		if (end == next)
			break;
		children[count++] = (pid_t)number;
		next = end;
	}
	return count;
}

static size_t family(pid_t *all)
{
	size_t seen, count = children_of(getpid(), all, MAX_FAMILY);

	for (seen = 0; seen < count; seen++)
		count +=
			children_of(all[seen], all + count, MAX_FAMILY - count);
	return count;
}

bool adopt_orphans(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && access(path, R_OK) == 0;
}

static bool is_java(pid_t pid)
{
	char name[32];

	read_proc(pid, "comm", name, sizeof(name));
	return strcmp(name, "java\n") == 0;
}

pid_t find_member(pid_t launcher, enum member member)
{
	pid_t children[MAX_FAMILY];
	size_t i, count;

	if (member == LAUNCHER)
		return launcher;
	if (member == GROUP)
		return -launcher;
	count = children_of(member == TRACER ? getpid() : launcher, children,
			    MAX_FAMILY);
	for (i = 0; i < count; i++) {
		if (member == TRACER && children[i] != launcher)
			return children[i];
		if (member != TRACER &&
		    is_java(children[i]) == (member == JAVA))
			return children[i];
	}
	return 0;
}

bool has_ended(pid_t launcher)
{
	siginfo_t info = { 0 };

	waitid(P_PID, (id_t)launcher, &info, WEXITED | WNOHANG | WNOWAIT);
	return info.si_pid == launcher;
}

static bool is_zombie(pid_t pid)
{
	char text[512], *end;

	read_proc(pid, "stat", text, sizeof(text));
	end = strrchr(text, ')');
	return !end || end[2] == 'Z' || end[2] == 'X';
}

bool others_live(pid_t launcher)
{
	pid_t all[MAX_FAMILY];
	size_t i, count = family(all);
	bool live = false;

	for (i = 0; i < count; i++) {
		if (all[i] == launcher)
			continue;
		if (waitpid(all[i], NULL, WNOHANG | __WALL) == all[i])
			continue;
		/* The launcher reaps its own children later. */
		live |= !is_zombie(all[i]);
	}
	return live;
}

static void describe(pid_t pid, FILE *out)
{
	static const char *const files[] = { "status", "wchan", "syscall",
					     "stack" };
	char text[4096];
	size_t i;

	fprintf(out, "process %d\n", pid);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (read_proc(pid, files[i], text, sizeof(text)))
			fprintf(out, "%s: %s\n", files[i], text);
}

void describe_family(FILE *out)
{
	pid_t all[MAX_FAMILY];
	size_t i, count = family(all);

	for (i = 0; i < count; i++)
		describe(all[i], out);
}

void kill_family(void)
{
	pid_t all[MAX_FAMILY];
	size_t i, count = family(all);

	for (i = 0; i < count; i++)
		kill(all[i], SIGKILL);
}
