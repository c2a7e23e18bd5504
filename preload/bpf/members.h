/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_MEMBERS_H
#define BPF_MEMBERS_H

/* Who is a member, and the counts of its calls. */

#include "arguments.h"

/* @once: count the call only if it is not known yet. */
static __always_inline void count(struct task_struct *task,
				  struct member *member, int number,
				  struct pt_regs *regs, bool once, __u32 copy)
{
	__u64 instruction = instruction_of(regs);
	bool compat = is_compat(task);
	__u32 place = member->program;
	struct program_calls *program;

	if (shared.orders.closed)
		return;
	if (member->called != CALLED) {
		if (member->called == IS_CANARY && number < NUMBERS)
			return;
		if (member->called == NOT_CALLED) {
			member->called = CALLED;
			if (task->pid == task->tgid)
				__sync_fetch_and_add(&shared.tally.processes,
						     1);
		}
	}
	if (number >= 0 && number < NUMBERS)
		note_arguments(regs, member, number, compat);
	if (number == IO_URING_REGISTER)
		note_registration(place, (__u32)second_argument(regs, compat));
#ifndef COPIES
	if (fixed.by_function &&
	    (number == (compat ? COMPAT_CAPSET : NATIVE_CAPSET) ||
	     number == (compat ? COMPAT_PRCTL : NATIVE_PRCTL)))
		expect_own_check(
			place, number != (compat ? COMPAT_PRCTL : NATIVE_PRCTL),
			first_argument(regs, compat),
			second_argument(regs, compat));
#endif
	if (compat || number < 0 || number >= NUMBERS) {
		struct other_key key = { .program = place,
					 .compat = compat,
					 .number = number };

		count_other(task, member, &key, instruction, once, copy);
		return;
	}
	program = bpf_map_lookup_elem(&programs, &place);
	if (!program) {
		__sync_fetch_and_add(&shared.tally.lost_calls, 1);
		return;
	}
	/* The kernel wants the range that the compiler knows: a power of two. */
	barrier_var(number);
	number &= NUMBERS - 1;
	if (once && program->count[number])
		return;
	if (__sync_fetch_and_add(&program->count[number], 1) == 0)
		take_down(task, instruction, copy, &program->first[number]);
	if (is_before(member))
		__sync_fetch_and_add(&program->before[number], 1);
}

/*
 * Counts a call that was not seen to begin. @address: that of the flags, if it
 * is clone3.
 */
static __always_inline void count_late(struct task_struct *task,
				       struct member *member, __u64 address,
				       struct pt_regs *regs, bool once,
				       __u32 copy)
{
	if (number_in(regs) == CALL_CLONE3 && !shared.orders.closed)
		store_clone3(member->program, address, NOT_KNOWN,
			     how_clone3(regs, is_compat(task)) | CLONE3_LAST);
	count(task, member, number_in(regs), regs, once, copy);
}

static bool is_recorded(struct task_struct *task, const struct member *member)
{
	return member->called < AWAITS_EXEC &&
	       (member->container ||
		task->seccomp.filter_count.counter > shared.orders.base);
}

/* Whether a tracer may replace calls of the member, before the kernel tells us of them. */
static bool is_answered(struct task_struct *task)
{
	return task->ptrace & PT_TRACE_SECCOMP &&
	       task->seccomp.filter_count.counter > shared.orders.base + 1;
}

/* Before Linux 6.2 this fails if it interrupts another look-up on the processor. */
static struct member *stored_member(struct task_struct *task)
{
	struct member *member = bpf_task_storage_get(&members, task, NULL, 0);

	if (!member &&
	    !bpf_core_enum_value_exists(enum bpf_func_id___latest,
					BPF_FUNC_cgrp_storage_get___latest))
		__sync_fetch_and_add(&shared.tally.lost_calls, 1);
	return member;
}

/*
 * Returns NULL if the task is no member. Most tasks have no storage at all, so
 * for them this costs almost nothing. For each place where a program reads a
 * pointer of a task without a helper, the kernel searches its BTF three times
 * when it loads the program: some milliseconds.
 */
