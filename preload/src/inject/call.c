// SPDX-License-Identifier: Apache-2.0
/*
 * Makes the target call the kernel before it runs its first instruction: sets
 * the instruction pointer to a system call instruction of its vDSO. (A program
 * can make calls without such an instruction, by jumping into x86_64's vsyscall
 * page. The kernel then runs the filter, but there is no stop.)
 *
 * If no such instruction can be found, because the program's file cannot be
 * read or it has no vDSO, this uses the instruction of the target's first call:
 * at its entry stop the call is replaced by another, and afterwards the
 * instruction is run again, the last time for the call that the target wanted.
 *
 * No code is written, and at the end the target's registers, memory and signal
 * mask are restored.
 */
#include "inject/call.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "inject/entry.h"
#include "inject/listener.h"
#include "inject/placing.h"
#include "inject/regs.h"
#include "inject/remote.h"
#include "inject/stops.h"
#include "load_mark.h"
#include "process/proc.h"

/* Internal to the kernel (include/linux/errno.h); only a tracer sees it. */
#define ERESTARTSYS 512
/* No vDSO of a supported architecture is larger. */
#ifndef VDSO_LIMIT
#define VDSO_LIMIT 8192
#endif

static int set_no_new_privs(struct injection *injection)
{
	const uint64_t args[6] = { PR_SET_NO_NEW_PRIVS, 1 };

	return expect_remotely(injection, CALL_PRCTL, args, 0,
			       "cannot set no_new_privs");
}

static uint64_t filter_flags(const struct injection *injection)
{
	const struct filtered_start *start = injection->tracee->start;
	uint64_t flags = start->filter.flags;

	if (start->start == FILTER_FROM_EXEC)
		return flags;
	/* With a listener the result is a descriptor and names no thread. */
	if (has_listener(injection))
		flags |= SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	return flags | SECCOMP_FILTER_FLAG_TSYNC;
}

/* SIGSTOP can interrupt the listener's question, so the call is repeated. */
static int close_listener(struct injection *injection, int fd_in_target)
{
	const uint64_t args[6] = { (uint64_t)fd_in_target, CLOSE_MARK };
	int64_t result;
	int err;

	do
		err = call_remotely(injection, CALL_CLOSE, args, &result);
	while (!err && result == -ERESTARTSYS);
	if (err || result == 0)
		return err;
	return fail_injection(injection, (int)result,
			      "cannot close the filter's listener");
}

/* Sends the listener last: until then only the tracer may be asked. */
static int hand_over_listener(struct injection *injection, int fd_in_target)
{
	const struct tracee *tracee = injection->tracee;
	const struct filter_image *filter = &tracee->start->filter;
	int err;

	err = take_listener(tracee->pid, fd_in_target, &injection->listener);
	if (err)
		return fail_injection(injection, err,
				      "cannot take the filter's listener");
	err = close_listener(injection, fd_in_target);
	if (err)
		return err;
	err = send_listener(injection->listener, -1,
			    filter->listener_text ? filter->listener_text
						  : LISTENER_MESSAGE,
			    filter->listener_to);
	return err ? fail_injection(injection, err,
				    "cannot send the filter's listener")
		   : 0;
}

static int set_filter(struct injection *injection)
{
	const uint64_t args[6] = { SECCOMP_SET_MODE_FILTER,
				   filter_flags(injection),
				   injection->address };
	int64_t result;
	int err = call_remotely(injection, CALL_SECCOMP, args, &result);

	if (err)
		return err;
	if (result >= 0 && has_listener(injection))
		return hand_over_listener(injection, (int)result);
	if (result == 0)
		return 0;
	/* With TSYNC: the number of a thread that cannot take the filter. */
	if (result > 0 || result == -ESRCH)
		return fail_injection(
			injection, -ECANCELED,
			"a constructor made a thread that has a filter of "
			"its own");
	if (result == -EBUSY && has_listener(injection))
		return fail_injection(
			injection, -ECANCELED,
			"another process already watches its calls (such as a "
			"container's supervisor)");
	return fail_injection(injection, (int)result,
			      "the kernel refuses the filter");
}

