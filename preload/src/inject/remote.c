// SPDX-License-Identifier: Apache-2.0
/* Makes the target make single calls, and checks how they ended. */
#include "inject/remote.h"

#include <errno.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>

#include "inject/listener.h"
#include "inject/ptrace.h"
#include "inject/start.h"
#include "inject/stops.h"

int fail_injection(struct injection *injection, int err, const char *what)
{
	return fail_tracee(injection->tracee, err, what);
}

static int run_to_kind(struct injection *injection, int kind, struct stop *stop)
{
	int err = run_to_stop(injection->tracee, PTRACE_SYSCALL, 0, stop);

	if (err)
		return err;
	return (int)stop->kind == kind ? 0 : -EPROTO;
}

bool has_listener(const struct injection *injection)
{
	return injection->tracee->start->filter.flags &
	       SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

/* Runs to the end of a call, about which the filter may ask its listener. */
static int run_to_exit(struct injection *injection, enum remote_call call,
		       struct stop *stop)
{
	struct tracee *tracee = injection->tracee;
	int number = (int)arch_call_number(injection->own.arch, call);
	int err;

	if (injection->listener < 0)
		return run_to_kind(injection, STOP_CALL_EXIT, stop);
	err = trace_request(PTRACE_SYSCALL, tracee->pid, 0, 0);
	if (!err)
		err = await_own_call(tracee->pid, injection->listener, number);
	if (!err)
		err = await_stop(tracee, PTRACE_SYSCALL, stop);
	if (err)
		return err;
	return stop->kind == STOP_CALL_EXIT ? 0 : -EPROTO;
}

int call_remotely(struct injection *injection, enum remote_call call,
		  const uint64_t args[6], int64_t *result)
{
	pid_t pid = injection->tracee->pid;
	struct stop stop;
	int err;

	if (!injection->replaced) {
		err = replace_own_call(pid, &injection->own, call, args);
		injection->replaced = true;
	} else {
		err = prepare_remote_call(pid, &injection->own, call, args);
		if (!err)
			err = run_to_kind(injection, STOP_CALL_ENTRY, &stop);
		if (!err &&
		    (stop.call.arch != injection->own.arch ||
		     stop.call.entry.nr !=
			     arch_call_number(injection->own.arch, call)))
			err = -EPROTO;
	}
	if (!err)
		err = run_to_exit(injection, call, &stop);
	if (err)
		return fail_injection(injection, err,
				      "cannot make it call the kernel");
	*result = stop.call.exit.rval;
	/*
	 * A filter that kills or traps leaves the result register unchanged.
	 * With a listener the same number can be its descriptor;
	 * take_listener() fails if it is not.
	 */
	if ((call == CALL_PRCTL ||
	     (call == CALL_SECCOMP && !has_listener(injection))) &&
	    *result > 0 &&
	    (uint64_t)*result ==
		    arch_unmade_result(injection->own.arch, call, args))
		return fail_injection(
			injection, -ECANCELED,
			"a seccomp filter that is in force already does "
			"not allow it to set another");
	return 0;
}

int expect_remotely(struct injection *injection, enum remote_call call,
		    const uint64_t args[6], int64_t expected, const char *what)
{
	int64_t result;
	int err = call_remotely(injection, call, args, &result);

	if (err || result == expected)
		return err;
	return fail_injection(injection, result < 0 ? (int)result : -EPROTO,
			      what);
}
