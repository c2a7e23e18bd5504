/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_KERNEL_CALL_H
#define BPF_KERNEL_CALL_H

#include <stddef.h>
#include <stdint.h>

/*
 * The parts of bpf(2) that we need. The headers of the machine that builds may be
 * older than the kernel that runs, so we define the numbers ourselves. Functions
 * that return int return a descriptor or 0, or -errno.
 */

/*
 * The memory of a loader (the program of a light skeleton): a
 * struct bpf_loader_ctx, followed by one struct bpf_map_desc for each map and
 * the descriptor of each program (libbpf, skel_internal.h). @size is the size
 * of all this.
 */
struct loader_head {
	uint32_t size;
	uint32_t flags;
	uint32_t log_level;
	uint32_t log_size;
	uint64_t log;
};

/*
 * @fd: set by the loader
 * @max_entries: replaces the number of the source, unless 0
 * @initial: the address of the first content, or 0
 */
struct loader_map {
	int fd;
	uint32_t max_entries;
	uint64_t initial;
};

/* Runs a loader. If it fails, @step says what did. */
int run_loader(struct loader_head *context, const void *data, size_t data_size,
	       const void *code, size_t code_size, const char **step);

/* Attaches a program to the tracepoint of a name, or that it was compiled for. */
int attach_tracepoint(int program, const char *name);
/* Attaches a program to the beginning of a function. */
int attach_function(int program, const char *name);
int attach_iterator(int program);
int open_iterator(int link);

int update_element(int map, const void *key, const void *value);
/* Returns -EEXIST if it is there already. */
int add_element(int map, const void *key, const void *value);
int find_element(int map, const void *key, void *value);
/* @key is NULL for the first element. Returns -ENOENT after the last. */
int next_key(int map, const void *key, void *next);

/* How often the kernel skipped a program because it was running already. */
int count_misses(int program, uint64_t *misses);

#endif
