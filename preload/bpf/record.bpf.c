// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/*
 * These programs run in the kernel while --source bpf records. They count the
 * calls of member tasks where the calls are made. No record is sent, so none
 * can be lost on its way. Each operation here that can fail has a counter in
 * struct tally; a recording is complete only if these counters are zero.
 *
 * scripts/update-bpf compiles it.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kernel.h"

#include "../src/bpf/shared.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define PF_IO_WORKER	0x00000010
#define PF_USER_WORKER	0x00004000 /* since Linux 6.4 */
#define PF_KTHREAD	0x00200000
#define TS_COMPAT	0x0002
#define TIF_32BIT_ARM64 (1UL << 22)

#define MAX_DEPTH     64  /* of processes, and of folders */
#define NAME_SIZE     256 /* with its zero byte */
#define BUFFERS	      4
#define ITERATOR      9 /* which has no copies: another task made the call */
#define PAGE_SHIFT    12
#define SIGNAL_NUMBER 0x7f
#define SIGSYS	      31
/* Of a task that the kernel ends for a call (kernel/seccomp.c, since Linux 5.17). */
#define SECCOMP_MODE_DEAD 3

#define NO_PROGRAM     (~0U)
#define NOT_KNOWN      (~0ULL)	    /* of the flags of clone3 */
#define VALUES_UNKNOWN (1ULL << 32) /* beside the place of a call */

/* CLONE_CLEAR_SIGHAND, CLONE_VM and CLONE_VFORK (linux/sched.h). */
#define SPAWN 0x100004100ULL

/* A call of clone3: of the other ABI; with set_tid; not looked at once more. */
#define CLONE3_COMPAT 1
#define CLONE3_LONG   2
#define CLONE3_LAST   4

#define PIDTYPE_TGID   1
#define MAX_NAMESPACES 33 /* one in the other: MAX_PID_NS_LEVEL and the first */

#define PR_SET_SECCOMP			 22
#define PR_SET_SECUREBITS		 28
#define SECCOMP_SET_MODE_FILTER		 1
#define SECCOMP_FILTER_FLAG_NEW_LISTENER 8
#define COMPAT_PRCTL			 172
#define COMPAT_CAPSET			 185
#define IO_URING_REGISTER		 427
#if defined(__TARGET_ARCH_x86)
#define NATIVE_PRCTL   157
#define NATIVE_SECCOMP 317
#define NATIVE_CAPSET  126
#define NATIVE_BPF     321
#define NATIVE_OPEN    2
#define NATIVE_CREAT   85
#define NATIVE_OPENAT  257
#define NATIVE_BIND    49
#define NATIVE_CONNECT 42
#define NATIVE_SOCKET  41
#define COMPAT_SECCOMP 354
#define COMPAT_BPF     357
#define COMPAT_OPENAT  295
#define COMPAT_BIND    361
#define COMPAT_CONNECT 362
#else
#define NATIVE_PRCTL   167
#define NATIVE_SECCOMP 277
#define NATIVE_CAPSET  91
#define NATIVE_BPF     280
#define NATIVE_OPEN    NATIVE_OPENAT
#define NATIVE_CREAT   NATIVE_OPENAT
#define NATIVE_OPENAT  56
#define NATIVE_BIND    200
#define NATIVE_CONNECT 203
#define NATIVE_SOCKET  198
#define COMPAT_SECCOMP 383
#define COMPAT_BPF     386
#define COMPAT_OPENAT  322
#define COMPAT_BIND    282
#define COMPAT_CONNECT 283
#endif
#define OPENAT2		 437
#define OPERATION_SOCKET 45 /* IORING_OP_SOCKET */
#define COMPAT_OPEN	 5
#define COMPAT_CREAT	 8

/* linux/fs.h, of the mode of a struct file. */
#define FMODE_READ    1
#define FMODE_WRITE   2
#define FMODE_CREATED (1 << 20)

#define EINPROGRESS 115