static __always_inline struct member *membership(struct task_struct *task)
{
	return BPF_CORE_READ(task, bpf_storage) ? stored_member(task) : NULL;
}

static void note_filter(void)
{
	__u32 event = 1;

	if (__sync_fetch_and_add(&shared.tally.filters, 1) == 0)
		bpf_ringbuf_output(&events, &event, sizeof(event),
				   BPF_RB_FORCE_WAKEUP);
}

/* Returns whether the task has become a member. */
static bool make_member(struct task_struct *task, __u32 program,
			enum call_state call, enum called called,
			__u32 container)
{
	struct member new = { .program = program,
			      .call = call,
			      .called = called,
			      .container = container,
			      .stored = { .place = ~0U } };
	struct member *member = NULL;
	int i;

	/* This comes first, since the task may end at any time. */
	__sync_fetch_and_add(&shared.tally.alive, 1);
	/* On Linux 6.18, what was refused once was often given the next moment. */
	for (i = 0; !member && i < 8 && !shared.orders.denies_storage; i++)
		member = bpf_task_storage_get(&members, task, &new,
					      BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!member) {
		__sync_fetch_and_add(&shared.tally.alive, -1);
		__sync_fetch_and_add(&shared.tally.lost_tasks, 1);
		return false;
	}
	if (shared.orders.base < 0 && task->seccomp.filter_count.counter > 0) {
		/* While tasks are searched, the recording has not begun. */
		if (!shared.orders.watched && !shared.orders.arming)
			__sync_fetch_and_add(&shared.tally.unwatched, 1);
		note_filter();
	}
	return true;
}

/* Of a task that has come into the wanted cgroup. */
static __always_inline enum container
container_of_group(struct task_struct *task)
{
	__u32 first = task->tgid, *known;
	__u64 id;

	if (fixed.members != EACH_CGROUP)
		return NO_CONTAINER;
	id = BPF_CORE_READ(node_of(cgroup_of(task)), id);
	bpf_map_update_elem(&containers, &id, &first, BPF_NOEXIST);
	known = bpf_map_lookup_elem(&containers, &id);
	return known && *known != first ? CONTAINER_EXEC : CONTAINER_START;
}

/* Makes a task a member that is in the wanted cgroup. */
static __always_inline bool take_in(struct task_struct *task,
				    enum call_state call, __u32 copy)
{
	__u32 container = container_of_group(task);

	/* Who is in the cgroup that is recorded as a whole, is of no runtime. */
	if (container)
		container |= OF_RUNTIME;
	return make_member(task, program_of_task(task, container, copy), call,
			   NOT_CALLED, container);
}

/* Like membership(): at each call on the machine, the helper there would cost more. */
static __always_inline struct member *quick_membership(struct task_struct *task)
{
	return task->bpf_storage ? stored_member(task) : NULL;
}

/*
 * The running task becomes a member if it is in the wanted cgroup. The kernel tells
 * that a process moves there, but not which of its threads, and not before they run
 * there.
 */
static __always_inline struct member *or_take_in(struct member *member,
						 struct task_struct *task,
						 enum call_state call,
						 __u32 copy)
{
	if (member || !finds() || !shared.orders.cgroup ||
	    bpf_current_task_under_cgroup(&cgroups, 0) != 1 ||
	    !take_in(task, call, copy))
		return member;
	return membership(task);
}

/*
 * If the call loads a filter, asks for leave_call, since the filter may refuse
 * calls. leave_call costs all processes of the machine time, so it is not
 * attached before.
 */
static __always_inline void look_for_filter(struct pt_regs *regs, int number,
					    bool compat)
{
	bool prctl = number == (compat ? COMPAT_PRCTL : NATIVE_PRCTL);
	/* The kernel takes no more of it. */
	__u32 argument = (__u32)first_argument(regs, compat);

	if (argument != (prctl ? PR_SET_SECCOMP : SECCOMP_SET_MODE_FILTER))
		return;
	if (!shared.orders.watched)
		__sync_fetch_and_add(&shared.tally.unwatched, 1);
	note_filter();
}

