/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_TASKS_H
#define BPF_TASKS_H

/* Tasks that begin, move, execute and end. */

#include "members.h"

/*
 * Whether the task belongs to the wanted process or to a descendant of it. A loop
 * of its own, since each function takes a place in the loader.
 */
static __always_inline bool is_below(struct task_struct *task)
{
	struct task_struct *ancestor = BPF_CORE_READ(task, group_leader);
	__u32 i;

	for (i = 0; i < MAX_DEPTH; i++) {
		int group = number_of((__u64)ancestor);

		if ((__u32)group == shared.orders.below)
			return true;
		if (group <= 1)
			return false;
		ancestor = BPF_CORE_READ(ancestor, real_parent);
	}
	__sync_fetch_and_add(&shared.tally.deep, 1);
	return false;
}

/*
 * Whether it is the wanted cgroup or below it. How deep the root of our cgroup namespace
 * lies is not known, so the wanted one may lie deeper than its path tells.
 */
static __always_inline bool is_in_cgroup(__u64 cgroup)
{
	int level = level_of(cgroup), i;

	for (i = 0; i < MAX_DEPTH; i++) {
		__u32 above = shared.orders.cgroup_level + i;

		if ((int)above > level)
			return false;
		if (BPF_CORE_READ(node_of(ancestor_of(cgroup, above)), id) ==
		    shared.orders.cgroup)
			return true;
	}
	return false;
}

static __always_inline bool is_wanted(struct task_struct *task)
{
	if (shared.orders.below && is_below(task))
		return true;
	return shared.orders.cgroup && is_in_cgroup(cgroup_of(task));
}

/* Runs before the child does. The kernel's own threads for io_uring make no calls. */
static __always_inline int make(struct task_struct *child, __u32 copy)
{
	struct task_struct *parent = bpf_get_current_task_btf();
	struct member *member;

	if (child->flags & (PF_IO_WORKER | PF_USER_WORKER) ||
	    (BPF_CORE_READ(child, bpf_storage) &&
	     bpf_task_storage_get(&members, child, NULL, 0)))
		return 0;
	member = membership(parent);
	if (member) {
		/* Of who became a member while it ran, nobody has looked for it. */
		__u32 program =
			member->program
				?: program_of_task(parent, member->container,
						   copy);

		/* The child leaves the call that made it, which its parent entered. */
		make_member(child, program, CALL_ENTERED, NOT_CALLED,
			    member->container);
		return 0;
	}
	if (finds() &&
	    ((shared.orders.arming && shared.orders.below && is_below(child)) ||
	     (shared.orders.cgroup && is_in_cgroup(cgroup_of(child)))))
		take_in(child, CALL_ENTERED, copy);
	return 0;
}

/*
 * At the entry of clone3, the flags may lie in memory that cannot be read, or
 * change afterwards: here are those that the kernel took.
 */
static __always_inline void take_flags(__u64 flags)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	struct member *member = membership(task);
	bool compat = is_compat(task);

	if (!member || number_in(regs) != CALL_CLONE3 ||
	    !is_recorded(task, member) || shared.orders.closed)
		return;
	store_clone3(member->program, first_argument(regs, compat), flags,
		     how_clone3(regs, compat) | CLONE3_LAST);
	member->unread = 0;
}

/*
 * A process that moves into the cgroup becomes a member, even if it makes no call
 * there. This shows its first thread alone, which may have ended.
 */
static __always_inline int move(struct task_struct *task, __u32 copy)
{
	if (!finds() || !shared.orders.cgroup || task->exit_state != 0 ||
	    !is_in_cgroup(cgroup_of(task)))
		return 0;
	if (!bpf_task_storage_get(&members, task, NULL, 0))
		take_in(task, CALL_UNKNOWN, copy);
	else
		/* Who comes here after a member is an exec. */
		container_of_group(task);
	return 0;
}

/*
 * What a program is given by its file, it cannot be executed without
 * (cap_bprm_creds_from_file). Root gets everything in any case.
 */
static __always_inline void take_file_capabilities(struct task_struct *task,
						   __u32 program)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct program_calls *masks = bpf_map_lookup_elem(&programs, &program);

	if (!masks || !is_our_namespace(cred))
		return;
	masks->capabilities.bounding = mask_of(&cred->cap_bset);
	if (BPF_CORE_READ(cred, uid.val) && BPF_CORE_READ(cred, euid.val))
		add(&masks->capabilities.file,
		    mask_of(&cred->cap_permitted) &
			    ~mask_of(&cred->cap_ambient));
}

