/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_RECORDING_H
#define BPF_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bpf/shared.h"
#include "failure.h"

/*
 * The programs in the kernel that count the calls of some processes. Only this
 * process has their descriptors. So when it ends, even by SIGKILL, the kernel
 * removes them, and the recorded processes go on.
 *
 * Functions that return int give 0, or -1 with @why filled in.
 */
struct recording;

/* The release of the kernel: 702 is Linux 7.2. */
int kernel_release(void);

/*
 * Loads the programs that a kernel of this release needs, or NULL with @why.
 * @files: they record which files and addresses are used, and refused calls
 */
struct recording *load_recording(int release, enum members members, bool files,
				 struct failure *why);

/* Attaches the programs, which record no process yet. Ends it if that fails. */
int begin_recording(struct recording *loaded, struct failure *why);
void end_recording(struct recording *recording);

/* For poll(2): the last process has ended, or one has loaded a filter. */
int recording_descriptor(const struct recording *recording);
void clear_recording_event(struct recording *recording);

/* Also records calls that a filter refuses; slows each call on the machine. */
int watch_refusals(struct recording *recording, struct failure *why);

const struct tally *recording_tally(const struct recording *recording);

/* The orders are set before a process is recorded. */
struct orders *recording_orders(struct recording *recording);

/* Whether anybody can become a member who was not started and did not ask. */
bool finds_members(const struct recording *recording);

/* Records a process with one thread, waiting in a call, and its descendants. */
int record_process(struct recording *recording, pid_t pid, enum called kind,
		   struct failure *why);

/*
 * Records the program that this process, which waits in a call, will execute, and
 * all its descendants, whether they have a filter or not. Returns HAS_ENDED if it
 * ended while it waited, so that there is nothing to record.
 */
#define HAS_ENDED 1
int record_next_program(struct recording *recording, pid_t pid,
			struct failure *why);

/* Records a running process and descendants; nothing if none runs any more. */
int record_tree(struct recording *recording, pid_t pid, struct failure *why);

/* Records the processes of a cgroup (version 2), also those that join later. */
int record_cgroup(struct recording *recording, const char *path,
		  struct failure *why);

/*
 * From now on nothing is counted. Without this, a result that is read while
 * processes run may have a late call and lack an earlier one.
 */
void close_recording(struct recording *recording);

/* Lists the recorded processes that run, at most @size. How many, or -1. */
int list_recorded(struct recording *recording, pid_t *pids, int size,
		  struct failure *why);

/* The counters, and how often at most the kernel did not run a program. */
int sum_up_recording(const struct recording *recording, uint64_t *calls,
		     uint64_t *misses, struct failure *why);

/* Whether capabilities and operations of io_uring are recorded: the kernel may lack the tracepoints. */
bool recorded_capabilities(const struct recording *recording);
bool recorded_operations(const struct recording *recording);

/*
 * Writes a line "NUMBER COUNT BEFORE MILLIS PROCESS PATH OFFSET" for each call
 * of a program, after a line with the number of the program's path, whether an exec
 * into a container has brought it (0 or 1), the number of its cgroup's path and, in
 * hexadecimal, the sets of struct capabilities and struct operations in their order.
 * MILLIS are since the epoch. Returns the length of the text.
 */
size_t write_program(const struct recording *recording, uint32_t program,
		     char *text, size_t size);

/*
 * Writes such lines for the calls that have no place in struct program_calls, as
 * many as fit. Each line begins with "PROGRAM COMPAT ". @position is 0
 * at first, and 0 again after the last call.
 */
size_t write_others(struct recording *recording, uint32_t *position, char *text,
		    size_t size);

/* Has the arguments of a call recorded. Before a process is recorded. */
int watch_call(struct recording *recording, uint32_t place,
	       const struct watched_call *call, struct failure *why);

/*
 * Like write_others(), writes a line "PROGRAM PLACE ALL VALUE VALUE VALUE" for
 * each combination of values. ALL is 0 if the call was also made with others.
 */
size_t write_values(struct recording *recording, uint32_t *position, char *text,
		    size_t size);

/* Like write_others(), writes a line "PROGRAM HOW PATH ADDRESS" for each use_key. */
size_t write_uses(struct recording *recording, uint32_t *position, char *text,
		  size_t size);

/* Writes the path and a zero byte; nothing else if the path is unknown. */
size_t write_path(const struct recording *recording, uint32_t number,
		  char *text, size_t size);

#endif