/* linux/capability.h; the first version of capset's masks has 32 bits of each. */
#define CAP_SETPCAP   8
#define CAP_SYS_ADMIN 21
#define CAPSET_FIRST  0x19980330
#define MAX_CALLERS   10 /* which are looked at, from the check up */

#define MAX_INSTRUCTIONS 256 /* of a filter, in which the mark is looked for */

struct shared shared;
const volatile struct fixed fixed SEC(".rodata.fixed");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct member);
} members SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, MAX_PROGRAMS);
	__type(key, __u32);
	__type(value, struct program_calls);
} programs SEC(".maps");

/* As much as is wanted: recording.c sets its size. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_USES);
	__type(key, struct use_key);
	__type(value, __u32);
} uses SEC(".maps");

/* From an executable's path to its element of programs. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_PROGRAMS);
	__type(key, struct program_key);
	__type(value, __u32);
} program_of SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_OTHERS);
	__type(key, struct other_key);
	__type(value, struct other_call);
} others SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PLACES);
	__type(key, __u32);
	__type(value, struct watched_call);
} watched_calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_PROGRAMS);
	__type(key, __u32);
	__type(value, struct value_counts);
} value_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ALL_VALUES);
	__type(key, struct values_key);
	__type(value, __u32);
} values SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, MAX_PATHS);
	__type(key, __u32);
	__type(value, struct path_names);
} paths SEC(".maps");

/* From the hash of a path to its element of paths. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_PATHS);
	__type(key, __u64);
	__type(value, __u32);
} path_of SEC(".maps");

/*
 * The state of the walk from a file up to the root folder of its process, or from
 * @cgroup up to the first one if it is not 0.
 */
struct walk {
	struct vfsmount *mnt;
	struct dentry *dentry;
	struct vfsmount *root_mnt;
	struct dentry *root;
	__u64 cgroup;
	__u64 hash;
	__u32 length;
	__u32 flags;
	__u32 whole;
};

/*
 * A path is put together here. The margin takes the name that is too long. If
 * the kernel interrupts this, another program on the same processor may need
 * another buffer.
 */
struct names_buffer {
	struct path_names path;
	char margin[NAME_SIZE];
	__u32 taken;
	struct walk walk;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, BUFFERS);
	__type(key, __u32);
	__type(value, struct names_buffer);
} names_buffers SEC(".maps");

/* The wanted cgroup, if there is one. The kernel holds it, so none takes its place. */
struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} cgroups SEC(".maps");

/*
 * The mount namespaces in which a marked filter was loaded. If cgroups are kept
 * apart, the cgroups in which somebody was, with the process that came first.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_CONTAINERS);
	__type(key, __u64);
	__type(value, __u32);
} containers SEC(".maps");

/* How many tasks wait for this processor that may use no other (watch_switch). */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} waiting_tasks SEC(".maps");

/* An event: the last member has ended, or a filter is loaded. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

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

static bool is_compat(struct task_struct *task)
{
#if defined(__TARGET_ARCH_x86)
	return task->thread_info.status & TS_COMPAT;
#else
	return task->thread_info.flags & TIF_32BIT_ARM64;
#endif
}

/* Whether a call of the member counts in @before (struct program_calls). */
static bool is_before(const struct member *member)
{
	return shared.orders.base < 0 ? member->call == CALL_UNKNOWN
				      : !shared.tally.entered;
}

static __u64 instruction_of(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->ip;
#else
	return regs->pc;
#endif
}

/* The number of the current call, or of the last one if none is made. */
static int number_in(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return (int)regs->orig_ax;
#else
	return regs->syscallno;
#endif
}

/* By the other ABI, the kernel takes only the lower half of a register. */
static __u64 first_argument(struct pt_regs *regs, bool compat)
{
#if defined(__TARGET_ARCH_x86)
	return compat ? (__u32)regs->bx : regs->di;
#else
	return regs->orig_x0;
#endif
}

static __u64 second_argument(struct pt_regs *regs, bool compat)
{
#if defined(__TARGET_ARCH_x86)
	return compat ? (__u32)regs->cx : regs->si;
#else
	return regs->regs[1];
#endif
}

