/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_SHARED_H
#define BPF_SHARED_H

/* What the programs in the kernel (bpf/record.bpf.c) share with this process. */

#include <linux/types.h>

/* Calls with a number below this have a place in struct program_calls. */
#define NUMBERS 512

/* The most bytes of a path, without a zero byte. A longer one is unknown. */
#define PATH_TEXT 1024

/*
 * How many programs, paths and calls with other numbers can be told apart. What
 * exceeds this is counted in struct tally.
 */
#define MAX_PROGRAMS 512
#define MAX_PATHS    2048
#define MAX_OTHERS   32768

/* These are the sizes if the programs of each cgroup are kept apart. */
#define NODE_PROGRAMS 2048
#define NODE_PATHS    8192
#define NODE_VALUES   65536

/* How many containers are known, so that an exec is told from a start. */
#define MAX_CONTAINERS 4096

/* Added to the number of a path: an exec has brought the executable; it is a runtime's. */
#define IN_EXEC	   0x80000000
#define IN_RUNTIME 0x40000000

/* Numbers that mean no path; the numbers of real paths come after them. */
enum {
	PATH_UNKNOWN,
	PATH_ANONYMOUS,
	PATH_VDSO,
	FIRST_PATH,
};

/*
 * When and where a call was made for the first time.
 * @ns: of CLOCK_BOOTTIME
 * @offset: in the file @path, of the instruction after the call's
 * @process: the thread group that made it
 */
struct sight {
	__u64 ns;
	__u64 offset;
	__u32 process;
	__u32 path;
};

/*
 * Capabilities of one executable, a bit for each.
 * @granted: its effective set was asked for it, and had it
 * @quiet: the same, but the kernel asked without an audit record: what is refused
 *	then is no error
 * @capset: named in masks of capset(2)
 * @file: its file gave it, and cannot be executed without
 * @borrowed: like @granted, but of the file system's owner (overlayfs)
 * @inside: another namespace gave it, or that the process owned one
 * @refused: it did not have it, although its bounding set did
 * @lacking: it did not have it, nor did its bounding set
 * @bounding: its bounding set
 */
struct capabilities {
	__u64 granted;
	__u64 quiet;
	__u64 capset;
	__u64 file;
	__u64 borrowed;
	__u64 inside;
	__u64 refused;
	__u64 lacking;
	__u64 bounding;
};

/*
 * Operations of io_uring of one executable, a bit for each number.
 * @submitted: all that it had a ring do, also those that the kernel refused
 * @polled: those that a thread of the kernel took (IORING_SETUP_SQPOLL). Whoever made
 *	the ring is charged with them, whoever asked for them
 * @shared: those of rings that another process made, or this one before an exec
 * @registered: the operations of io_uring_register(2); LAST_REGISTERED is also all
 *	with higher numbers
 */
#define OPERATION_WORDS 4
#define LAST_REGISTERED 63

struct operations {
	__u64 submitted[OPERATION_WORDS];
	__u64 polled[OPERATION_WORDS];
	__u64 shared[OPERATION_WORDS];
	__u64 registered;
};

/*
 * The calls of one executable by the machine's own ABI. An unused element is
 * all zero. The first element is for unknown executables.
 * @in_exec: an exec into a container has brought it; those of its start are apart
 * @group: the number of its cgroup's path, if those of each cgroup are kept apart
 * @in_runtime: the runtime has brought it and no program of the container, whose own are apart
 * @count: how often
 * @before: how many of these came before the entry point of the target's
 *	program. If a task ran already when it became a member: 1 for the call
 *	that it was in, or its last one
 */
struct program_calls {
	__u32 path;
	__u32 in_exec;
	__u32 group;
	__u32 in_runtime;
	struct capabilities capabilities;
	struct operations operations;
	__u64 count[NUMBERS];
	__u64 before[NUMBERS];
	struct sight first[NUMBERS];
};

/* What finds an element of programs; @path may have IN_EXEC and IN_RUNTIME. */
struct program_key {
	__u32 path;
	__u32 group;
};

/* A call with any other number or ABI. */
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
 * Calls whose arguments are recorded. A call of another ABI has its number plus
 * NUMBERS as its place. MAX_VALUES is for each program and watched call; what
 * exceeds it makes the values of this call unknown.
 */
#define PLACES	    (2 * NUMBERS)
#define MAX_WATCHED 64
#define MAX_VALUES  64
#define ALL_VALUES  8192
#define ARGUMENTS   3

/*
 * A watched argument is a register. It may have WATCHED_ANY: only whether it is 0.
 * Above WATCHED_WORD stands the number of a word of 64 bits, from 1, behind the
 * one to which the register points; 0 for the register itself.
 */
