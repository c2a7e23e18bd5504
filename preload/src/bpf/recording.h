/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_RECORDING_H
#define BPF_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bpf/shared.h"
#include "failure.h"

/*
 * The programs in the kernel that count the calls of some processes. They are
 * there as long as somebody has their descriptors, and we are the only one: if
 * this process is killed they are gone, and the processes go on.
 *
 * Functions that return int give 0, or -1 with @why filled in.
 */
struct recording;

/*
 * Loads and attaches them; nobody is recorded yet. Returns NULL with @why
 * filled in.
 */
struct recording *begin_recording(struct failure *why);
void end_recording(struct recording *recording);

/*
 * For poll(2): readable when the last process that is recorded has ended, or
 * when one has loaded a filter; the tally says which.
 */
int recording_descriptor(const struct recording *recording);
void clear_recording_event(struct recording *recording);

/*
 * From here on, calls are recorded too that a filter refuses. Any call on the
 * machine costs more then.
 */
int watch_refusals(struct recording *recording, struct failure *why);

const struct tally *recording_tally(const struct recording *recording);

/* For what is to be said before processes are recorded. */
struct orders *recording_orders(struct recording *recording);

/*
 * Records a process of one thread that waits in a call, and all that come from
,
 */
int record_process(struct recording *recording, pid_t pid, enum called kind,
		   struct failure *why);

/*
 * Records the process and all that came from it, while they run. Where
 * nothing runs of it any more, nothing is recorded.
 */
int record_tree(struct recording *recording, pid_t pid, struct failure *why);

/* Records the processes of a cgroup (version 2), and those that get into it. */
int record_cgroup(struct recording *recording, const char *path,
		  struct failure *why);

/*
 * From here on nothing is counted. Without it, what is read while processes
 * run may lack a call and have a later one.
 */
void close_recording(struct recording *recording);

/*
 * The processes that are recorded and have not ended, each once, as many as
 * @size at most. Returns how many, or -1.
 */
int list_recorded(struct recording *recording, pid_t *pids, int size,
		  struct failure *why);

/* Sums of what was recorded, and of what the kernel did not run. */
int sum_up_recording(const struct recording *recording, uint64_t *calls,
		     uint64_t *misses, struct failure *why);

/*
 * Writes a line "NUMBER COUNT BEFORE MILLIS PROCESS PATH OFFSET" for each call
 * of a program, below one with the number of the program's path. MILLIS are
 * since the epoch. Returns how long that is.
 */
size_t write_program(const struct recording *recording, uint32_t program,
		     char *text, size_t size);

/*
 * The same for calls that have no place there, each with "PROGRAM COMPAT " in
 * front, as many as there is room for. @position is 0 at first, and 0 again
 * when that was all.
 */
size_t write_others(struct recording *recording, uint32_t *position, char *text,
		    size_t size);

/* The text of a path, and a zero byte; empty if it is unknown. */
size_t write_path(const struct recording *recording, uint32_t number,
		  char *text, size_t size);

#endif
