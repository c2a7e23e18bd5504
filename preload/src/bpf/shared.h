/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_SHARED_H
#define BPF_SHARED_H

/* What the programs in the kernel (bpf/record.bpf.c) and we both know. */

#include <linux/types.h>

/* Calls with a number below have a place in struct program_calls. */
#define NUMBERS 512

/* Without the zero byte; a path that is longer is taken for unknown. */
#define PATH_TEXT 1024

/*
 * How many programs, paths and calls of other numbers are told apart. What
 * happens beyond is counted in struct tally.
 */
#define MAX_PROGRAMS 512
#define MAX_PATHS    2048
#define MAX_OTHERS   32768

/* Paths that are none; real ones come behind. */
enum {
	PATH_UNKNOWN,
	PATH_ANONYMOUS,
	PATH_VDSO,
	FIRST_PATH,
};

/*
 * Where a call was made first.
 * @ns: of CLOCK_BOOTTIME
 * @offset: in the file @path, of what follows the call's instruction
 * @process: its thread group
 */
struct sight {
	__u64 ns;
	__u64 offset;
	__u32 process;
	__u32 path;
};

/*
 * The calls of one executable by the machine's own ABI. An element that no
 * executable has is all zero; the first is for executables that are unknown.
 * @count: how often
 * @before: of these, before the entry point of the target's program; of what
 *	was found at work, those that it was in, or had been in last
 */
struct program_calls {
	__u32 path;
	__u32 unused;
	__u64 count[NUMBERS];
	__u64 before[NUMBERS];
	struct sight first[NUMBERS];
};

/* A call of any other number or ABI. */
struct other_key {
	__u32 program;
	__u32 compat;
	__s32 number;
};

struct other_call {
	__u64 count;
	__u64 before;
	struct sight first;
};

/*
 * The names of the folders that lead to a file, itself first, each with a zero
 * byte behind it.
 */
struct path_names {
	__u32 length;
	__u32 flags;
	char names[PATH_TEXT];
};

#define PATH_DELETED 1 /* nothing has this name any more */

/* Which tasks are to be found by an iterator, and what is done with them. */
enum pass {
	PASS_MARK,
	PASS_IN_FLIGHT,
	PASS_LIST,
};

/*
 * What we tell the programs.
 * @below: the process whose descendants are wanted, or 0
 * @cgroup: the cgroup whose processes are wanted, or 0
 * @cgroup_level: how deep that is
 * @pass: what the iterator does
 * @arming: wanted tasks are still being looked for
 * @base: how many filters a task has that is not recorded; -1 to record all
 * @only_refused: calls that are made are not counted
 * @entry_mark: the number of a call that says that the program has come to its
 *	entry point, or 0
 * @target: the process that was started, or 0
 * @watched: leave_call is attached
 * @closed: no call is counted any more
 * @denies_storage: for tests: there is no memory for another task
 */
struct orders {
	__u32 below;
	__u32 cgroup_level;
	__u64 cgroup;
	__u32 pass;
	__u32 arming;
	__s32 base;
	__u32 only_refused;
	__s32 entry_mark;
	__u32 target;
	__u32 watched;
	__u32 closed;
	__u32 denies_storage;
};

/* A process that ended with an error; @status is that of waitpid(2). */
struct failed_end {
	__u32 process;
	__u32 status;
	__u32 outlived_target;
};

#define MAX_FAILED_ENDS 64

/*
 * What the programs tell us.
 * @alive: tasks that are recorded and have not ended
 * @marked: tasks that an iterator has found
 * @processes: how many have made a call
 * @calls: distinct ones, of each program
 * @entered: the target's program has come to its entry point
 * @lost_tasks: new tasks that could not be recorded
 * @lost_calls: calls that could not be taken down
 * @lost_others: calls for which MAX_OTHERS was too little
 * @orphans: wanted processes that ended before they were found, so that their
 *	children may not have been
 * @deep: tasks with too many ancestors to look at
 * @unnamed: programs and origins for which there was no place
 * @filters: loads of filters that tasks tried, and tasks that had a filter when
 *	they were found at work
 * @unwatched: how many of the loads came before leave_call was attached
 * @target_ended: the process that was started has
 * @failed: how many others ended with an error; the first ones are in
 *	@failed_ends
 */
struct tally {
	__s32 alive;
	__u32 marked;
	__u32 processes;
	__u32 calls;
	__u32 entered;
	__u32 programs;
	__u32 paths;
	__u32 lost_tasks;
	__u64 lost_calls;
	__u64 lost_others;
	__u32 orphans;
	__u32 deep;
	__u32 unnamed;
	__u32 filters;
	__u32 unwatched;
	__u32 target_ended;
	__u32 failed;
	struct failed_end failed_ends[MAX_FAILED_ENDS];
};

/* The variables of the programs, which are mapped into our memory. */
struct shared {
	struct orders orders;
	struct tally tally;
};

/* A call has been entered, and is not over. */
enum call_state {
	CALL_NONE,
	CALL_ENTERED,
	/* Found at work: whether it was in a call cannot be told. */
	CALL_UNKNOWN,
};

enum called {
	NOT_CALLED,
	CALLED,
	/* Never: of it, only the call of a high number counts. */
	IS_CANARY,
};

/*
 * What is stored with a task that is recorded.
 * @call: whether it is in a call (enum call_state)
 * @ended: it counts in @alive no more
 * @called: whether it counts in @processes
 */
struct member {
	__u32 program;
	__u32 call;
	__u32 ended;
	__u32 called;
};

#endif
