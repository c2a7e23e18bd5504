/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_PATHS_H
#define BPF_PATHS_H

/* Which process, which executable, and where a file lies. */

#include "maps.h"

/* Whether anybody can become a member who was not started and did not ask. */
static __always_inline bool finds(void)
{
	return fixed.members != STARTED;
}

/* The offsets of members, which only look_at_task knows (struct offsets). */
static __always_inline __u64 word_at(__u64 address, __u32 offset)
{
	__u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), (void *)address + offset);
	return word;
}

/*
 * The number of the task's process in our own pid namespace; 0 if it is not in
 * it. The argument is an integer, as for number_of_path.
 */
__noinline int number_of(__u64 address)
{
	struct task_struct *task = (void *)address;
	__u64 pid;
	__u32 level, levels;

	if (!fixed.pid_namespace)
		return BPF_CORE_READ(task, tgid);
	pid = (__u64)BPF_CORE_READ(task, signal, pids[PIDTYPE_TGID]);
	levels = (__u32)word_at(pid, shared.offsets.levels);
	for (level = 0; level < MAX_NAMESPACES && level <= levels; level++) {
		struct upid *number = (void *)pid + shared.offsets.numbers;
		struct pid_namespace *namespace =
			BPF_CORE_READ(number + level, ns);

		if ((__u32)word_at((__u64) namespace, shared.offsets.inode) ==
		    fixed.pid_namespace)
			return BPF_CORE_READ(number + level, nr);
	}
	return 0;
}

static __always_inline int number_of_process(struct task_struct *task)
{
	return number_of((__u64)BPF_CORE_READ(task, group_leader));
}

/*
 * The way up: from a file or a cgroup, whose state is in @buffer, since on the stack
 * the kernel would verify each value of it; or, if it is NULL, from the user namespace
 * @above to @own. @owner: of the last one on the way
 */
struct ascent {
	struct names_buffer *buffer;
	struct user_namespace *above;
	struct user_namespace *own;
	__u32 owner;
};

static __always_inline long end_walk(struct walk *walk)
{
	walk->whole = true;
	return 1;
}

/* Returns whether the name is whole and there is room for another one. */
static __always_inline bool add_name(struct names_buffer *buffer,
				     const void *name)
{
	struct walk *walk = &buffer->walk;
	long n;

	if (walk->length >= PATH_TEXT)
		return false;
	n = bpf_probe_read_kernel_str(buffer->path.names +
					      (walk->length & (PATH_TEXT - 1)),
				      NAME_SIZE, name);
	if (n <= 0)
		return false;
	walk->length += (__u32)n;
	return true;
}

static __always_inline __u64 cgroup_of(struct task_struct *task)
{
	return word_at((__u64)BPF_CORE_READ(task, cgroups),
		       shared.offsets.cgroup);
}

static __always_inline int level_of(__u64 cgroup)
{
	return (int)word_at(cgroup, shared.offsets.level);
}

static __always_inline __u64 ancestor_of(__u64 cgroup, __u32 level)
{
	return word_at(cgroup + level * sizeof(cgroup),
		       shared.offsets.ancestors);
}

static __always_inline struct kernfs_node *node_of(__u64 cgroup)
{
	return (void *)word_at(cgroup, shared.offsets.node);
}

/* The level is no part of the state: the kernel would verify each one of them. */
static __always_inline long group_up(__u32 step, struct names_buffer *buffer)
{
	__u64 cgroup = buffer->walk.cgroup;
	int level = level_of(cgroup) - (int)step;

	if (level <= 0)
		return end_walk(&buffer->walk);
	return !add_name(
		buffer,
		BPF_CORE_READ(node_of(ancestor_of(cgroup, level)), name));
}

static __always_inline long folder_up(struct names_buffer *buffer)
{
	struct walk *walk = &buffer->walk;
	const unsigned long offset = bpf_core_field_offset(struct mount, mnt);
	struct dentry *dentry = walk->dentry;
	struct vfsmount *mnt = walk->mnt;
	struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

	if (dentry == walk->root && mnt == walk->root_mnt)
		return end_walk(walk);
	if (dentry == BPF_CORE_READ(mnt, mnt_root)) {
		struct mount *mount = (void *)mnt - offset;
		struct mount *above = BPF_CORE_READ(mount, mnt_parent);

		if (mount == above)
			return end_walk(walk);
		walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mnt = (void *)above + offset;
		return 0;
	}
	if (!add_name(buffer, BPF_CORE_READ(dentry, d_name.name)))
		return 1;
	walk->hash = (walk->hash ^ BPF_CORE_READ(dentry, d_name.hash_len)) *
		     1099511628211ULL;
	walk->hash ^= walk->hash >> 29;
	if (dentry == parent) {
		/* A file in no folder, such as one of memfd_create(2). */
		walk->flags = PATH_DELETED;
		return end_walk(walk);
	}
	walk->dentry = parent;
	return 0;
}

