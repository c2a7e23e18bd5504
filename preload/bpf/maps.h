/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_MAPS_H
#define BPF_MAPS_H

/* What the programs keep in the kernel. */

#include <linux/bpf.h>
#include <linux/filter.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kernel.h"
#include "numbers.h"

#include "../src/bpf/shared.h"

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