struct arguments {
	__u64 values[WATCHED_POSITIONS];
};

static __always_inline void read_arguments(struct pt_regs *regs, bool compat,
					   struct arguments *arguments)
{
	__u64 *values = arguments->values;

	values[0] = first_argument(regs, compat);
	values[1] = second_argument(regs, compat);
#if defined(__TARGET_ARCH_x86)
	values[2] = compat ? (__u32)regs->dx : regs->dx;
	values[3] = compat ? (__u32)regs->si : regs->r10;
	values[4] = compat ? (__u32)regs->di : regs->r8;
	values[5] = compat ? (__u32)regs->bp : regs->r9;
#else
	values[2] = regs->regs[2];
	values[3] = regs->regs[3];
	values[4] = regs->regs[4];
	values[5] = regs->regs[5];
#endif
	values[6] = values[7] = 0;
}

/*
 * Stores values of a call, unless they are known or there are too many. @place
 * has the bit VALUES_UNKNOWN if it is not known with which values the call was
 * made. Returns whether the values are stored.
 */
static __always_inline int store_values(__u32 program, __u64 place, __u64 first,
					__u64 second, __u64 third)
{
	struct values_key key = { .program = program,
				  .place = (__u32)place,
				  .values = { first, second, third } };
	bool known = !(place & VALUES_UNKNOWN);
	struct watched_call *watched;
	struct value_counts *counts;
	__u32 slot, one = 1;

	if (known && bpf_map_lookup_elem(&values, &key))
		return true;
	watched = bpf_map_lookup_elem(&watched_calls, &key.place);
	counts = bpf_map_lookup_elem(&value_counts, &program);
	if (!watched || !counts)
		return false;
	slot = watched->slot - 1;
	/* The kernel wants the check of the range that the compiler would omit. */
	barrier_var(slot);
	if (slot >= MAX_WATCHED || counts->counts[slot] > MAX_VALUES)
		return false;
	/* A number beyond the limit says that not all values are known. */
	if (!known || counts->counts[slot] == MAX_VALUES ||
	    (bpf_map_update_elem(&values, &key, &one, BPF_NOEXIST) &&
	     !bpf_map_lookup_elem(&values, &key)))
		counts->counts[slot] = MAX_VALUES + 1;
	else
		__sync_fetch_and_add(&counts->counts[slot], 1);
	return known && counts->counts[slot] <= MAX_VALUES;
}

static __u32 place_of(int number, bool compat)
{
	return (__u32)number + (compat ? NUMBERS : 0);
}

/*
 * Stores the flags of clone3 that lie at the address. @known: those that the
 * kernel has taken from there, or NOT_KNOWN. @how: CLONE3_*. Returns whether
 * they could be read; the last time, they are unknown then.
 */
__noinline int store_clone3(__u32 program, __u64 address, __u64 known,
			    __u32 how)
{
	__u32 place = place_of(CALL_CLONE3, how & CLONE3_COMPAT);
	struct watched_call *watched =
		bpf_map_lookup_elem(&watched_calls, &place);
	__u64 flags = known, count = 0, unknown = 0;

	if (!watched || !watched->slot)
		return true;
	if ((known == NOT_KNOWN &&
	     bpf_probe_read_user(&flags, sizeof(flags),
				 (void *)address + CLONE3_FLAGS)) ||
	    (how & CLONE3_LONG &&
	     bpf_probe_read_user(&count, sizeof(count),
				 (void *)address + CLONE3_SET_TID_SIZE))) {
		if (!(how & CLONE3_LAST))
			return false;
		unknown = VALUES_UNKNOWN;
	}
	/* posix_spawn of glibc makes clone if it cannot have this. */
	if ((flags & SPAWN) == SPAWN)
		flags &= ~SPAWN;
	store_values(program, place | unknown,
		     (flags & watched->masks[0]) |
			     (flags >> 32 || count ? CLONE3_ALONE : 0),
		     0, 0);
	return true;
}