#define WATCHED_POSITIONS 8 /* a power of two */
#define WATCHED_ANY	  8
#define WATCHED_WORD	  4
#define PASSAGE_ARGUMENTS 4
#define CALL_CLONE3	  435 /* of all architectures */
#define PF_EXITING	  4   /* a flag of a task, also in /proc/PID/stat */

/* Where struct clone_args has them. */
#define CLONE3_FLAGS	    0
#define CLONE3_SET_TID_SIZE 72

/*
 * @slot: its place in struct value_counts plus 1, or 0: it is not watched
 * @count: how many arguments; 0 for clone3, whose flags lie in memory
 * @masks: the bits of each that count; 0 where there is no argument
 */
struct watched_call {
	__u32 slot;
	__u32 count;
	__u32 arguments[ARGUMENTS];
	__u32 unused;
	__u64 masks[ARGUMENTS];
};

/* Values with which a program made a call, below the masks. */
struct values_key {
	__u32 program;
	__u32 place;
	__u64 values[ARGUMENTS];
};

/*
 * For clone3: it asked for something that clone cannot do. No flag of
 * clone has this bit, where the signal is that the parent gets.
 */
#define CLONE3_ALONE 1

/* How many different values of each watched call were stored for a program. */
struct value_counts {
	__u32 counts[MAX_WATCHED];
};

/* How a program used a file or an address: bits in the order of Java's RunAccess.Use. */
#define USE_READ    1
#define USE_WRITE   2
#define USE_CREATE  4
#define USE_LOOK_UP 8 /* opened only to have its descriptor: O_PATH */
#define USE_EXECUTE 16
#define USE_BIND    32
#define USE_CONNECT 64

/*
 * How many uses are stored, and how many paths there are before no file gets one that is
 * only used: the last ones are for executables. What exceeds this is counted.
 */
#define MAX_USES  8192
#define USE_PATHS (NODE_PATHS - MAX_PATHS)

/* Room for the address of a socket of the kernel's own file systems: struct sockaddr_un. */
#define MAX_ADDRESS 112

/* What a program used: a file with its path's number, or else an address. */
struct use_key {
	__u32 program;
	__u32 how;
	__u32 path;
	__u32 length;
	__u8 address[MAX_ADDRESS];
};

/*
 * The names that make up a file's path: that of the file first, then those of
 * its folders up to the root. A zero byte ends each.
 */
struct path_names {
	__u32 length;
	__u32 flags;
	char names[PATH_TEXT];
};

#define PATH_DELETED 1 /* nothing has this name any more */

/*
 * How many copies there are of the programs that run at each call, and of those
 * that run when a task begins, ends or changes (tasks.h).
 */
#define CALL_COPIES 4
#define TASK_COPIES 2

/* What the iterator does with the tasks that it visits. */
enum pass {
	PASS_OFFSETS,
	PASS_MARK,
	PASS_IN_FLIGHT,
	PASS_LIST,
};

/* Who can become a member. */
enum members {
	NOBODY,
	/* Whom we start, who asks for it, and who they start. */
	STARTED,
	/* Also who runs already, moves into the cgroup, or loads a filter with the mark. */
	FOUND,
	/*
	 * Like FOUND; the programs of each cgroup are kept apart. Who comes into a cgroup
	 * of the wanted one is a container's start, or an exec if somebody was there before.
	 */
	EACH_CGROUP,
};

/*
 * What is fixed before the programs are loaded. The kernel does not verify what these
 * values make impossible, and verifying takes most of the time of a start.
 * @members: enum members
 * @pid_namespace: the inode number of the namespace whose numbers of processes we
 *	use; 0 for the initial one
 * @user_namespace: the inode number of ours
 * @files: which files and addresses programs use is recorded too
 * @by_function: the kernel may lack the tracepoint of capabilities
 */
struct fixed {
	__u32 members;
	__u32 files;
	__u32 by_function;
	__u32 pid_namespace;
	__u32 user_namespace;
};

/*
 * What this process tells the programs.
 * @below: the process whose descendants are wanted, or 0
 * @cgroup: the cgroup whose processes are wanted, or 0
 * @cgroup_level: how many cgroups are above it in our cgroup namespace
 * @pass: what the iterator does
 * @arming: the search for wanted tasks is not over
 * @base: a task is recorded if it has more filters than this; -1 to record all
 * @only_refused: only calls that a filter refuses are counted
 * @entry_mark: the number of the call that marks the program's entry point, or
 *	0
 * @target: the process that was started, or 0
 * @watched: leave_call is attached
 * @closed: no call is counted any more
 * @mark: two values in the filter by which containers become members, or 0
 * @denies_storage: for tests: behave as if there is no memory for a new member
 * @expected: set by expect_capability, which shows that it is called
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
	__u32 expected;
	__u32 mark[2];
};

/* A process that ended with an error; @status is that of waitpid(2). */
struct failed_end {
	__u32 process;
	__u32 program;
	__u32 status;
	__u32 outlived_target;
};

