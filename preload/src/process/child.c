// SPDX-License-Identifier: Apache-2.0
/* Waits for children, and lets them go on. */
#include "process/child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process/proc.h"

/*
 * Whether a child waits to be reaped, as /proc shows it. That of a process whose
 * other threads have not ended, or that is traced, cannot be reaped yet.
 */
static bool waits_to_be_reaped(pid_t pid)
{
	char text[4096];
	ssize_t n;
	int fd = open_proc_file(pid, "status");

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

pid_t await_child(pid_t pid, int *status, int options)
{
	pid_t ended;

	do
		ended = waitpid(pid, status, options);
	while (ended < 0 && errno == EINTR);
	return ended;
}

bool open_gate(int gate)
{
	static const struct timespec no_time;
	sigset_t pipe_signal, before, pending;
	bool open;

	sigpending(&pending);
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	/* A blocked signal becomes pending even if it is ignored. */
	sigprocmask(SIG_BLOCK, &pipe_signal, &before);
	open = write(gate, "", 1) == 1;
	if (!open && errno == EPIPE && !sigismember(&pending, SIGPIPE))
		sigtimedwait(&pipe_signal, NULL, &no_time);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return open;
}
