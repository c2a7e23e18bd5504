// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/*
 * These programs run in the kernel while --source bpf records. They count the
 * calls of member tasks where the calls are made. No record is sent, so none
 * can be lost on its way. Each operation here that can fail has a counter in
 * struct tally; a recording is complete only if these counters are zero.
 *
 * scripts/update-bpf compiles it.
 */
#include "calls.h"
#include "capabilities.h"
#include "tasks.h"

/*
 * A task can lose its processor inside one of these programs: since Linux 7.0,
 * and inside enter_call and leave_call since Linux 7.2. The kernel then runs the
 * program for no other task of this processor until the first task goes on: for
 * milliseconds. So there are copies, which the kernel runs one after the other.
 * Something is lost only if tasks have lost the processor in all of them, which
 * watch_switch sees.
 *
 * Each copy makes the kernel load them more slowly. So the others leave to the
 * first one what a list does not need, and for kernels that need no copies
 * there is a loader without them. A loader takes at most 32 functions.
 */
#define CALL_COPY(copy, suffix)                                             \
	SEC("tp_btf/sys_enter")                                             \
	int BPF_PROG(enter_call##suffix, struct pt_regs *regs, long id)     \
	{                                                                   \
		return enter(regs, (int)id, copy);                          \
	}                                                                   \
	SEC("tp_btf/sys_exit")                                              \
	int BPF_PROG(leave_call##suffix, struct pt_regs *regs, long result) \
	{                                                                   \
		return leave(regs, result, copy);                           \
	}
CALL_COPY(0, )
#ifdef COPIES
CALL_COPY(1, _2)
CALL_COPY(2, _3)
CALL_COPY(3, _4)
#endif

#define TASK_COPY(copy, suffix)                                                   \
	SEC("tp_btf/task_newtask")                                                \
	int BPF_PROG(make_child##suffix, struct task_struct *child,               \
		     unsigned long flags)                                         \
	{                                                                         \
		take_flags(flags);                                                \
		return make(child, copy);                                         \
	}                                                                         \
	/* At exec, exit and a vsyscall: a loader has no room for one of each. */ \
	SEC("raw_tp/sched_process_exit")                                          \
	int change_task##suffix(struct bpf_raw_tracepoint_args *ctx)              \
	{                                                                         \
		struct task_struct *task = bpf_get_current_task_btf();            \
		if (is_vsyscall(ctx->args[0]))                                    \
			return emulate(ctx->args[0], copy);                       \
		return task->flags & PF_EXITING ? end(task, copy)                 \
						: become(task, copy);             \
	}                                                                         \
	SEC("tp_btf/cgroup_attach_task")                                          \
	int BPF_PROG(move_task##suffix, struct cgroup *to, const char *path,      \
		     struct task_struct *task)                                    \
	{                                                                         \
		return move(task, copy);                                          \
	}                                                                         \
	/* By name: kernels before Linux 6.14 lack it, but load this. */          \
	SEC("raw_tp/cap_capable")                                                 \
	int check_capability##suffix(struct bpf_raw_tracepoint_args *ctx)         \
	{                                                                         \
		return check(ctx, (const struct cred *)ctx->args[0],              \
			     (struct user_namespace *)ctx->args[1],               \
			     (int)ctx->args[3], (int)ctx->args[4] != 0);          \
	}                                                                         \
	SEC("raw_tp/io_uring_submit_req")                                         \
	int submit_operation##suffix(struct bpf_raw_tracepoint_args *ctx)         \
	{                                                                         \
		return submit_accepted((struct io_kiocb *)ctx->args[0]);          \
	}
TASK_COPY(0, )
#ifdef COPIES
TASK_COPY(1, _2)
#endif

#ifndef COPIES
/* In place of check_capability: the function of the kernel that is about to answer. */
SEC("kprobe/cap_capable")
int expect_capability(struct pt_regs *ctx)
{
	const struct cred *cred = (const struct cred *)ctx->PARAMETER_1;
	struct user_namespace *target =
		(struct user_namespace *)ctx->PARAMETER_2;
	int capability = (int)ctx->PARAMETER_3 & 63;
	enum decider decider;
	bool granted;

	if (!fixed.by_function)
		return 0;
	shared.orders.expected = 1;
	decider = decider_of((__u64)cred, (__u64)target);
	granted = decider == OWNER ||
		  (decider == EFFECTIVE_SET &&
		   mask_of(&cred->cap_effective) >> capability & 1);
	return check(ctx, cred, target, capability, !granted);
}
#endif

/* Rare, so one will do: if the kernel leaves it out, that is reported. */
SEC("raw_tp/io_uring_req_failed")
int refuse_operation(struct bpf_raw_tracepoint_args *ctx)
{
	return submit_refused((const void *)ctx->args[0],
			      (struct io_kiocb *)ctx->args[1]);
}

#ifdef COPIES
/*
 * While the kernel runs one of our programs, also just before it begins and
 * after it has ended, it keeps the task on its processor. So if fewer such tasks
 * wait for a processor than a program has copies, one copy is free. No loss
 * escapes this. But such tasks may be in other code as well, and make no call.
 */
SEC("tp_btf/sched_switch")
int BPF_PROG(watch_switch, bool preempt, struct task_struct *prev,
	     struct task_struct *next)
{
	/* This program itself keeps the previous task there once more. */
	bool waits = prev->migration_disabled > 1;
	__u32 zero = 0, *waiting;

	if (!waits && !next->migration_disabled)
		return 0;
	waiting = bpf_map_lookup_elem(&waiting_tasks, &zero);
	if (!waiting)
		return 0;
	/* One that waits since before we looked is not in the number. */
	if (next->migration_disabled && *waiting)
		--*waiting;
	if (waits)
		++*waiting;
	if (*waiting >= CALL_COPIES)
		shared.tally.no_call_copy = 1;
	if (*waiting >= TASK_COPIES)
		shared.tally.no_task_copy = 1;
	return 0;
}
#endif

/* What runs already is of a start, as far as anybody can tell. */
static bool find_member(struct task_struct *task)
{
	enum container container = NO_CONTAINER;

	if (fixed.members == EACH_CGROUP) {
		container_of_group(task);
		container = CONTAINER_START;
	}
	return make_member(task, program_of_task(task, container, 0),
			   CALL_UNKNOWN, NOT_CALLED, container);
}

/* Makes the task a member if it is wanted and is none yet. */
static bool search(struct task_struct *task)
{
	/* A thread that has moved to the cgroup may sleep, and so make no call. */
	bool searched =
		finds() &&
		(shared.orders.pass == PASS_MARK ||
		 (shared.orders.pass == PASS_LIST && shared.orders.cgroup));

	if (!searched || task->exit_state != 0 || !is_wanted(task) ||
	    !find_member(task))
		return false;
	__sync_fetch_and_add(&shared.tally.marked, 1);
	return true;
}

static __always_inline void find_offsets(void)
{
	shared.offsets = (struct offsets){
		.cgroup = bpf_core_field_offset(struct css_set, dfl_cgrp),
		.level = bpf_core_field_offset(struct cgroup, level),
		.ancestors = bpf_core_field_offset(struct cgroup, ancestors),
		.node = bpf_core_field_offset(struct cgroup, kn),
		.levels = bpf_core_field_offset(struct pid, level),
		.numbers = bpf_core_field_offset(struct pid, numbers),
		.inode = bpf_core_field_offset(struct pid_namespace, ns.inum),
	};
}

SEC("iter/task")
int look_at_task(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct member *member;
	int number;

	if (shared.orders.pass == PASS_OFFSETS) {
		find_offsets();
		return 0;
	}
	if (!task || task->flags & PF_KTHREAD)
		return 0;
	member = bpf_task_storage_get(&members, task, NULL, 0);
	if (!member && !search(task))
		return 0;
	/* It became a member after sched_process_exit, where ends are counted. */
	if (member && task->exit_state != 0) {
		count_end(member);
		return 0;
	}
	if (finds() && shared.orders.pass == PASS_IN_FLIGHT && member &&
	    member->call == CALL_UNKNOWN) {
		struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);

		/* The memory here is that of the process that looks. */
		if (number_in(regs) >= 0)
			count_late(task, member, 0, regs, true, ITERATOR);
	}
	number = number_of_process(task);
	if (shared.orders.pass == PASS_LIST && number)
		bpf_seq_write(context->meta->seq, &number, sizeof(number));
	return 0;
}

#ifndef COPIES
/*
 * capset and prctl(PR_SET_SECUREBITS) ask the function for CAP_SETPCAP in the file
 * that has it, where the compiler may have put its code into theirs (Debian's Linux
 * 6.1 and 6.12). Then no kprobe sees them.
 */
int expect_own_check(__u32 place, __u32 sets, __u64 first, __u64 second)
{
	struct task_struct *task = bpf_get_current_task_btf();
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct program_calls *program = bpf_map_lookup_elem(&programs, &place);
	__u64 bit = 1ULL << CAP_SETPCAP;
	struct capabilities *masks;

	if (!program || !is_our_namespace(cred))
		return 0;
	masks = &program->capabilities;
	if (!masks->bounding)
		masks->bounding = mask_of(&cred->cap_bset);
	if (sets ? !take_capset(masks, cred, first, second)
		 : first != PR_SET_SECUREBITS)
		return 0;
	if (mask_of(&cred->cap_effective) & bit)
		add(&masks->granted, bit);
	else
		refuse(masks, cred, bit);
	return 0;
}
#endif
