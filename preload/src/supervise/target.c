// SPDX-License-Identifier: Apache-2.0
/*
 * Starts the target. Between fork and exec the child only undoes what the
 * supervisor changed for itself, so the program starts as from the user's
 * shell, except that it may have a new audit session.
 */
#include "supervise/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec/environment.h"
#include "inject/inject.h"
#include "process/child.h"
#include "process/search.h"
#include "process/session.h"

/* The child's report before it waits at the gate. */
struct session_report {
	int err;
	uint32_t session;
};

/* The library comes last, since a state may replace all of the environment. */
static int change_execution(struct target_plan *plan, struct failure *why)
{
	struct execution *execution = &plan->execution;
	int err;

	take_over_variables(execution->envp, getppid());
	err = enter_surroundings(plan->surroundings, execution);
	if (err)
		return set_failure(why, STATUS_OWN_FAILURE, "surroundings: %s",
				   strerror(-err));
	if (plan->list)
		execution->envp = preloading_environment(
			execution->envp, plan->list, plan->action, why);
	return execution->envp ? 0 : -1;
}

__attribute__((noreturn)) static void run_child(struct target_plan *plan,
						const struct start_state *start,
						int gate, int report)
{
	struct session_report session = { .session = SESSION_UNSET };
	struct failure why;
	char go;

	allow_tracing(start);
	if (plan->in_session)
		session.err = enter_new_session(&session.session);
	if (write(report, &session, sizeof(session)) != sizeof(session) ||
	    session.err || read(gate, &go, 1) != 1)
		_exit(STATUS_OWN_FAILURE);
	if (plan->output >= 0 && dup2(plan->output, STDOUT_FILENO) < 0)
		_exit(STATUS_OWN_FAILURE);
	raise_pending_signals(start);
	restore_start_state(start);
	if (change_execution(plan, &why) == 0) {
		if (plan->traced) {
			execute_filtered(&plan->start, &why);
		} else {
			execute_program(&plan->execution);
			explain_execve(plan->execution.program->path, -errno,
				       &why);
		}
	}
	if (write(report, &why, sizeof(why)) != sizeof(why))
		_exit(STATUS_OWN_FAILURE);
	_exit(why.status);
}

/* Reads a whole message, or nothing at the file's end. Retries on EINTR. */
static ssize_t read_whole(int fd, void *data, size_t size)
{
	ssize_t n;

	do
		n = read(fd, data, size);
	while (n < 0 && errno == EINTR);
	return n;
}

int prepare_target(struct target_plan *plan, const struct start_state *start,
		   struct target *target)
{
	struct session_report session;
	int gate[2], report[2], err;

	if (pipe2(gate, O_CLOEXEC))
		return -errno;
	if (pipe2(report, O_CLOEXEC)) {
		err = -errno;
		goto close_gate;
	}
	target->pid = fork();
	if (target->pid < 0) {
		err = -errno;
		goto close_report;
	}
	if (target->pid == 0) {
		close(gate[1]);
		close(report[0]);
		run_child(plan, start, gate[0], report[1]);
	}
	close(gate[0]);
	close(report[1]);
	target->gate = gate[1];
	target->report = report[0];
	if (read_whole(report[0], &session, sizeof(session)) == sizeof(session))
		err = session.err;
	else
		err = -ECHILD;
	if (!err) {
		target->session = session.session;
		return 0;
	}
	close(gate[1]);
	close(report[0]);
	await_child(target->pid, NULL, 0);
	return err;

close_report:
	close(report[0]);
	close(report[1]);
close_gate:
	close(gate[0]);
	close(gate[1]);
	return err;
}

void abandon_target(const struct target *target)
{
	close(target->gate);
	close(target->report);
	await_child(target->pid, NULL, 0);
}

int release_target(struct target *target, struct failure *why)
{
	bool open = open_gate(target->gate);
	ssize_t n = -1;

	close(target->gate);
	if (open)
		n = read_whole(target->report, why, sizeof(*why));
	close(target->report);
	if (n == 0)
		return 0;
	await_child(target->pid, NULL, 0);
	if (n == sizeof(*why))
		return -1;
	return set_failure(why, STATUS_OWN_FAILURE,
			   "the program's process has failed");
}
