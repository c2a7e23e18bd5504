/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_LOADED_H
#define BPF_LOADED_H

/* What the parts of a recording share: recording.c, members.c and results.c. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bpf/kernel_call.h"
#include "bpf/record.inc"
#include "bpf/shared.h"
#include "failure.h"

/* In the order of the loader. */
struct recording_maps {
#define MEMBER(name) struct loader_map name;
	RECORDING_MAPS(MEMBER)
#undef MEMBER
};

/* With copies, whose kernels need no function, and without. */
struct recording_programs {
#define MEMBER(name) int name;
	COPIES_RECORDING_PROGRAMS(MEMBER)
	int expect_capability;
};

struct single_programs {
	RECORDING_PROGRAMS(MEMBER)
#undef MEMBER
};

#define PROGRAM_COUNT (sizeof(struct recording_programs) / sizeof(int))
#define TRACEPOINTS   3 /* at most, of a program */
#define MAX_LINKS     (TRACEPOINTS * PROGRAM_COUNT)
#define MAP_COUNT     (sizeof(struct recording_maps) / sizeof(struct loader_map))

struct loader_context {
	struct loader_head head;
	struct recording_maps maps;
	struct recording_programs programs;
};

/*
 * @release: as kernel_release() gives it
 * @files: which files and addresses are used is recorded
 * @max_programs, @max_paths: how many elements the maps have
 * @iterator: the link of look_at_task
 * @links: of all other programs that are attached; some have two
 * @capabilities: they are recorded
 * @operations: those of io_uring are recorded
 * @programs, @paths: the maps with these names, mapped for reading
 * @ring: two pages, of which we may write only the first, and then the data
 * @last_other, @last_values, @last_use: where write_others(), write_values() and
 *	write_uses() are
 */
struct recording {
	struct loader_context context;
	int release;
	enum members members;
	bool files;
	uint32_t max_programs;
	uint32_t max_paths;
	bool capabilities;
	bool operations;
	int iterator;
	int links[MAX_LINKS];
	size_t link_count;
	struct shared *shared;
	const struct program_calls *programs;
	const struct path_names *paths;
	unsigned long *ring_consumer;
	const unsigned long *ring_producer;
	struct other_key last_other;
	struct values_key last_values;
	struct use_key last_use;
};

int refuse_recording(struct failure *why, const char *what, int err);

/*
 * Runs look_at_task for each task; @text gets what it writes. Returns its length, or
 * -errno.
 */
ssize_t run_pass(struct recording *recording, enum pass pass, char *text,
		 size_t size);

/* How many elements of @programs are used. The first always exists. */
uint32_t program_count(const struct recording *recording);

#endif
