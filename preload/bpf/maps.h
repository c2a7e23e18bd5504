/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_MAPS_H
#define BPF_MAPS_H

/* What the programs keep in the kernel, and numbers that its BTF does not have. */

#include <linux/bpf.h>
#include <linux/filter.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kernel.h"

#include "../src/bpf/shared.h"

#define PF_IO_WORKER   0x00000010
#define PF_USER_WORKER 0x00004000 /* since Linux 6.4 */
#define PF_KTHREAD     0x00200000
#define PT_TRACE_SECCOMP \
	0x00000400 /* of its ptrace: the tracer asked for these */
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

char LICENSE[] SEC("license") = "Dual MIT/GPL";

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

#endif
