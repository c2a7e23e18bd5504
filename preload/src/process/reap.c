// SPDX-License-Identifier: Apache-2.0
#include "process/reap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Whether a child waits to be reaped, as /proc shows it. That of a process whose
 * other threads have not ended, or that is traced, cannot be reaped yet.
 */
static bool waits_to_be_reaped(pid_t pid)
{
	char path[32], text[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n < 0 ? 0 : n] = 0;
	return strstr(text, "\nState:\tZ") && strstr(text, "\nThreads:\t1\n") &&
	       strstr(text, "\nTracerPid:\t0\n");
}

int reap_child(pid_t pid, int *status)
{
	/* Asked first: it may end at any time. */
	bool waits = waits_to_be_reaped(pid);
	pid_t reaped = waitpid(pid, status, WNOHANG);

	if (reaped == pid)
		return 1;
	if (!waits)
		return 0;
	return reaped < 0 ? -errno : -EPROTO;
}