/* Memory that could not be read at the entry of clone3: the kernel has read it. */
static __always_inline void read_again(struct member *member)
{
	store_clone3(member->program, member->unread, NOT_KNOWN,
		     member->unread_how | CLONE3_LAST);
	member->unread = 0;
}

static __always_inline __u32 how_clone3(struct pt_regs *regs, bool compat)
{
	bool whole = second_argument(regs, compat) >=
		     CLONE3_SET_TID_SIZE + sizeof(__u64);

	return (compat ? CLONE3_COMPAT : 0) | (whole ? CLONE3_LONG : 0);
}

/* @place: gets VALUES_UNKNOWN if the memory could not be read. */
static __always_inline __u64 value_of(const struct watched_call *watched, int i,
				      const __u64 *values, __u64 *place)
{
	__u32 argument = watched->arguments[i];
	__u64 value = values[argument & (WATCHED_POSITIONS - 1)];
	__u64 offset = sizeof(value) * (argument >> WATCHED_WORD);

	if (offset && bpf_probe_read_user(&value, sizeof(value),
					  (void *)(value + offset)))
		*place |= VALUES_UNKNOWN;
	value &= watched->masks[i];
	return argument & WATCHED_ANY ? !!value : value;
}

/* Stores what a watched call was made with, if it is new. Verified once, as number_of_path. */
__noinline int note_values(struct arguments *arguments, struct member *member,
			   __u32 place)
{
	struct watched_call *watched =
		bpf_map_lookup_elem(&watched_calls, &place);
	__u64 first, second, third, known = place;
	struct values_key *last;

	if (!watched || !arguments || !member)
		return 0;
	first = value_of(watched, 0, arguments->values, &known);
	second = value_of(watched, 1, arguments->values, &known);
	third = value_of(watched, 2, arguments->values, &known);
	last = &member->stored;
	if (last->program == member->program && last->place == known &&
	    last->values[0] == first && last->values[1] == second &&
	    last->values[2] == third)
		return 0;
	if (store_values(member->program, known, first, second, third))
		*last = (struct values_key){
			.program = member->program,
			.place = place,
			.values = { first, second, third },
		};
	return 0;
}

static __always_inline void note_arguments(struct pt_regs *regs,
					   struct member *member, int number,
					   bool compat)
{
	__u32 place = place_of(number, compat);
	struct watched_call *watched =
		bpf_map_lookup_elem(&watched_calls, &place);
	struct arguments arguments;

	if (!watched || !watched->count)
		return;
	read_arguments(regs, compat, &arguments);
	note_values(&arguments, member, place);
}

static __always_inline void
count_other(struct task_struct *task, const struct member *member,
	    struct other_key *key, __u64 instruction, bool once, __u32 copy)
{
	struct other_call *call = bpf_map_lookup_elem(&others, key);

	if (!call) {
		struct other_call new = {};

		take_down(task, instruction, copy, &new.first);
		bpf_map_update_elem(&others, key, &new, BPF_NOEXIST);
		call = bpf_map_lookup_elem(&others, key);
	}
	if (!call) {
		__sync_fetch_and_add(&shared.tally.lost_others, 1);
		return;
	}
	if (once && call->count)
		return;
	__sync_fetch_and_add(&call->count, 1);
	if (is_before(member))
		__sync_fetch_and_add(&call->before, 1);
}

static __always_inline void add(__u64 *mask, __u64 bits)
{
	if (bits & ~*mask)
		__sync_fetch_and_or(mask, bits);
}

/* The highest bit of its number only says how the ring is named. */
static __always_inline void note_registration(__u32 place, __u32 number)
{
	struct program_calls *program = bpf_map_lookup_elem(&programs, &place);

	number &= ~(1U << 31);
	if (number > LAST_REGISTERED)
		number = LAST_REGISTERED;
	if (program)
		add(&program->operations.registered, 1ULL << number);
}

