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
 *
 * The kernel copies the filter when it is set, so the target needs its bytes
 * only for a moment. They are written below the stack pointer. If the stack is
 * too small, they go into a new mapping, which stays, because munmap may not be
 * allowed once the filter is in force. The tracer cannot access the memory of a
 * program whose file cannot be read. Such a target reads the bytes itself, from
 * a pipe that it inherited.
 */
#include "inject/call.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "inject/entry.h"
#include "inject/listener.h"
#include "inject/regs.h"
#include "inject/stops.h"
#include "load_mark.h"
#include "process/proc.h"

/* Internal to the kernel (include/linux/errno.h); only a tracer sees it. */
#define ERESTARTSYS 512
/* Compilers may use these bytes below the stack pointer (System V ABI). */
#define RED_ZONE 128
/* The target's struct sock_fprog, which the filter follows. */
#define HEADER_SIZE 16
/* No vDSO of a supported architecture is larger. */
#ifndef VDSO_LIMIT
#define VDSO_LIMIT 8192
#endif
/* Fits into the smallest possible pipe. */
#define FEED_SIZE  4096
#define IMAGE_SIZE (HEADER_SIZE + BPF_MAXINSNS * sizeof(struct sock_filter))

/*
 * A target that is stopped to load a filter.
 * @before: the filters that it had before
 * @skipped: its own call must not be made
 * @replaced: its own call has been replaced by the first remote call
 * @memory: its /proc/PID/mem, or -errno if that is closed to the tracer
 * @address, @size: the filter image in its memory
 * @borrowed: the image lies in memory of its own, whose content is saved in
 *	"before"
 * @in_force: the filter has been set and verified
 * @listener: the filter's listener, or -1
 */
struct injection {
	struct tracee *tracee;
	struct filtering before;
	struct own_call own;
	uint64_t stack_pointer;
	uint64_t signal_mask;
	bool skipped;
	bool replaced;
	int memory;
	uint64_t address;
	size_t size;
	bool borrowed;
	bool in_force;
	int listener;
};

static unsigned char image[IMAGE_SIZE], before[IMAGE_SIZE];

static int fail(struct injection *injection, int err, const char *what)
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

static bool has_listener(const struct injection *injection)
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

/* Sets @result to what the call returned, which may be -errno. */
static int call_remotely(struct injection *injection, enum remote_call call,
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
		return fail(injection, err, "cannot make it call the kernel");
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
		return fail(injection, -ECANCELED,
			    "a seccomp filter that is in force already does "
			    "not allow it to set another");
	return 0;
}

/* Has the target make a call whose only success is @expected. */
static int expect_remotely(struct injection *injection, enum remote_call call,
			   const uint64_t args[6], int64_t expected,
			   const char *what)
{
	int64_t result;
	int err = call_remotely(injection, call, args, &result);

	if (err || result == expected)
		return err;
	return fail(injection, result < 0 ? (int)result : -EPROTO, what);
}

static void put_pointer(unsigned char *to, uint64_t value, size_t size)
{
	uint32_t half = (uint32_t)value;

	memcpy(to, size == sizeof(half) ? (void *)&half : (void *)&value, size);
}

/* Composes the image for the address that it will have. */
static void compose_image(const struct injection *injection)
{
	const struct filter_image *filter = &injection->tracee->start->filter;
	size_t size = arch_pointer_size(injection->own.arch);

	memset(image, 0, HEADER_SIZE);
	memcpy(image, &filter->length, sizeof(filter->length));
	put_pointer(image + size, injection->address + HEADER_SIZE, size);
	memcpy(image + HEADER_SIZE, filter->code,
	       filter->length * sizeof(*filter->code));
}

static int copy_in(const struct injection *injection, const void *data)
{
	ssize_t n = pwrite(injection->memory, data, injection->size,
			   (off_t)injection->address);

	if (n < 0)
		return -errno;
	return (size_t)n == injection->size ? 0 : -EFAULT;
}

/* Borrows memory below the stack pointer, if there is certainly enough. */
static bool place_on_stack(struct injection *injection)
{
	uint64_t top = injection->stack_pointer - RED_ZONE;
	bool narrow =
		arch_pointer_size(injection->own.arch) == sizeof(uint32_t);

	/* A 64-bit program may make an i386 call, which truncates pointers. */
	if (top <= injection->size || (narrow && top > UINT32_MAX))
		return false;
	injection->address = (top - injection->size) & ~(uint64_t)15;
	if (!memory_covers(injection->tracee->proc, injection->address,
			   injection->stack_pointer) ||
	    pread(injection->memory, before, injection->size,
		  (off_t)injection->address) != (ssize_t)injection->size)
		return false;
	compose_image(injection);
	if (copy_in(injection, image))
		return false;
	injection->borrowed = true;
	return true;
}

static int map_memory(struct injection *injection)
{
	const uint64_t args[6] = { 0,
				   injection->size,
				   PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS,
				   (uint64_t)-1,
				   0 };
	int64_t result;
	int err = call_remotely(injection, CALL_MMAP, args, &result);

	if (err)
		return err;
	if (result < 0)
		return fail(injection, (int)result, "no memory for the filter");
	injection->address = (uint64_t)result;
	return 0;
}