/*
 * If the kernel does not count filters, /proc does not show that another filter
 * answered in the kernel's place. So make a call for which the kernel's answer
 * is known.
 */
static int try_kernel(struct injection *injection)
{
	const uint64_t args[6] = { SECCOMP_SET_MODE_FILTER,
				   filter_flags(injection), 0 };

	if (injection->before.filters >= 0 || injection->before.mode == 0)
		return 0;
	return expect_remotely(injection, CALL_SECCOMP, args, -EFAULT,
			       "a filter that is in force already answers in "
			       "the kernel's place");
}

/* Reads /proc, because another filter can answer calls. */
static int verify_filter(struct injection *injection)
{
	const long before = injection->before.filters;
	struct filtering now;
	int err = read_filtering(injection->tracee->status, &now);

	if (err)
		return fail_injection(injection, err,
				      "cannot tell if it is filtered");
	if (now.mode != SECCOMP_MODE_FILTER || now.privs != 1 ||
	    (before >= 0 && now.filters != before + 1))
		return fail_injection(
			injection, -ECANCELED,
			"the filter is not in force after it was set");
	return 0;
}

/* Signal handlers must not run meanwhile: they would see foreign registers. */
static int block_signals(struct injection *injection)
{
	const uint64_t all = UINT64_MAX;
	pid_t pid = injection->tracee->pid;
	int err;

	err = trace_request(PTRACE_GETSIGMASK, pid, sizeof(all),
			    (uintptr_t)&injection->signal_mask);
	if (!err)
		err = trace_request(PTRACE_SETSIGMASK, pid, sizeof(all),
				    (uintptr_t)&all);
	return err;
}

static int restore_state(struct injection *injection)
{
	pid_t pid = injection->tracee->pid;
	int err = remove_image(injection);

	if (!err)
		err = injection->skipped
			      ? skip_own_call(pid, &injection->own, 0)
			      : restore_own_call(pid, &injection->own);
	if (!err)
		err = trace_request(PTRACE_SETSIGMASK, pid,
				    sizeof(injection->signal_mask),
				    (uintptr_t)&injection->signal_mask);
	return err ? fail_injection(injection, err, "cannot put its state back")
		   : 0;
}

static int run_to_next_call(struct tracee *tracee, struct stop *stop)
{
	int err;

	do
		err = run_to_stop(tracee, PTRACE_SYSCALL, 0, stop);
	while (!err && stop->kind != STOP_CALL_ENTRY);
	return err;
}

static bool is_library_load(const struct stop *stop)
{
	return stop->kind == STOP_CALL_ENTRY &&
	       arch_supported(stop->call.arch) &&
	       stop->call.entry.nr ==
		       arch_call_number(stop->call.arch, CALL_SECCOMP) &&
	       stop->call.entry.args[3] == LOAD_MARK;
}

static int run_to_marked_call(struct tracee *tracee, struct stop *stop)
{
	int err;

	do
		err = run_to_next_call(tracee, stop);
	while (!err && !is_library_load(stop));
	return err;
}

static int open_memory(const struct tracee *tracee)
{
	int memory = openat(tracee->proc, "mem", O_RDWR | O_CLOEXEC);

	return memory < 0 ? -errno : memory;
}

static int begin_injection(struct injection *injection, const struct stop *at,
			   uint64_t instruction)
{
	struct tracee *tracee = injection->tracee;
	int err;

	if (!arch_supported(at->call.arch))
		return fail_injection(
			injection, -ECANCELED,
			"programs of its architecture are not supported");
	injection->stack_pointer = at->call.stack_pointer;
	injection->replaced = instruction != 0;
	err = block_signals(injection);
	if (!err)
		err = save_own_call(tracee->pid, at->call.arch, instruction,
				    &injection->own);
	return err;
}