#ifndef COPIES
__noinline int expect_own_check(__u32 place, __u32 sets, __u64 first,
				__u64 second);
#endif

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

/* One mask of struct cred; it was an array of two halves before Linux 6.3. */
static __always_inline __u64 mask_of(const kernel_cap_t *address)
{
	__u64 mask = 0;

	bpf_probe_read_kernel(&mask, sizeof(mask), address);
	return mask;
}

static __always_inline bool is_our_namespace(const struct cred *cred)
{
	return BPF_CORE_READ(cred, user_ns, ns.inum) == fixed.user_namespace;
}

enum decider {
	ALWAYS_REFUSED,
	EFFECTIVE_SET,
	OWNER,
};

/*
 * Who decides whether a process has a capability in a namespace: its effective set,
 * or the rule that who owns a namespace may do anything in it (cap_capable_helper
 * in security/commoncap.c). Integers, as for number_of_path. In a loop of ours, the
 * kernel would verify each length of the way.
 */
__noinline int decider_of(__u64 credentials, __u64 target)
{
	const struct cred *cred = (void *)credentials;
	__u32 user = BPF_CORE_READ(cred, euid.val);
	struct ascent ascent = { .above = (void *)target,
				 .own = BPF_CORE_READ(cred, user_ns),
				 .owner = ~user };

	bpf_loop(MAX_NAMESPACES, go_up, &ascent, 0);
	if (ascent.above != ascent.own)
		return ALWAYS_REFUSED;
	return ascent.owner == user ? OWNER : EFFECTIVE_SET;
}

/* mmap, mprotect, munmap, brk, mremap, and whatever touches memory. */
static __always_inline bool only_takes_memory(int number, bool compat)
{
#if defined(__TARGET_ARCH_x86)
	return number < 0 ||
	       (!compat && ((number >= 9 && number <= 12) || number == 25));
#else
	return number < 0 || (!compat && ((number >= 214 && number <= 216) ||
					  number == 222 || number == 226));
#endif
}

/*
 * What these calls ask without an audit record decides whether they fail:
 * without no_new_privs, a filter needs CAP_SYS_ADMIN.
 */
static __always_inline bool fails_if_refused(int number, bool compat)
{
	return number == (compat ? COMPAT_PRCTL : NATIVE_PRCTL) ||
	       number == (compat ? COMPAT_SECCOMP : NATIVE_SECCOMP) ||
	       number == (compat ? COMPAT_BPF : NATIVE_BPF) ||
	       number == IO_URING_REGISTER;
}

/*
 * The functions that ask for a capability without an audit record (CAP_OPT_NOAUDIT):
 * kernel/capability.c and security/security.c. The last one asks whoever takes
 * memory whether more may be taken than there is.
 */
#define QUIET_SITES  4
#define QUIET_MEMORY 3
static const char quiet_sites[QUIET_SITES][32] = {
	"ns_capable_noaudit",
	"has_capability_noaudit",
	"has_ns_capability_noaudit",
	"security_vm_enough_memory_mm",
};
static const char name_format[] = "%ps";

/*
 * Which of them the address lies in, or none. The kernel names a function in a
 * microsecond; /proc/kallsyms takes 40 milliseconds. Verified once, as number_of_path.
 */
__noinline int site_of(__u64 address)
{
	char name[sizeof(quiet_sites[0])] = {};
	int i;

	bpf_snprintf(name, sizeof(name), name_format, &address,
		     sizeof(address));
	for (i = 0; i < QUIET_SITES; i++)
		if (bpf_strncmp(name, sizeof(name), quiet_sites[i]) == 0)
			return i;
	return QUIET_SITES;
}

/* Which of them has asked, or none. */
static __always_inline int quiet_site(void *context)
{
	__u64 callers[MAX_CALLERS] = {};
	int site = QUIET_SITES;
	__u32 i;

	bpf_get_stack(context, callers, sizeof(callers), 0);
	for (i = 0; i < MAX_CALLERS && callers[i] && site == QUIET_SITES; i++)
		site = site_of(callers[i]);
	return site;
}

