/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_CALLS_H
#define BPF_CALLS_H

/* The beginning and the end of a call, and the files that it uses. */

#include "members.h"

static __always_inline int enter(struct pt_regs *regs, int number, __u32 copy)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct member *member =
		or_take_in(quick_membership(task), task, CALL_ENTERED, copy);
	bool compat;

	if (!member && finds() && number == NATIVE_SECCOMP &&
	    shared.orders.mark[0] && !is_compat(task) && loads_listener(regs) &&
	    make_member(task, 0, CALL_ENTERED, AWAITS_FILTER, NO_CONTAINER))
		member = membership(task);
	if (!member)
		return 0;
	compat = is_compat(task);
	if (!is_new(&member->entered, copy, regs, number, compat))
		return 0;
	member->call = CALL_ENTERED;
	member->left.copy = ANOTHER_CALL;
	if (finds() && member->called == AWAITS_FILTER &&
	    !takes_part(task, member, regs, number, copy))
		return 0;
	if (!is_recorded(task, member))
		return 0;
	if (shared.orders.entry_mark && number == shared.orders.entry_mark) {
		shared.tally.entered = 1;
		member->called = IS_CANARY;
		return 0;
	}
	/* A list asks about a call before the tracer does. */
	if (!shared.orders.only_refused && is_answered(task))
		__sync_fetch_and_add(&shared.tally.answered, 1);
	if (member->unread)
		read_again(member);
	if (number == CALL_CLONE3) {
		__u64 address = first_argument(regs, compat);
		__u32 how = how_clone3(regs, compat);

		if (!store_clone3(member->program, address, NOT_KNOWN, how)) {
			member->unread = address;
			member->unread_how = how;
		}
	}
	if (member->called != IS_CANARY &&
	    (number == (compat ? COMPAT_PRCTL : NATIVE_PRCTL) ||
	     number == (compat ? COMPAT_SECCOMP : NATIVE_SECCOMP)))
		look_for_filter(regs, number, compat);
	if (!shared.orders.only_refused || member->called == IS_CANARY)
		count(task, member, number, regs, false, copy);
	return 0;
}

/* Stores how the running task used a file, or the address that lies in its memory. */
static __always_inline void note_use(__u32 program, __u32 how, __u64 where,
				     __u32 length)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct use_key key = { .program = program, .how = how };
	bool known = true;
	__u32 one = 1;

	if (how >= USE_BIND) {
		key.length = length < MAX_ADDRESS ? length : MAX_ADDRESS;
		length = key.length;
		/* The kernel wants the check of the range that the compiler would omit. */
		barrier_var(length);
		if (length <= MAX_ADDRESS)
			known = !bpf_probe_read_user(key.address, length,
						     (void *)where);
	} else {
		key.path = number_of_path(where, (__u64)BPF_CORE_READ(task, fs),
					  0, USE_PATHS);
		known = key.path != PATH_UNKNOWN;
	}
	if (!known || (!bpf_map_lookup_elem(&uses, &key) &&
		       bpf_map_update_elem(&uses, &key, &one, BPF_ANY)))
		__sync_fetch_and_add(&shared.tally.lost_uses, 1);
}

/* The mode of the file tells what the flags of the call were, wherever they lay. */
static __always_inline void note_opened(struct task_struct *task, __u32 program,
					long descriptor)
{
	struct file **files = BPF_CORE_READ(task, files, fdt, fd), *file = NULL;
	__u32 mode, how;

	bpf_probe_read_kernel(&file, sizeof(file), files + descriptor);
	mode = BPF_CORE_READ(file, f_mode);
	how = (mode & FMODE_READ ? USE_READ : 0) |
	      (mode & FMODE_WRITE ? USE_WRITE : 0) |
	      (mode & FMODE_CREATED ? USE_CREATE : 0);
	note_use(program, how ?: USE_LOOK_UP, (__u64)file, 0);
}

/*
 * When a call ends, the kernel has read its memory, and the descriptor is in force. Another
 * thread could have closed it already: then the file is a wrong one, or none.
 */
static __always_inline void note_uses(struct task_struct *task, __u32 program,
				      struct pt_regs *regs, long result)
{
	int number = number_in(regs);
	bool compat = is_compat(task);
	bool binds = number == (compat ? COMPAT_BIND : NATIVE_BIND);
	struct arguments arguments;

	if (binds || number == (compat ? COMPAT_CONNECT : NATIVE_CONNECT)) {
		if (result && result != -EINPROGRESS)
			return;
		read_arguments(regs, compat, &arguments);
		note_use(program, binds ? USE_BIND : USE_CONNECT,
			 arguments.values[1], (__u32)arguments.values[2]);
	} else if (result >= 0 &&
		   (number == (compat ? COMPAT_OPENAT : NATIVE_OPENAT) ||
		    number == OPENAT2 ||
		    number == (compat ? COMPAT_OPEN : NATIVE_OPEN) ||
		    number == (compat ? COMPAT_CREAT : NATIVE_CREAT))) {
		note_opened(task, program, result);
	}
}

/*
 * A call that ends but was not seen to begin was refused by a filter. Or the
 * task was in it when it became a member.
 */
static __always_inline int leave(struct pt_regs *regs, long result, __u32 copy)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct member *member =
		or_take_in(quick_membership(task), task, CALL_UNKNOWN, copy);

	if (!member || !is_new(&member->left, copy, regs, number_in(regs),
			       is_compat(task)))
		return 0;
	member->entered.copy = ANOTHER_CALL;
	if (member->call != CALL_ENTERED && is_recorded(task, member))
		count_late(task, member, first_argument(regs, is_compat(task)),
			   regs, member->call == CALL_UNKNOWN, copy);
	else if (fixed.files && is_recorded(task, member) &&
		 member->called != IS_CANARY && !shared.orders.closed)
		note_uses(task, member->program, regs, result);
	member->call = CALL_NONE;
	return 0;
}

/* The tracepoint of vsyscalls gives 0 to 2, others an address. */
static __always_inline bool is_vsyscall(__u64 argument)
{
#if defined(__TARGET_ARCH_x86)
	return argument <= 2;
#else
	return false;
#endif
}

/* A vsyscall does not pass sys_enter: gettimeofday, time and getcpu. */
static __always_inline int emulate(__u64 which, __u32 copy)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct member *member =
		or_take_in(membership(task), task, CALL_NONE, copy);
	int number = which == 0 ? 96 : which == 1 ? 201 : 309;
	struct pt_regs *regs;

	if (!member || !is_recorded(task, member) || shared.orders.only_refused)
		return 0;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (is_new(&member->entered, copy, regs, number, false))
		count(task, member, number, regs, false, copy);
	return 0;
}

#endif
