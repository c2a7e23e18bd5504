// SPDX-License-Identifier: Apache-2.0
/*
 * Waits for the target. Other stops than the awaited ones are handled as if
 * there were no tracer: signals are delivered, and a target that is stopped
 * (SIGSTOP, Ctrl-Z) stays stopped until it is continued. See ptrace(2),
 * "Group-stop" and PTRACE_LISTEN.
 */
#include "inject/stops.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "inject/regs.h"
#include "process/proc.h"

/* PTRACE_O_TRACESYSGOOD marks the stops of calls. */
#define CALL_STOP (SIGTRAP | 0x80)
/* One or two suffice, unless an outer filter answers waitid(2). */
#define RELEASE_PASSES 1000

/* Returns the PTRACE_EVENT_ of a wait status, or 0; see ptrace(2). */
static int stop_event(int status)
{
	return status >> 16;
}

int fail_tracee(struct tracee *tracee, int err, const char *what)
{
	const char *path = tracee->start->execution->program->path;

	if (err == -ECANCELED)
		set_failure(&tracee->failure, STATUS_OWN_FAILURE, "%s: %s",
			    path, what);
	else
		set_failure(&tracee->failure, STATUS_OWN_FAILURE, "%s: %s: %s",
			    path, what, strerror(-err));
	return err;
}

int query_call(const struct tracee *tracee, struct ptrace_syscall_info *call)
{
	return trace_request(PTRACE_GET_SYSCALL_INFO, tracee->thread,
			     sizeof(*call), (uintptr_t)call);
}

static bool is_thread_of(const struct tracee *tracee, pid_t pid)
{
	return syscall(SYS_tgkill, tracee->pid, pid, 0) == 0;
}

static bool is_stop_signal(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN ||
	       signal == SIGTTOU;
}

/* Checks a task that was made before the filter is in force. */
static int check_offspring(struct tracee *tracee, pid_t pid)
{
	if (is_thread_of(tracee, pid)) {
		tracee->has_threads = true;
		return 0;
	}
	/* ESRCH: an ended thread. A process stays until it is reaped. */
	if (kill(pid, SIGKILL) && errno == ESRCH)
		return 0;
	return fail_tracee(tracee, -ECANCELED,
			   "forked a process before its entry point, where the "
			   "filter starts (--from exec filters it from its "
			   "first call)");
}

static int check_fork(struct tracee *tracee, pid_t pid)
{
	unsigned long offspring = 0;
	int err = trace_request(PTRACE_GETEVENTMSG, pid, 0,
				(uintptr_t)&offspring);

	return err ? err : check_offspring(tracee, (pid_t)offspring);
}

static bool is_dismissal(const struct tracee *tracee, int signal)
{
	siginfo_t info;

	/* Another process cannot forge SI_TKILL with this process's number. */
	return signal == SIGSTOP && !tracee->executed &&
	       trace_request(PTRACE_GETSIGINFO, tracee->thread, 0,
			     (uintptr_t)&info) == 0 &&
	       info.si_code == SI_TKILL && info.si_pid == tracee->pid;
}

/*
 * Handles a stop that is not awaited, of any traced thread, and continues the
 * thread. Errors of ptrace are ignored: they mean that it has been killed,
 * which waitpid(2) will report.
 */
static int pass_on(struct tracee *tracee, pid_t pid, int status,
		   unsigned int request)
{
	int signal = WSTOPSIG(status), event = stop_event(status), err;

	switch (event) {
	case 0:
		if (signal == CALL_STOP)
			signal = 0;
		break;
	case PTRACE_EVENT_STOP:
		if (is_stop_signal(signal))
			request = PTRACE_LISTEN;
		signal = 0;
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		err = check_fork(tracee, pid);
		if (err && err != -ESRCH)
			return err;
		signal = 0;
		break;
	default:
		signal = 0;
		break;
	}
	trace_request(request, pid, 0, (unsigned int)signal);
	return 0;
}

/* Returns 1 if @status, of the executing thread, is a stop to report. */
static int examine(struct tracee *tracee, int status, struct stop *stop)
{
	int signal = WSTOPSIG(status), event = stop_event(status), err;

	if (event == PTRACE_EVENT_EXEC) {
		tracee->thread = tracee->pid;
		tracee->executed = true;
		tracee->in_execve = true;
		stop->kind = STOP_EXEC;
		return 1;
	}
	if (event)
		return 0;
	if (signal == CALL_STOP) {
		err = query_call(tracee, &stop->call);
		if (err)
			return err;
		stop->kind = stop->call.op == PTRACE_SYSCALL_INFO_ENTRY
				     ? STOP_CALL_ENTRY
				     : STOP_CALL_EXIT;
		return 1;
	}
	if (signal == SIGTRAP && tracee->expects_trap) {
		stop->kind = STOP_TRAP;
		return 1;
	}
	if (is_dismissal(tracee, signal)) {
		stop->kind = STOP_DISMISSED;
		return 1;
	}
	return 0;
}

