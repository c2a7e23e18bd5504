// SPDX-License-Identifier: Apache-2.0
/*
 * Becomes a program that is filtered from its start. The process cannot set the
 * filter itself, because the filter would have to allow the execve that
 * follows. So a tracer makes the new program set it (inject/call.c) and ends.
 *
 * The program must not notice the tracer. The tracer is the child of a child
 * that ends at once, so init becomes its parent. That first child has no exit
 * signal, so no pending SIGCHLD is left. All descriptors that connect the two
 * are close-on-exec, except the pipe that the tracer makes the program close.
 */
#include "inject/inject.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inject/tracer.h"
#include "process/child.h"
#include "process/clone.h"
#include "process/image.h"
#include "process/limits.h"
#include "process/proc.h"
#include "process/report.h"
#include "process/search.h"

#ifndef PR_SET_PTRACER
#define PR_SET_PTRACER 0x59616d61
#endif

/* See security/yama/yama_lsm.c. */
#define YAMA_SCOPE	"/proc/sys/kernel/yama/ptrace_scope"
#define YAMA_CAPABILITY 2
#define YAMA_NO_ATTACH	3

/*
 * @pid: the tracer, or -errno
 * @ours: the other ends of its pipes
 */
struct tracer {
	long pid;
	struct tracee tracee;
	struct tracer_pipes pipes;
	struct tracer_pipes ours;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Leaves 0 to 2 free: otherwise a closed stderr would become our pipe. */
static int move_above_stderr(int *fd, int command)
{
	int moved = fcntl(*fd, command, STDERR_FILENO + 1);

	if (moved < 0)
		return -errno;
	close(*fd);
	*fd = moved;
	return 0;
}

static int open_pipe(int *reader, int reader_command, int *writer)
{
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	*reader = ends[0];
	*writer = ends[1];
	err = move_above_stderr(reader, reader_command);
	if (!err)
		err = move_above_stderr(writer, F_DUPFD_CLOEXEC);
	return err;
}

static int open_proc(struct tracee *tracee)
{
	int err;

	tracee->proc = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (tracee->proc < 0)
		return -errno;
	tracee->status = openat(tracee->proc, "status", O_RDONLY | O_CLOEXEC);
	if (tracee->status < 0)
		return -errno;
	err = move_above_stderr(&tracee->proc, F_DUPFD_CLOEXEC);
	return err ? err : move_above_stderr(&tracee->status, F_DUPFD_CLOEXEC);
}

/*
 * Whether the tracer may lack access to the program's memory, because one of
 * its files cannot be read. True for scripts, whose interpreter is not checked.
 */
static bool may_be_closed(const char *path)
{
	char magic[SELFMAG];
	int fd = open_regular(path);
	bool elf;

	if (fd < 0)
		return true;
	elf = pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	      memcmp(magic, ELFMAG, SELFMAG) == 0;
	close(fd);
	return !elf;
}

static int open_all(struct tracer *tracer)
{
	struct tracee *tracee = &tracer->tracee;
	int err = open_proc(tracee);

	if (!err)
		err = open_pipe(&tracer->pipes.gate, F_DUPFD_CLOEXEC,
				&tracer->ours.gate);
	if (!err)
		err = open_pipe(&tracer->ours.report, F_DUPFD_CLOEXEC,
				&tracer->pipes.report);
	if (!err && may_be_closed(tracee->start->execution->program->path))
		err = open_pipe(&tracee->feed_in_target, F_DUPFD,
				&tracee->feed);
	return err;
}

static void close_tracers_ends(struct tracer *tracer)
{
	close_fd(&tracer->tracee.proc);
	close_fd(&tracer->tracee.status);
	close_fd(&tracer->tracee.feed);
	close_fd(&tracer->pipes.gate);
	close_fd(&tracer->pipes.report);
}

static void close_our_ends(struct tracer *tracer)
{
	close_fd(&tracer->tracee.feed_in_target);
	close_fd(&tracer->ours.gate);
	close_fd(&tracer->ours.report);
}

static int become_tracer(void *data)
{
	struct tracer *tracer = data;

	run_tracer(&tracer->tracee, &tracer->pipes);
}

/*
 * Runs in the child that makes the tracer and ends. It shares our memory, so
 * what it stores is still there after its end. The tracer has a copy.
 */
static int run_go_between(void *data)
{
	struct tracer *tracer = data;

	tracer->pid = clone_process(SIGCHLD, become_tracer, tracer);
	return 0;
}

static int fork_twice(struct tracer *tracer)
{
	/* It has no exit signal, so waiting for it needs __WALL. */
	long pid =
		clone_process(CLONE_VM | CLONE_VFORK, run_go_between, tracer);
	pid_t ended;

	if (pid < 0)
		return (int)pid;
	ended = await_child((pid_t)pid, NULL, __WALL);
	if (ended < 0)
		return -errno;
	if (ended != pid)
		return -ECHILD;
	return tracer->pid < 0 ? (int)tracer->pid : 0;
}

/* Turns off a subreaper meanwhile, which would become the tracer's parent. */
static int create_tracer(struct tracer *tracer)
{
	int subreaper = 0, err;

	prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
	if (subreaper)
		prctl(PR_SET_CHILD_SUBREAPER, 0);
	err = fork_twice(tracer);
	if (subreaper)
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	return err;
}

static ssize_t read_report(int fd, int *report)
{
	ssize_t n;

	do
		n = read(fd, report, sizeof(*report));
	while (n < 0 && errno == EINTR);
	return n;
}

/* Reads a number of the calling thread's status; -1 if it cannot be read. */
static long own_status(const char *name)
{
	long number;

	return read_status_of(0, name, &number) ? -1 : number;
}

/* Returns 0 once the tracer is attached, else its errno or a tracer_error. */
static int await_tracer(struct tracer *tracer)
{
	int report;

	/* For Yama's scope 1; the kernel drops it when the tracer ends. */
	prctl(PR_SET_PTRACER, (unsigned long)tracer->pid, 0, 0, 0);
	if (!open_gate(tracer->ours.gate))
		return TRACER_DIED;
	if (read_report(tracer->ours.report, &report) != sizeof(report))
		return TRACER_DIED;
	return report;
}

/* Finds the reason for @err, which await_tracer() returned. */
static int explain_attach(int err, struct failure *why)
{
	static const char no[] = "cannot trace the program to set its filter";
	long tracer = own_status("TracerPid");
	long scope = -1;

	read_number_file(YAMA_SCOPE, &scope);
	if (err == TRACER_NOT_SEEN)
		return set_failure(
			why, STATUS_OWN_FAILURE,
			"%s: ptrace succeeds, but /proc shows no tracer "
			"(a seccomp filter that is already in force may "
			"answer in the kernel's place)",
			no);
	if (tracer > 0)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "%s: process %ld traces it already (strace, "
				   "gdb and the like)",
				   no, tracer);
	if (err == EPERM && scope >= YAMA_NO_ATTACH)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "%s: " YAMA_SCOPE
				   " is %ld (no process may trace "
				   "until the next boot)",
				   no, scope);
	if (err == EPERM && scope == YAMA_CAPABILITY)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "%s: " YAMA_SCOPE " is 2 (it needs "
				   "CAP_SYS_PTRACE)",
				   no);
	if (own_status("Seccomp") > 0)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "%s: ptrace is refused, presumably by the "
				   "seccomp filter that is already in force "
				   "(such as a container's): %s",
				   no,
				   err > 0 ? strerror(err) : "tracer killed");
	if (err == EPERM && prctl(PR_GET_DUMPABLE) != 1)
		return set_failure(
			why, STATUS_OWN_FAILURE,
			"%s: this process is not dumpable (its own file "
			"cannot be read, or it changed its user)",
			no);
	return set_failure(why, STATUS_OWN_FAILURE, "%s: ptrace: %s", no,
			   err > 0 ? strerror(err) : "the tracer was killed");
}

