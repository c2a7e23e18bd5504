// SPDX-License-Identifier: Apache-2.0
/*
 * The tracer. It was cloned from a process that may have had other threads, so
 * it allocates nothing and uses no stdio. If it ends early, PTRACE_O_EXITKILL
 * kills the target.
 */
#include "inject/tracer.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "inject/call.h"
#include "inject/entry.h"
#include "process/descriptors.h"
#include "process/proc.h"
#include "process/report.h"

#define COMMON_OPTIONS \
	(PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD)
#define FORK_OPTIONS \
	(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)

static unsigned int options(const struct tracee *tracee)
{
	if (tracee->start->start == FILTER_FROM_EXEC)
		return COMMON_OPTIONS;
	return COMMON_OPTIONS | FORK_OPTIONS;
}

/* Takes the program from its execve(2) stop to running filtered, untraced. */
static int see_to_filter(struct tracee *tracee)
{
	int err;

	if (tracee->start->start == FILTER_FROM_PRELOAD)
		return install_filter_for_library(tracee);
	err = tracee->start->start == FILTER_FROM_ENTRY ? run_to_entry(tracee)
							: 0;
	return err ? err : install_filter(tracee);
}

static void complain(struct tracee *tracee, int err)
{
	if (!tracee->failure.text[0])
		fail_tracee(tracee, err, "cannot set the filter");
	print_failure(tracee->start->name, &tracee->failure);
}

struct traced_thread {
	int proc;
	long tracer;
};

static int is_traced_by(pid_t thread, void *context)
{
	const struct traced_thread *wanted = context;
	char path[32];
	long tracer = -1;
	int fd;

	snprintf(path, sizeof(path), "task/%d/status", thread);
	fd = openat(wanted->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	read_status_number(fd, "TracerPid", &tracer);
	close(fd);
	return tracer == wanted->tracer;
}

static int own_number_in_proc(void)
{
	char text[16] = "";

	if (readlink("/proc/self", text, sizeof(text) - 1) < 0)
		return 0;
	return atoi(text);
}

/*
 * Checks in /proc that ptrace(2) succeeded, because a seccomp filter can return
 * 0 in the kernel's place. The numbers in /proc may be those of another PID
 * namespace, but it is the same one for both processes.
 */
static int seize(struct tracee *tracee)
{
	int number = own_number_in_proc(), err;

	err = trace_request(PTRACE_SEIZE, tracee->thread, 0, options(tracee));
	if (err)
		return -err;
	if (number <= 0)
		return TRACER_NOT_SEEN;
	/* tracee->status is that of the first thread. */
	if (tracee->thread != tracee->pid) {
		struct traced_thread wanted = { tracee->proc, number };

		return for_each_thread(tracee->proc, is_traced_by, &wanted) == 1
			       ? 0
			       : TRACER_NOT_SEEN;
	}
	tracee->knows_filtering =
		read_filtering(tracee->status, &tracee->filtering) == 0;
	return tracee->knows_filtering && tracee->filtering.tracer == number
		       ? 0
		       : TRACER_NOT_SEEN;
}

/* Returns 0 if attached, else the error that it reported. */
static int attach(struct tracee *tracee, const struct tracer_pipes *pipes)
{
	char go;
	int err;

	if (read(pipes->gate, &go, 1) != 1)
		return ECANCELED;
	err = seize(tracee);
	if (write(pipes->report, &err, sizeof(err)) != sizeof(err))
		return EPIPE;
	return err;
}

void run_tracer(struct tracee *tracee, const struct tracer_pipes *pipes)
{
	const struct filter_image *filter = &tracee->start->filter;
	const bool listens = filter->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
	const int keep[] = { STDERR_FILENO,
			     pipes->gate,
			     pipes->report,
			     tracee->status,
			     tracee->proc,
			     tracee->feed,
			     listens ? filter->listener_to : -1 };
	struct stop stop;
	int err;

	/* Leaves the reach of a terminal's signals. */
	setsid();
	/* Stops still wake waitpid(2), and no signals are left pending. */
	signal(SIGCHLD, SIG_IGN);
	/* Keeps nothing open for longer than the program itself would. */
	close_all_but(keep, sizeof(keep) / sizeof(keep[0]));
	/* The program must not change the filter here, or take the listener. */
	prctl(PR_SET_DUMPABLE, 0);
	if (attach(tracee, pipes))
		_exit(1);
	err = await_stop(tracee, PTRACE_CONT, &stop);
	if (!err && stop.kind == STOP_DISMISSED)
		_exit(trace_request(PTRACE_DETACH, tracee->thread, 0, 0) ? 1
									 : 0);
	if (!err)
		err = see_to_filter(tracee);
	if (!err)
		_exit(0);
	if (tracee->ended)
		_exit(1);
	/* Whatever failed, the program must not run. */
	if (tracee->executed) {
		/* ESRCH: somebody else is killing it. */
		if (err != -ESRCH)
			complain(tracee, err);
		kill(tracee->pid, SIGKILL);
	}
	_exit(1);
}

void dismiss_tracer(void)
{
	syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGSTOP);
}