static __always_inline void refuse(struct capabilities *masks,
				   const struct cred *cred, __u64 bits)
{
	__u64 bounding = mask_of(&cred->cap_bset);

	add(&masks->refused, bits & bounding);
	add(&masks->lacking, bits & ~bounding);
}

/* The masks of capset(2): effective, permitted, inheritable, each in two halves. */
static __always_inline bool read_capset(__u64 head, __u64 data, __u64 *masks)
{
	__u32 halves[6] = {}, version = 0;

	if (bpf_probe_read_user(&version, sizeof(version), (void *)head) ||
	    bpf_probe_read_user(halves, version == CAPSET_FIRST ? 12 : 24,
				(void *)data))
		return false;
	masks[0] = halves[0] | (__u64)halves[3] << 32;
	masks[1] = halves[1] | (__u64)halves[4] << 32;
	masks[2] = halves[2] | (__u64)halves[5] << 32;
	return true;
}

/*
 * capset is no check of a capability, but fails if it names one that the process
 * lacks. It always asks for CAP_SETPCAP, after it has read its masks. Who leaves
 * the permitted set as it is, has it from the kernel. Returns whether CAP_SETPCAP
 * decides (cap_capset).
 */
static __always_inline bool take_capset(struct capabilities *masks,
					const struct cred *cred, __u64 head,
					__u64 data)
{
	__u64 permitted = mask_of(&cred->cap_permitted);
	__u64 inheritable = mask_of(&cred->cap_inheritable);
	__u64 wanted[3], bits;

	if (!read_capset(head, data, wanted)) {
		add(&masks->capset, permitted);
		return true;
	}
	bits = wanted[0] & ~mask_of(&cred->cap_effective);
	bits |= wanted[2] & ~inheritable;
	if (wanted[1] != permitted)
		bits |= wanted[1];
	add(&masks->capset, bits & permitted);
	refuse(masks, cred, bits & ~permitted);
	return wanted[2] & ~(inheritable | permitted);
}

/*
 * The program of the running task, or NO_PROGRAM if nothing that it does counts.
 * Membership is by process: io_uring has threads that never were members. Verified
 * once, as number_of_path.
 */
__noinline __u32 program_of_asker(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct member *member = membership(task);

	if (!member)
		member = membership(task->group_leader);
	return member && is_recorded(task, member) &&
			       member->called != IS_CANARY &&
			       !shared.orders.closed
		       ? member->program
		       : NO_PROGRAM;
}

/* What the file system's owner may, while the kernel acts for it (overlayfs). */
static __always_inline bool is_borrowed(struct task_struct *task,
					const struct cred *cred)
{
	return cred == BPF_CORE_READ(task, cred) &&
	       cred != BPF_CORE_READ(task, real_cred) &&
	       !(task->flags & PF_IO_WORKER);
}

/* Where its bits are set; NULL is counted as a loss. */
static __always_inline struct program_calls *calls_of(__u32 place)
{
	struct program_calls *program = bpf_map_lookup_elem(&programs, &place);

	if (!program)
		__sync_fetch_and_add(&shared.tally.lost_calls, 1);
	return program;
}

/*
 * A bit is set, whichever copy does it: nothing can be counted twice. Nearly nine of
 * ten checks are about memory, so these end first.
 */