static int start_tracer(struct tracer *tracer, struct failure *why)
{
	int err = open_all(tracer), report;

	if (err) {
		set_failure(why, STATUS_OWN_FAILURE,
			    "cannot prepare the start: %s", strerror(-err));
		goto close_all;
	}
	err = create_tracer(tracer);
	report = tracer->pipes.report;
	close_tracers_ends(tracer);
	/* While this end is open here, the tracer's end would go unnoticed. */
	if (!err && fcntl(report, F_GETFD) >= 0)
		err = -EPERM;
	if (err) {
		set_failure(
			why, STATUS_OWN_FAILURE,
			"cannot create the process that sets the filter: %s",
			err == -EAGAIN ? lack_of_processes() : strerror(-err));
		goto close_all;
	}
	err = await_tracer(tracer);
	if (!err)
		return 0;
	explain_attach(err, why);
	prctl(PR_SET_PTRACER, 0, 0, 0, 0);

close_all:
	close_tracers_ends(tracer);
	close_our_ends(tracer);
	return -1;
}

/* Dismisses the tracer after a failed execve(2); else it ends with us. */
static void stop_tracer(struct tracer *tracer)
{
	int report;

	dismiss_tracer();
	/* The file ends when the tracer does. */
	if (own_status("TracerPid") == 0)
		while (read_report(tracer->ours.report, &report) > 0)
			;
	prctl(PR_SET_PTRACER, 0, 0, 0, 0);
	close_our_ends(tracer);
}

int execute_filtered(const struct filtered_start *start, struct failure *why)
{
	struct tracer tracer = {
		.tracee = { .start = start,
			    .pid = getpid(),
			    .thread = (pid_t)syscall(SYS_gettid),
			    .proc = -1,
			    .status = -1,
			    .feed = -1,
			    .feed_in_target = -1 },
		.pipes = { -1, -1 },
		.ours = { -1, -1 },
	};
	sigset_t all, mask;
	int err;

	if (start->filter.length == 0 || start->filter.length > BPF_MAXINSNS)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "a filter has 1 to %d instructions, not %u",
				   BPF_MAXINSNS, start->filter.length);
	/* A filter that answers in the kernel's place can return 0. */
	if (tracer.tracee.pid <= 0 || tracer.tracee.thread <= 0)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "cannot trace the program: getpid or "
				   "gettid is refused");
	/* The tracer inherits this mask, so no signal meant for us ends it. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	err = start_tracer(&tracer, why);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (err)
		return err;
	if (start->text)
		print_text(start->text);
	execute_program(start->execution);
	err = -errno;
	stop_tracer(&tracer);
	return explain_execve(start->execution->program->path, err, why);
}