/* Without WNOHANG the kernel never answers 0, but a filter can. */
static int no_child(pid_t result)
{
	return result < 0 ? -errno : -EPROTO;
}

int await_stop(struct tracee *tracee, unsigned int request, struct stop *stop)
{
	int status, result;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid <= 0)
			return no_child(pid);
		if (!WIFSTOPPED(status)) {
			tracee->ended |= pid == tracee->pid;
			if (pid == tracee->pid || pid == tracee->thread)
				return -ESRCH;
			continue;
		}
		/* After execve any thread has the number of the process. */
		if (pid != tracee->thread && pid != tracee->pid) {
			result = check_offspring(tracee, pid);
			if (!result)
				result = pass_on(tracee, pid, status,
						 PTRACE_CONT);
			if (result)
				return result;
			continue;
		}
		tracee->in_execve = false;
		result = examine(tracee, status, stop);
		if (result == -ESRCH)
			continue;
		if (result)
			return result < 0 ? result : 0;
		result = pass_on(tracee, pid, status, request);
		if (result)
			return result;
	}
}

int run_to_stop(struct tracee *tracee, unsigned int request, int signal,
		struct stop *stop)
{
	/* ESRCH: it was killed, which waitpid will report. */
	int err =
		trace_request(request, tracee->thread, 0, (unsigned int)signal);

	if (err && err != -ESRCH)
		return err;
	return await_stop(tracee, request, stop);
}

int await_end(struct tracee *tracee)
{
	int status;
	pid_t pid;

	for (;;) {
		pid = waitpid(tracee->pid, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid <= 0)
			return no_child(pid);
		if (!WIFSTOPPED(status))
			return 0;
	}
}

/* The request changes nothing, and succeeds only for a stopped thread. */
static bool is_stopped(pid_t pid)
{
	unsigned long message;

	return trace_request(PTRACE_GETEVENTMSG, pid, 0, (uintptr_t)&message) ==
	       0;
}

static int await_thread_stop(struct tracee *tracee, pid_t pid)
{
	int status, err;

	for (;;) {
		pid_t stopped = waitpid(pid, &status, __WALL);

		if (stopped < 0 && errno == EINTR)
			continue;
		if (stopped < 0 && errno == ECHILD)
			return 0;
		if (stopped <= 0)
			return no_child(stopped);
		if (!WIFSTOPPED(status))
			return 0;
		if (stop_event(status) == PTRACE_EVENT_STOP)
			return avoid_restart_syscall(pid);
		err = pass_on(tracee, pid, status, PTRACE_CONT);
		if (err)
			return err;
	}
}

static int stop_thread(struct tracee *tracee, pid_t pid)
{
	int status, err = trace_request(PTRACE_INTERRUPT, pid, 0, 0);

	if (!err)
		return await_thread_stop(tracee, pid);
	/* It may have ended and wait to be reaped, or not be ours. */
	if (waitpid(pid, &status, __WALL | WNOHANG) < 0 &&
	    is_thread_of(tracee, pid))
		return err;
	return 0;
}

/* Ignores threads that are not ours, or no longer. */
static int release_thread(struct tracee *tracee, pid_t pid)
{
	int err = 0;

	if (!is_stopped(pid)) {
		if (trace_request(PTRACE_INTERRUPT, pid, 0, 0))
			return 0;
		err = await_thread_stop(tracee, pid);
	}
	if (!err)
		err = trace_request(PTRACE_DETACH, pid, 0, 0);
	return err == -ESRCH ? 0 : err;
}

struct thread_pass {
	struct tracee *tracee;
	bool release;
	bool stopped_one;
};

static int visit_thread(pid_t pid, void *context)
{
	struct thread_pass *pass = context;

	if (pid == pass->tracee->pid)
		return 0;
	if (pass->release)
		return release_thread(pass->tracee, pid);
	if (is_stopped(pid))
		return 0;
	pass->stopped_one = true;
	return stop_thread(pass->tracee, pid);
}

int stop_threads(struct tracee *tracee)
{
	struct thread_pass pass = { .tracee = tracee };
	int err = 0;

	if (!tracee->has_threads)
		return 0;
	/* There may be new threads until a pass finds all of them stopped. */
	do {
		pass.stopped_one = false;
		err = for_each_thread(tracee->proc, visit_thread, &pass);
	} while (!err && pass.stopped_one);
	return err;
}

int release_threads(struct tracee *tracee)
{
	struct thread_pass pass = { .tracee = tracee, .release = true };

	if (!tracee->has_threads)
		return 0;
	return for_each_thread(tracee->proc, visit_thread, &pass);
}

int release_all(struct tracee *tracee)
{
	siginfo_t info;
	int err = 0;

	if (!tracee->has_threads)
		return 0;
	for (int passes = 0; !err && passes < RELEASE_PASSES; passes++) {
		if (waitid(P_ALL, 0, &info,
			   WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) &&
		    errno == ECHILD)
			return 0;
		err = release_threads(tracee);
	}
	return err;
}