static int feed_image(struct injection *injection)
{
	const struct tracee *tracee = injection->tracee;
	size_t at, piece;
	int err;

	for (at = 0; at < injection->size; at += piece) {
		uint64_t args[6] = { (uint64_t)tracee->feed_in_target,
				     injection->address + at };

		piece = injection->size - at;
		if (piece > FEED_SIZE)
			piece = FEED_SIZE;
		if (write(tracee->feed, image + at, piece) != (ssize_t)piece)
			return fail(injection, errno ? -errno : -EIO,
				    "cannot pass it the filter");
		args[2] = piece;
		err = expect_remotely(injection, CALL_READ, args,
				      (int64_t)piece, "cannot read the filter");
		if (err)
			return err;
	}
	return 0;
}

static int place_image(struct injection *injection)
{
	int err;

	if (injection->memory >= 0 && place_on_stack(injection))
		return 0;
	err = map_memory(injection);
	if (err)
		return err;
	compose_image(injection);
	if (injection->memory >= 0) {
		err = copy_in(injection, image);
		return err ? fail(injection, err, "cannot write the filter")
			   : 0;
	}
	if (injection->tracee->feed < 0)
		return fail(injection, injection->memory,
			    "cannot access its memory (one of its files "
			    "cannot be read)");
	return feed_image(injection);
}

static int close_feed(struct injection *injection)
{
	const uint64_t args[6] = {
		(uint64_t)injection->tracee->feed_in_target
	};

	if (injection->tracee->feed < 0)
		return 0;
	return expect_remotely(injection, CALL_CLOSE, args, 0,
			       "cannot close the filter's pipe");
}

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

/*
 * SIGSTOP can interrupt the listener's question about the call, so the call is
 * repeated.
 */
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
	return fail(injection, (int)result,
		    "cannot close the filter's listener");
}

/*
 * Takes the listener from the target and sends it to its receiver. It is sent
 * last, because until then only the tracer may be asked.
 */
static int hand_over_listener(struct injection *injection, int fd_in_target)
{
	const struct tracee *tracee = injection->tracee;
	const struct filter_image *filter = &tracee->start->filter;
	int err;

	err = take_listener(tracee->pid, fd_in_target, &injection->listener);
	if (err)
		return fail(injection, err,
			    "cannot take the filter's listener");
	err = close_listener(injection, fd_in_target);
	if (err)
		return err;
	err = send_listener(injection->listener, -1,
			    filter->listener_text ? filter->listener_text
						  : LISTENER_MESSAGE,
			    filter->listener_to);
	return err ? fail(injection, err, "cannot send the filter's listener")
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
		return fail(injection, -ECANCELED,
			    "a constructor made a thread that has a filter of "
			    "its own");
	if (result == -EBUSY && has_listener(injection))
		return fail(
			injection, -ECANCELED,
			"another process already watches its calls (such as a "
			"container's supervisor)");
	return fail(injection, (int)result, "the kernel refuses the filter");
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
		return fail(injection, err, "cannot tell if it is filtered");
	if (now.mode != SECCOMP_MODE_FILTER || now.privs != 1 ||
	    (before >= 0 && now.filters != before + 1))
		return fail(injection, -ECANCELED,
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
	int err = 0;

	if (injection->borrowed)
		err = copy_in(injection, before);
	if (!err)
		err = injection->skipped
			      ? skip_own_call(pid, &injection->own, 0)
			      : restore_own_call(pid, &injection->own);
	if (!err)
		err = trace_request(PTRACE_SETSIGMASK, pid,
				    sizeof(injection->signal_mask),
				    (uintptr_t)&injection->signal_mask);
	return err ? fail(injection, err, "cannot put its state back") : 0;
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

/*
 * The first marked call is the library's trial, which fails (certain_load.c).
 */
static int run_to_library_load(struct tracee *tracee, struct stop *stop)
{
	int err = run_to_marked_call(tracee, stop);

	return err ? err : run_to_marked_call(tracee, stop);
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
		return fail(injection, -ECANCELED,
			    "programs of its architecture are not supported");
	injection->stack_pointer = at->call.stack_pointer;
	injection->size = HEADER_SIZE + tracee->start->filter.length *
						sizeof(struct sock_filter);
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
	return err ? fail(injection, err, "cannot tell if it is filtered") : 0;
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

/*
 * Returns the address of a system call instruction in the target's vDSO, or 0
 * if none is found.
 */
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
	int err = 0;

	if (tracee->in_execve) {
		err = run_to_stop(tracee, PTRACE_SYSCALL, 0, stop);
		return err || stop->kind == STOP_CALL_EXIT ? err : -EPROTO;
	}
	if (syscall(SYS_ptrace, PTRACE_GET_SYSCALL_INFO, tracee->thread,
		    sizeof(stop->call), &stop->call) < 0)
		err = -errno;
	return err;
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
	int err = run_to_library_load(tracee, &stop);

	return err ? err : install_at(tracee, &stop, open_memory(tracee), 0);
}
