/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_KERNEL_CALL_H
#define BPF_KERNEL_CALL_H

#include <stddef.h>
#include <stdint.h>

/*
 * bpf(2), as far as we need it. The headers of the machine that builds may be
 * older than the kernel that runs, so the numbers are our own. Functions that
 * return int give a descriptor or 0, or -errno.
 */

/*
 * What a loader, the program of a light skeleton, works with: a
 * struct bpf_loader_ctx, and behind it one struct bpf_map_desc for each map
 * and the descriptor of each program (libbpf, skel_internal.h). @size is that
 * of all.
 */
struct loader_head {
	uint32_t size;
	uint32_t flags;
	uint32_t log_level;
	uint32_t log_size;
	uint64_t log;
};

/*
 * @fd: what the loader gives back
 * @max_entries: other than in the source, or 0
 * @initial: the address of what is in it at first, or 0
 */
struct loader_map {
	int fd;
	uint32_t max_entries;
	uint64_t initial;
};

/* Runs a loader; what has failed is in @step. */
int run_loader(struct loader_head *context, const void *data, size_t data_size,
	       const void *code, size_t code_size, const char **step);

/* Attaches a program to the tracepoint that it was compiled for. */
int attach_tracepoint(int program);
int attach_iterator(int program);
int open_iterator(int link);

int update_element(int map, const void *key, const void *value);
int find_element(int map, const void *key, void *value);
/* @key is NULL for the first; -ENOENT behind the last. */
int next_key(int map, const void *key, void *next);

/* How often the kernel did not run a program, since it ran already. */
int count_misses(int program, uint64_t *misses);

#endif