/* After attaching there was only execve(2), so that state is still valid. */
static int read_before(struct injection *injection)
{
	struct tracee *tracee = injection->tracee;
	int err = 0;

	if (tracee->start->start == FILTER_FROM_EXEC && tracee->knows_filtering)
		injection->before = tracee->filtering;
	else
		err = read_filtering(tracee->status, &injection->before);
	return err ? fail_injection(injection, err,
				    "cannot tell if it is filtered")
		   : 0;
}

/* @instruction: 0 if @at is a call's entry stop */
static int install_at(struct tracee *tracee, const struct stop *at, int memory,
		      uint64_t instruction)
{
	struct injection injection = { .tracee = tracee,
				       .memory = memory,
				       .listener = -1 };
	int err;

	injection.skipped = tracee->start->start == FILTER_FROM_PRELOAD;
	err = read_before(&injection);
	if (!err)
		err = begin_injection(&injection, at, instruction);
	if (!err)
		err = place_image(&injection);
	if (!err)
		err = close_feed(&injection);
	if (!err)
		err = set_no_new_privs(&injection);
	if (!err)
		err = try_kernel(&injection);
	/* A running thread could make the listener ask too early. */
	if (!err)
		err = stop_threads(tracee);
	if (!err)
		err = set_filter(&injection);
	if (!err)
		err = verify_filter(&injection);
	injection.in_force = !err;
	if (!err)
		err = restore_state(&injection);
	if (!err)
		err = release_threads(tracee);
	if (!err && tracee->start->entry_mark)
		err = mark_entry(tracee);
	if (!err)
		err = trace_request(PTRACE_DETACH, tracee->pid, 0, 0);
	if (!err)
		err = release_all(tracee);
	/* The filter may kill a released thread at once. */
	return err == -ESRCH && injection.in_force ? await_end(tracee) : err;
}

/* The address of a system call instruction in the target's vDSO, or 0. */
static uint64_t find_instruction(const struct tracee *tracee, int memory,
				 uint32_t arch)
{
	unsigned char code[VDSO_LIMIT];
	uint64_t vdso;
	ssize_t n, at;

	if (memory < 0 || !arch_supported(arch) ||
	    read_auxiliary(tracee->proc, AT_SYSINFO_EHDR,
			   arch_pointer_size(arch), &vdso))
		return 0;
	n = pread(memory, code, sizeof(code), (off_t)vdso);
	at = n > 0 ? find_call_instruction(arch, code, (size_t)n) : -1;
	return at < 0 ? 0 : vdso + (uint64_t)at;
}

/* Stops between two instructions: after execve(2) or at the entry point. */
static int run_to_instruction(struct tracee *tracee, struct stop *stop)
{
	int err;

	if (tracee->in_execve) {
		err = run_to_stop(tracee, PTRACE_SYSCALL, 0, stop);
		return err || stop->kind == STOP_CALL_EXIT ? err : -EPROTO;
	}
	return query_call(tracee, &stop->call);
}

int install_filter(struct tracee *tracee)
{
	struct stop stop;
	int err = run_to_instruction(tracee, &stop), memory;
	uint64_t instruction;

	if (err)
		return err;
	memory = open_memory(tracee);
	instruction = find_instruction(tracee, memory, stop.call.arch);
	if (!instruction)
		err = run_to_next_call(tracee, &stop);
	return err ? err : install_at(tracee, &stop, memory, instruction);
}

int install_filter_for_library(struct tracee *tracee)
{
	struct stop stop;
	int err = run_to_marked_call(tracee, &stop);

	/* That was the library's trial, which fails (certain_load.c) */
	if (!err)
		err = run_to_marked_call(tracee, &stop);
	return err ? err : install_at(tracee, &stop, open_memory(tracee), 0);
}