/*
 * Whether the program that was executed is the container's own. The runtime loads the mark last.
 * Before, it executes copies of itself, but not yet in the container's root folder. What
 * their files are called proves nothing, since a container chooses its names.
 */
static __always_inline bool is_own(struct task_struct *task)
{
	struct task_struct *parent =
		BPF_CORE_READ(task, group_leader, real_parent);

	return fixed.members != EACH_CGROUP ||
	       BPF_CORE_READ(task, fs, root.dentry) !=
		       BPF_CORE_READ(parent, fs, root.dentry) ||
	       BPF_CORE_READ(task, fs, root.mnt) !=
		       BPF_CORE_READ(parent, fs, root.mnt);
}

static __always_inline int become(struct task_struct *task, __u32 copy)
{
	struct member *member = membership(task);

	if (member) {
		if (member->container & OF_RUNTIME && is_own(task))
			member->container &= ~OF_RUNTIME;
		/* To the second copy, the new program would seem to execute itself. */
		if (fixed.files && copy == 0 && member->program &&
		    is_recorded(task, member))
			note_use(member->program, USE_EXECUTE,
				 (__u64)BPF_CORE_READ(task, mm, exe_file), 0);
		member->program = program_of_task(task, member->container, 0);
		take_file_capabilities(task, member->program);
		member->entered.copy = ANOTHER_CALL;
		if (member->called == AWAITS_EXEC)
			member->called = NOT_CALLED;
	}
	return 0;
}

static void count_end(struct member *member)
{
	if (__sync_lock_test_and_set(&member->ended, 1))
		return;
	if (__sync_fetch_and_add(&shared.tally.alive, -1) == 1) {
		__u32 end = 1;

		bpf_ringbuf_output(&events, &end, sizeof(end),
				   BPF_RB_FORCE_WAKEUP);
	}
}

static __always_inline void note_failure(struct task_struct *task,
					 __u32 program)
{
	__u32 place = __sync_fetch_and_add(&shared.tally.failed, 1);

	if (place >= MAX_FAILED_ENDS)
		return;
	shared.tally.failed_ends[place].process =
		(__u32)number_of_process(task);
	shared.tally.failed_ends[place].program = program;
	shared.tally.failed_ends[place].status = (__u32)task->exit_code;
	shared.tally.failed_ends[place].outlived_target =
		shared.tally.target_ended;
}

/*
 * Whether the task ends because a filter, or the strict mode, refused its last
 * call: the kernel has ended it for that, or a handler for SIGSYS was missing.
 */
static __always_inline bool ends_for_call(struct task_struct *task,
					  struct member *member,
					  struct pt_regs *regs)
{
	return task->seccomp.mode == SECCOMP_MODE_DEAD ||
	       (member->call == CALL_NONE && number_in(regs) >= 0 &&
		(task->exit_code & SIGNAL_NUMBER) == SIGSYS);
}

static __always_inline int end(struct task_struct *task, __u32 copy)
{
	struct member *member =
		or_take_in(membership(task), task, CALL_NONE, copy);

	if (member && member->ended)
		return 0;
	if (member) {
		struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);

		if (member->unread)
			read_again(member);
		if (is_recorded(task, member) &&
		    ends_for_call(task, member, regs))
			count_late(task, member, 0, regs, true, copy);
		if (BPF_CORE_READ(task, signal, live.counter) == 0) {
			if ((__u32)number_of_process(task) ==
			    shared.orders.target)
				shared.tally.target_ended = 1;
			else if (task->exit_code && member->called == CALLED)
				note_failure(task, member->program);
		}
		count_end(member);
		return 0;
	}
	/* Its children get a new parent, so the iterator may not find them. */
	if (finds() && shared.orders.arming && shared.orders.below &&
	    is_below(task) && BPF_CORE_READ(task, signal, live.counter) == 0 &&
	    BPF_CORE_READ(task, children.next) !=
		    (void *)task +
			    bpf_core_field_offset(struct task_struct, children))
		__sync_fetch_and_add(&shared.tally.orphans, 1);
	return 0;
}

#endif