static __always_inline long namespace_up(struct ascent *ascent)
{
	struct user_namespace *above = ascent->above;

	if (!above || above == ascent->own)
		return 1;
	ascent->owner = BPF_CORE_READ(above, owner.val);
	ascent->above = BPF_CORE_READ(above, parent);
	return 0;
}

/* Goes one step. Returns 1 at the end of the way, else 0. */
static long go_up(__u32 step, struct ascent *ascent)
{
	struct names_buffer *buffer = ascent->buffer;

	if (!buffer)
		return namespace_up(ascent);
	return fixed.members == EACH_CGROUP && buffer->walk.cgroup
		       ? group_up(step, buffer)
		       : folder_up(buffer);
}

static __u32 unnamed(void)
{
	__sync_fetch_and_add(&shared.tally.unnamed, 1);
	return PATH_UNKNOWN;
}

static struct names_buffer *take_buffer(void)
{
	__u32 i;

	for (i = 0; i < BUFFERS; i++) {
		__u32 key = i;
		struct names_buffer *buffer =
			bpf_map_lookup_elem(&names_buffers, &key);

		if (buffer && !__sync_lock_test_and_set(&buffer->taken, 1))
			return buffer;
	}
	return NULL;
}

/* Stores a path that @key finds again, and returns its number. */
static __always_inline __u32 keep_names(__u64 key, __u32 length, __u32 flags,
					struct names_buffer *buffer)
{
	__u32 number =
		FIRST_PATH + __sync_fetch_and_add(&shared.tally.paths, 1);
	struct path_names *entry = bpf_map_lookup_elem(&paths, &number);
	__u32 *found;

	if (!entry)
		return PATH_UNKNOWN;
	entry->length = length;
	entry->flags = flags;
	bpf_probe_read_kernel(entry->names, PATH_TEXT, buffer->path.names);
	/* If another processor has stored the path meanwhile, take its number. */
	bpf_map_update_elem(&path_of, &key, &number, BPF_NOEXIST);
	found = bpf_map_lookup_elem(&path_of, &key);
	return found ? *found : number;
}

static __always_inline __u32 store_path(struct names_buffer *buffer, __u32 most)
{
	struct ascent ascent = { .buffer = buffer };
	struct walk *walk = &buffer->walk;
	__u32 *found;

	bpf_loop(MAX_DEPTH, go_up, &ascent, 0);
	if (!walk->whole || walk->length > PATH_TEXT)
		return PATH_UNKNOWN;
	walk->hash ^= walk->flags;
	found = bpf_map_lookup_elem(&path_of, &walk->hash);
	if (found)
		return *found;
	if (shared.tally.paths >= most)
		return PATH_UNKNOWN;
	return keep_names(walk->hash, walk->length, walk->flags, buffer);
}

static __always_inline void begin_walk(struct walk *walk, struct file *file,
				       struct fs_struct *fs)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);

	walk->dentry = dentry;
	walk->mnt = BPF_CORE_READ(file, f_path.mnt);
	walk->root_mnt = BPF_CORE_READ(fs, root.mnt);
	walk->root = BPF_CORE_READ(fs, root.dentry);
	walk->hash = 14695981039346656037ULL;
	if (!BPF_CORE_READ(dentry, d_hash.pprev))
		walk->flags = PATH_DELETED;
}

/*
 * Stores the path of a struct file, as a process with this struct fs_struct
 * sees it, or that of a cgroup, and returns its number. The arguments are integers, not
 * pointers: so the kernel verifies this function only once, not for each caller.
 * @most: a new one is stored if there are fewer
 */