/* A load without a filter only asks what the kernel can do. */
static __always_inline bool loads_listener(struct pt_regs *regs)
{
	struct arguments arguments;

	read_arguments(regs, false, &arguments);
	return (__u32)arguments.values[0] == SECCOMP_SET_MODE_FILTER &&
	       arguments.values[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER &&
	       arguments.values[2];
}

/* The search for the two words of the mark in the code of a filter. */
struct search {
	struct sock_filter *code;
	__u32 length;
	__u32 found;
};

static long look_for_mark(__u32 i, struct search *search)
{
	__u32 value = 0;

	if (i >= search->length)
		return 1;
	bpf_probe_read_kernel(&value, sizeof(value), &search->code[i].k);
	if (value == shared.orders.mark[0])
		search->found |= 1;
	if (value == shared.orders.mark[1])
		search->found |= 2;
	return 0;
}

/* In the copy of the filter's code that the kernel keeps. */
static __always_inline bool has_mark(struct task_struct *task)
{
	struct sock_fprog_kern *filter =
		BPF_CORE_READ(task, seccomp.filter, prog, orig_prog);
	struct search search = {
		.code = BPF_CORE_READ(filter, filter),
		.length = BPF_CORE_READ(filter, len),
	};

	bpf_loop(MAX_INSTRUCTIONS, look_for_mark, &search, 0);
	return search.found == 3;
}

/* A container has a mount namespace of its own, which who comes later joins. */
static __always_inline enum container
container_of_task(struct task_struct *task)
{
	struct mnt_namespace *mounts = BPF_CORE_READ(task, nsproxy, mnt_ns);
	__u32 known = 1;
	__u64 id;

	if (bpf_core_field_exists(mounts->seq))
		id = BPF_CORE_READ(mounts, seq);
	else
		id = BPF_CORE_READ(mounts, ns.ns_id);
	if (bpf_map_lookup_elem(&containers, &id))
		return CONTAINER_EXEC;
	bpf_map_update_elem(&containers, &id, &known, BPF_ANY);
	return CONTAINER_START;
}

/*
 * Of somebody who has loaded a filter with a listener. At the next call, the kernel
 * has the filter: if it has no mark, this is no member any more. Returns whether it is.
 */
static __always_inline bool takes_part(struct task_struct *task,
				       struct member *member,
				       struct pt_regs *regs, int number,
				       __u32 copy)
{
	if (has_mark(task)) {
		member->container = container_of_task(task) | OF_RUNTIME;
		member->program =
			program_of_task(task, member->container, copy);
		member->called = NOT_CALLED;
		__sync_fetch_and_add(&shared.tally.listeners, 1);
	} else if (number != NATIVE_SECCOMP || !loads_listener(regs)) {
		__sync_fetch_and_add(&shared.tally.alive, -1);
		bpf_task_storage_delete(&members, task);
		return false;
	}
	return true;
}

/*
 * Whether no other copy of the program has seen this call (CALL_COPY). What this
 * copy or a later one has seen is the call before. If only earlier ones have seen
 * it, and it is equal to this call, it is taken for the same. This is wrong if
 * the kernel left out the later copies then, and the earlier ones now. The call
 * is then not counted, but the list has it from the time before.
 */
static __always_inline bool is_new(struct passage *last, __u32 copy,
				   struct pt_regs *regs, int number,
				   bool compat)
{
	struct passage now = { .instruction = instruction_of(regs),
			       .number = number,
			       .copy = copy };
	bool new = copy <= last->copy || last->number != number ||
		   last->instruction != now.instruction;
	struct arguments arguments;
	__u32 i;

	read_arguments(regs, compat, &arguments);
	for (i = 0; i < PASSAGE_ARGUMENTS; i++) {
		now.arguments[i] = arguments.values[i];
		new |= last->arguments[i] != now.arguments[i];
	}
	*last = now;
	return new;
}

#endif