#define MAX_FAILED_ENDS 64

/*
 * What the programs tell this process.
 * @alive: members that have not ended
 * @marked: members that the iterator has found
 * @processes: members that have made a call
 * @calls: how many different calls there are, summed over all programs
 * @entered: the target's program has reached its entry point
 * @lost_tasks: tasks that could not become members; each copy counts one
 * @lost_calls: calls that could not be stored
 * @lost_others: calls that are lost because MAX_OTHERS are there
 * @orphans: wanted processes that ended before they became members; their
 *	children may have been missed; each copy counts one
 * @deep: tasks with more than MAX_DEPTH ancestors
 * @unnamed: programs and origins that could not be stored
 * @filters: how often a member tried to load a filter or became a member with
 *	one
 * @unwatched: how many of these loads came before leave_call was attached
 * @listeners: how often a filter with the mark was loaded
 * @answered: how many calls were made by members whose tracer answers what their
 *	filter hands to it: sys_enter sees what the tracer made of a call
 * @no_call_copy, @no_task_copy: as many tasks have waited for the same processor
 *	as a program has copies, and each may have been in one of them
 * @target_ended: the process that was started has ended
 * @lost_uses: how often a file or an address was used and could not be stored
 * @failed: how many other processes ended with an error; @failed_ends has the
 *	first ones
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
	__u32 listeners;
	__u32 unwatched;
	__u32 answered;
	__u32 no_call_copy;
	__u32 no_task_copy;
	__u32 target_ended;
	__u32 lost_uses;
	__u32 failed;
	struct failed_end failed_ends[MAX_FAILED_ENDS];
};

/*
 * Where members of the kernel's structures lie. One program looks them up for the others:
 * the kernel keeps what it found for one of these structures in the place where it keeps
 * it for a second one, and so would search all its types again for each program.
 * @cgroup: of css_set
 * @level, @ancestors, @node: of cgroup
 * @levels, @numbers: of pid
 * @inode: the number of a pid_namespace
 */
struct offsets {
	__u32 cgroup;
	__u32 level;
	__u32 ancestors;
	__u32 node;
	__u32 levels;
	__u32 numbers;
	__u32 inode;
};

/* The variables of the programs; this process maps them into its memory. */
struct shared {
	struct orders orders;
	struct offsets offsets;
	struct tally tally;
};

/* The task has entered a call and not left it. */
enum call_state {
	CALL_NONE,
	CALL_ENTERED,
	/* It ran already: whether it was in a call is unknown. */
	CALL_UNKNOWN,
};

enum called {
	NOT_CALLED,
	CALLED,
	/* Never: of a canary only the call with the high number counts. */
	IS_CANARY,
	/* Nothing counts before the process executes a program. */
	AWAITS_EXEC,
	/* It is not known yet which filter was loaded. */
	AWAITS_FILTER,
};

enum container {
	NO_CONTAINER,
	CONTAINER_START,
	CONTAINER_EXEC,
	/* Beside one of these: it has not executed a program of the container yet. */
	OF_RUNTIME = 4,
};

/*
 * A call, and the last copy of a program that has seen it. After ANOTHER_CALL,
 * the next call is another one, though it may look the same.
 */
#define ANOTHER_CALL CALL_COPIES

struct passage {
	__u64 instruction;
	__u64 arguments[PASSAGE_ARGUMENTS];
	__s32 number;
	__u32 copy;
};

/*
 * What is stored with a member.
 * @call: whether it is in a call (enum call_state)
 * @ended: it is no longer counted in @alive
 * @called: whether it is counted in @processes
 * @unread: the address of clone3's flags, which could not be read yet, or 0;
 *	@unread_how tells of what kind the call was
 * @container: who has brought the task into a container (enum container)
 * @entered, @left: the last call that enter_call and leave_call have seen
 * @stored: values that are stored, so that the same need not be looked up
 */
struct member {
	__u32 program;
	__u32 call;
	__u32 ended;
	__u32 called;
	__u64 unread;
	__u32 unread_how;
	__u32 container;
	struct passage entered;
	struct passage left;
	struct values_key stored;
};

#endif
