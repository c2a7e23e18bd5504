// SPDX-License-Identifier: Apache-2.0
/* Prints what a program can observe of its start. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void show_status(void)
{
	static const char *const names[] = {
		"Name:",    "TracerPid:",   "Uid:",
		"Gid:",	    "Groups:",	    "SigPnd:",
		"ShdPnd:",  "SigBlk:",	    "SigIgn:",
		"SigCgt:",  "CapInh:",	    "CapPrm:",
		"CapEff:",  "CapBnd:",	    "CapAmb:",
		"Threads:", "Umask:",	    "Speculation_Store_Bypass:",
		"VmData:",  "Cpus_allowed:"
	};
	FILE *status = fopen("/proc/self/status", "r");
	char line[4096];

	while (fgets(line, sizeof(line), status))
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strncmp(line, names[i], strlen(names[i])) == 0)
				fputs(line, stdout);
	fclose(status);
}

static void show_descriptors(void)
{
	char path[64], target[256];
	ssize_t length;

	for (int fd = 0; fd < 64; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		length = readlink(path, target, sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = 0;
		printf("fd %d %s\n", fd,
		       strncmp(target, "pipe:", 5) == 0 ? "pipe" : target);
	}
}

static void show_limits(void)
{
	struct rlimit limit;

	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (getrlimit(i, &limit) == 0)
			printf("limit %d %llu %llu\n", i,
			       (unsigned long long)limit.rlim_cur,
			       (unsigned long long)limit.rlim_max);
}

/* The number of mappings, because a new one would be visible. */
static void show_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned int count = 0;
	int c;

	while ((c = getc(maps)) != EOF)
		count += c == '\n';
	fclose(maps);
	printf("mappings %u\n", count);
}

int main(int argc, char **argv)
{
	int value = 0, err;

	/* First, before any call of ours could change it. */
	err = wait(NULL) < 0 ? errno : 0;
	printf("wait %s\n", strerror(err));
	err = waitpid(-1, NULL, WNOHANG | __WALL) < 0 ? errno : 0;
	printf("wait for clones %s\n", strerror(err));
	if (getenv("EXPECTED_PID"))
		printf("pid kept %d\n",
		       atoi(getenv("EXPECTED_PID")) == getpid());
	show_mappings();
	show_status();
	show_descriptors();
	show_limits();
	prctl(PR_GET_PDEATHSIG, &value);
	printf("pdeathsig %d\n", value);
	value = 0;
	prctl(PR_GET_CHILD_SUBREAPER, &value);
	printf("subreaper %d\n", value);
	printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
	printf("timerslack %d\n", prctl(PR_GET_TIMERSLACK));
	printf("personality %x\n", personality(0xffffffff));
	printf("secure %lu\n", getauxval(AT_SECURE));
	printf("parent %d group %d session %d\n", getppid(), getpgrp(),
	       getsid(0));
	printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
	for (int i = 0; i < argc; i++)
		printf("argument %s\n", argv[i]);
	for (int i = 0; environ[i]; i++)
		if (strncmp(environ[i], "EXPECTED_PID", 12) != 0)
			printf("variable %s\n", environ[i]);
	return 0;
}