__noinline __u32 number_of_path(__u64 file, __u64 fs, __u64 group, __u32 most)
{
	struct names_buffer *buffer = take_buffer();
	__u32 number;

	if (!buffer)
		return PATH_UNKNOWN;
	buffer->walk = (struct walk){ .cgroup = group };
	if (group)
		/* No hash of a path is so small. */
		buffer->walk.hash = BPF_CORE_READ(node_of(group), id);
	else
		begin_walk(&buffer->walk, (void *)file, (void *)fs);
	number = store_path(buffer, most);
	__sync_lock_test_and_set(&buffer->taken, 0);
	return number;
}

/* The number of a path without which a call has no name. */
static __always_inline __u32 needed_path(__u64 file, __u64 fs, __u64 group)
{
	return number_of_path(file, fs, group, ~0U) ?: unnamed();
}

/* The number of the task's executable in programs. */
static __always_inline __u32 number_of_program(struct task_struct *task,
					       __u32 container)
{
	__u64 file = (__u64)BPF_CORE_READ(task, mm, exe_file);
	__u64 fs = (__u64)BPF_CORE_READ(task, fs);
	__u32 path = file ? needed_path(file, fs, 0) : PATH_UNKNOWN;
	bool exec = container & CONTAINER_EXEC,
	     runtime = container & OF_RUNTIME;
	struct program_key key = { .path = path | (exec ? IN_EXEC : 0) |
					   (runtime ? IN_RUNTIME : 0) };
	__u32 number, *found;
	struct program_calls *program;

	if (fixed.members == EACH_CGROUP)
		key.group = needed_path(0, 0, cgroup_of(task));
	if (path == PATH_UNKNOWN ||
	    (fixed.members == EACH_CGROUP && !key.group))
		return 0;
	found = bpf_map_lookup_elem(&program_of, &key);
	if (found)
		return *found;
	number = 1 + __sync_fetch_and_add(&shared.tally.programs, 1);
	program = bpf_map_lookup_elem(&programs, &number);
	if (!program)
		return unnamed();
	program->path = path;
	program->in_exec = exec;
	program->in_runtime = runtime;
	/* The last, by which Java knows that the rest is written. */
	__sync_lock_test_and_set(&program->group, key.group);
	bpf_map_update_elem(&program_of, &key, &number, BPF_NOEXIST);
	found = bpf_map_lookup_elem(&program_of, &key);
	return found ? *found : 0;
}

/* The second copy leaves it out. */
static __always_inline __u32 program_of_task(struct task_struct *task,
					     __u32 container, __u32 copy)
{
	return copy ? unnamed() : number_of_program(task, container);
}

static long look_at_area(struct task_struct *task, struct vm_area_struct *area,
			 void *data)
{
	struct sight *sight = data;
	struct file *file = BPF_CORE_READ(area, vm_file);

	if (file) {
		sight->path = needed_path((__u64)file,
					  (__u64)BPF_CORE_READ(task, fs), 0);
		if (sight->path != PATH_UNKNOWN)
			sight->offset +=
				(area->vm_pgoff << PAGE_SHIFT) - area->vm_start;
		return 0;
	}
	sight->path = PATH_ANONYMOUS;
	if (BPF_CORE_READ(task, mm, context.vdso) == (void *)area->vm_start)
		sight->path = PATH_VDSO;
	sight->offset -= area->vm_start;
	return 0;
}

static __always_inline void take_down_of(struct task_struct *task,
					 __u64 instruction, bool where,
					 struct sight *first)
{
	struct sight sight = {
		.ns = bpf_ktime_get_boot_ns(),
		.offset = instruction,
		.process = (__u32)number_of_process(task),
	};

	__sync_fetch_and_add(&shared.tally.calls, 1);
	/* Fails while another thread maps memory: then the origin is unknown. */
	if (where)
		bpf_find_vma(task, instruction, look_at_area, &sight, 0);
	*first = sight;
}

/* Of the running task. Verified once, as number_of_path. */
__noinline int take_down_own(__u64 instruction, struct sight *first)
{
	if (first)
		take_down_of(bpf_get_current_task_btf(), instruction, true,
			     first);
	return 0;
}

/* Stores when, and mostly also where, a task made a call for the first time. */
static __always_inline void take_down(struct task_struct *task,
				      __u64 instruction, __u32 copy,
				      struct sight *first)
{
	if (copy == 0 && fixed.members != EACH_CGROUP)
		take_down_own(instruction, first);
	else
		take_down_of(task, instruction,
			     copy == ITERATOR && fixed.members != EACH_CGROUP,
			     first);
}

#endif