static __always_inline int check(void *context, const struct cred *cred,
				 struct user_namespace *target, int capability,
				 bool refused)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	bool compat = is_compat(task), borrowed;
	int number = number_in(regs);
	struct program_calls *program;
	struct capabilities *masks;
	__u64 bit = 1ULL << (capability & 63);
	int site = QUIET_SITES;
	__u64 known;
	__u32 place;

	if (capability == CAP_SYS_ADMIN && only_takes_memory(number, compat))
		return 0;
	place = program_of_asker();
	program = place == NO_PROGRAM ? NULL : calls_of(place);
	if (!program)
		return 0;
	masks = &program->capabilities;
	if (!masks->bounding)
		masks->bounding = mask_of(&cred->cap_bset);
	borrowed = is_borrowed(task, cred);
	known = refused	   ? masks->refused | masks->lacking
		: borrowed ? masks->borrowed
			   : masks->granted;
	if (known & bit && capability != CAP_SETPCAP)
		return 0;
	if (!is_our_namespace(cred) ||
	    decider_of((__u64)cred, (__u64)target) == OWNER) {
		if (!refused)
			add(&masks->inside, bit);
		return 0;
	}
	if (number == (compat ? COMPAT_CAPSET : NATIVE_CAPSET) &&
	    !take_capset(masks, cred, first_argument(regs, compat),
			 second_argument(regs, compat)))
		return 0;
	if (!fails_if_refused(number, compat))
		site = quiet_site(context);
	if (site < QUIET_SITES) {
		if (!refused && site != QUIET_MEMORY)
			add(&masks->quiet, bit);
		return 0;
	}
	if (refused)
		refuse(masks, cred, bit);
	else
		add(borrowed ? &masks->borrowed : &masks->granted, bit);
	return 0;
}

static __always_inline void add_operation(__u64 *words, __u32 number)
{
	add(&words[number >> 6 & (OPERATION_WORDS - 1)], 1ULL << (number & 63));
}

/*
 * A socket that a ring makes counts among those that the call makes: a list then
 * allows them, and by the same conditions the ring is held to them. What the
 * operation asks for lies at the beginning of the request (io_kiocb_to_cmd).
 */
static __always_inline void note_socket(struct io_kiocb *request, __u32 program)
{
	struct io_socket *asked = (struct io_socket *)request;
	__u32 place = NATIVE_SOCKET;
	struct watched_call *watched =
		bpf_map_lookup_elem(&watched_calls, &place);

	if (!watched || !bpf_core_field_exists(asked->domain))
		return;
	store_values(program, place,
		     (__u32)BPF_CORE_READ(asked, domain) & watched->masks[0],
		     (__u32)BPF_CORE_READ(asked, type) & watched->masks[1],
		     (__u32)BPF_CORE_READ(asked, protocol) & watched->masks[2]);
}

/*
 * An operation that the running task, or a thread of the kernel for its process,
 * submits. No call tells of it. As for check(), a bit is set.
 */
static __always_inline int submit(struct io_kiocb *request, __u32 number,
				  bool accepted)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 place = program_of_asker();
	struct program_calls *program;

	/* A kernel without it has no such tracepoint. */
	if (place == NO_PROGRAM ||
	    !bpf_core_field_exists(request->ctx->mm_account))
		return 0;
	program = calls_of(place);
	if (!program)
		return 0;
	add_operation(program->operations.submitted, number);
	if (accepted && number == OPERATION_SOCKET)
		note_socket(request, place);
	if (task->flags & PF_IO_WORKER)
		add_operation(program->operations.polled, number);
	else if (BPF_CORE_READ(request, ctx, mm_account) !=
		 BPF_CORE_READ(task, mm))
		add_operation(program->operations.shared, number);
	return 0;
}

static __always_inline int submit_accepted(struct io_kiocb *request)
{
	if (!bpf_core_field_exists(request->opcode))
		return 0;
	return submit(request, BPF_CORE_READ(request, opcode), true);
}

/* What the kernel refuses at once has no number that it knows, or wrong fields. */
static __always_inline int submit_refused(const void *entry,
					  struct io_kiocb *request)
{
	__u8 number = 0; /* the first field of struct io_uring_sqe */

	bpf_probe_read_kernel(&number, sizeof(number), entry);
	return submit(request, number, false);
}

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

static __always_inline void note_failure(struct task_struct *task)
{
	__u32 place = __sync_fetch_and_add(&shared.tally.failed, 1);

	if (place >= MAX_FAILED_ENDS)
		return;
	shared.tally.failed_ends[place].process =
		(__u32)number_of_process(task);
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
				note_failure(task);
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
