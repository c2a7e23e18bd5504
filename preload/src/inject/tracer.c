// SPDX-License-Identifier: Apache-2.0
/*
 * The tracer. It is a copy of a process that may have had other threads, so it
 * allocates nothing and uses no stdio. While it lives the target cannot run
 * on without it: PTRACE_O_EXITKILL.
 */
#include "inject/tracer.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

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

/* From the stop at execve(2) to a program that runs, filtered and alone. */
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
 * That ptrace(2) has returned 0 is no proof: a seccomp filter can give that
 * answer in the kernel's place. What /proc shows is. Its numbers may be those
 * of another PID namespace, but of the same one for both of us.
 */
static int seize(struct tracee *tracee)
{
	int number = own_number_in_proc(), err;

	err = trace_request(PTRACE_SEIZE, tracee->thread, 0, options(tracee));
	if (err)
		return -err;
	if (number <= 0)
		return TRACER_NOT_SEEN;
	/* What is open is the status of the first thread. */
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

/* Returns 0 when attached, or what has been reported. */
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

	/* Out of reach of what a terminal sends to its processes. */
	setsid();
	/* Stops wake waitpid(2) all the same, and no signal queues up. */
	signal(SIGCHLD, SIG_IGN);
	/* Keeps nothing open for longer than the program itself would. */
	close_all_but(keep, sizeof(keep) / sizeof(keep[0]));
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
	/* Whatever it was: it must not run, and leaving kills it as well. */
	if (tracee->executed) {
		/* ESRCH: someone else is killing it at this moment. */
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
