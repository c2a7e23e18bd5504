// SPDX-License-Identifier: Apache-2.0
/* Loads bpf/record.bpf.c and attaches it. */
#include "bpf/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bpf/loaded.h"

#define BTF "/sys/kernel/btf/vmlinux"

/* PROC_PID_INIT_INO of the kernel (include/linux/proc_ns.h). */
#define INITIAL_PID_NAMESPACE 0xeffffffc
#define PAGE_SIZE	      4096L
#define RING_SIZE	      4096L /* the ring buffer's data */

/* The first releases that can interrupt programs at calls, and all others. */
#define CALLS_INTERRUPTED 702
#define TASKS_INTERRUPTED 700

/* The first release with the tracepoint of capabilities. */
#define CAPABILITIES_TRACED 614

/* The programs that load the others, as scripts/update-bpf writes them. */
#define LOADER(prefix, file, size)                                    \
	".balign 8\n" prefix "loader_data:\n"                         \
	".incbin \"" file "\", 0, " size "\n" prefix "loader_code:\n" \
	".incbin \"" file "\", " size "\n" prefix "loader_end:\n"

__asm__(".pushsection .rodata\n" LOADER("", LOADER_FILE, LOADER_DATA_SIZE)
		LOADER("copies_", COPIES_LOADER_FILE,
		       COPIES_LOADER_DATA_SIZE) ".popsection\n");
/* Hidden: otherwise the linker for arm64 gives all of them the same address. */
#define LABEL extern const char __attribute__((visibility("hidden")))
LABEL loader_data[], loader_code[], loader_end[];
LABEL copies_loader_data[], copies_loader_code[], copies_loader_end[];

int refuse_recording(struct failure *why, const char *what, int err)
{
	return set_failure(why, STATUS_OWN_FAILURE, "bpf: %s: %s", what,
			   strerror(-err));
}

/* Says why the programs cannot run on this machine, as far as it is known. */
static int explain_load(struct failure *why, const char *step, int err)
{
	if (err == -EPERM)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "bpf: %s: %s (CAP_BPF and CAP_PERFMON are "
				   "needed, or kernel lockdown forbids it)",
				   step, strerror(-err));
	return set_failure(why, STATUS_OWN_FAILURE,
			   "bpf: %s: %s (Linux 6.1 can do it)", step,
			   strerror(-err));
}

static int load_copies(struct loader_context *context, struct failure *why)
{
	const char *step;
	int err;

	context->head.size = sizeof(*context);
	err = run_loader(&context->head, copies_loader_data,
			 copies_loader_code - copies_loader_data,
			 copies_loader_code,
			 copies_loader_end - copies_loader_code, &step);
	return err ? explain_load(why, step, err) : 0;
}

/* Programs that are not there keep the descriptor 0. */
static int load_single(struct loader_context *context, struct failure *why)
{
	struct {
		struct loader_head head;
		struct recording_maps maps;
		struct single_programs programs;
	} single = { .head.size = sizeof(single), .maps = context->maps };
	const char *step;
	int err =
		run_loader(&single.head, loader_data, loader_code - loader_data,
			   loader_code, loader_end - loader_code, &step);

	if (err)
		return explain_load(why, step, err);
	context->maps = single.maps;
#define TAKE(name) context->programs.name = single.programs.name;
	RECORDING_PROGRAMS(TAKE)
#undef TAKE
	return 0;
}

static const void *map_array(int fd, size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static void set_sizes(struct recording *recording, bool apart)
{
	struct recording_maps *maps = &recording->context.maps;

	recording->max_programs = apart ? NODE_PROGRAMS : MAX_PROGRAMS;
	recording->max_paths =
		apart || recording->files ? NODE_PATHS : MAX_PATHS;
	maps->programs.max_entries = maps->program_of.max_entries =
		maps->value_counts.max_entries = recording->max_programs;
	maps->paths.max_entries = maps->path_of.max_entries =
		recording->max_paths;
	maps->uses.max_entries = recording->files ? MAX_USES : 1;
	maps->values.max_entries = apart ? NODE_VALUES : ALL_VALUES;
}

static int load(struct recording *recording, const struct fixed *fixed,
		struct failure *why)
{
	struct loader_context *context = &recording->context;

	_Static_assert(sizeof(struct shared) <= PAGE_SIZE, "one page of it");
	if (access(BTF, R_OK))
		return set_failure(why, STATUS_OWN_FAILURE,
				   "bpf: " BTF
				   ": %s (the kernel must be built with "
				   "CONFIG_DEBUG_INFO_BTF)",
				   strerror(errno));
	recording->shared = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (recording->shared == MAP_FAILED)
		return refuse_recording(why, "memory", -errno);
	context->maps.bss.initial = (uint64_t)(uintptr_t)recording->shared;
	context->maps.rodata_fixed.initial = (uint64_t)(uintptr_t)fixed;
	if (recording->release >= TASKS_INTERRUPTED ? load_copies(context, why)
						    : load_single(context, why))
		return -1;
	if (mmap(recording->shared, PAGE_SIZE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, context->maps.bss.fd, 0) == MAP_FAILED)
		return refuse_recording(why, "variables", -errno);
	recording->programs = map_array(context->maps.programs.fd,
					recording->max_programs *
						sizeof(struct program_calls));
	recording->paths =
		map_array(context->maps.paths.fd,
			  recording->max_paths * sizeof(struct path_names));
	recording->ring_consumer = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
					MAP_SHARED, context->maps.events.fd, 0);
	recording->ring_producer =
		mmap(NULL, PAGE_SIZE + 2 * RING_SIZE, PROT_READ, MAP_SHARED,
		     context->maps.events.fd, PAGE_SIZE);
	if (!recording->programs || !recording->paths ||
	    recording->ring_consumer == MAP_FAILED ||
	    recording->ring_producer == MAP_FAILED)
		return refuse_recording(why, "maps", -errno);
	return 0;
}

/* The index of each program. */
#define PLACE(name) (offsetof(struct recording_programs, name) / sizeof(int))

static int keep_link(struct recording *recording, int link)
{
	if (link < 0)
		return link;
	recording->links[recording->link_count++] = link;
	return 0;
}

/*
 * @tracepoint: NULL if the program has one of its own. Returns 0 or -errno: -ENOENT
 * if the kernel has no such tracepoint.
 */
static int attach_program(struct recording *recording, size_t place,
			  const char *tracepoint)
{
	const int *programs = (const int *)&recording->context.programs;

	return keep_link(recording,
			 attach_tracepoint(programs[place], tracepoint));
}

/*
 * A program and its copies, in the order in which they run.
 * @release: the first one of the kernel that can interrupt them
 * @copies: how many it then needs
 * @tracepoints: NULL if the program has one of its own
 */
struct hook {
	int release;
	uint32_t copies;
	size_t places[CALL_COPIES];
	const char *tracepoints[TRACEPOINTS];
};

#define CALL_HOOK(name)                                                  \
	{                                                                \
		CALLS_INTERRUPTED, CALL_COPIES,                          \
			{ PLACE(name), PLACE(name##_2), PLACE(name##_3), \
			  PLACE(name##_4) },                             \
		{                                                        \
			NULL                                             \
		}                                                        \
	}
#define TASK_HOOK(name, ...)                              \
	{                                                 \
		TASKS_INTERRUPTED, TASK_COPIES,           \
			{ PLACE(name), PLACE(name##_2) }, \
		{                                         \
			__VA_ARGS__                       \
		}                                         \
	}

static const struct hook leave_call = CALL_HOOK(leave_call);
static const struct hook check_capability =
	TASK_HOOK(check_capability, "cap_capable");
/* It was io_uring_submit_sqe before Linux 6.5. */
static const struct hook submit_operation =
	TASK_HOOK(submit_operation, "io_uring_submit_req");
static const struct hook submit_operation_61 =
	TASK_HOOK(submit_operation, "io_uring_submit_sqe");
static const struct hook refuse_operation = {
	INT_MAX, 1, { PLACE(refuse_operation) }, { "io_uring_req_failed" }
};
static const struct hook expect_capability = {
	INT_MAX, 1, { PLACE(expect_capability) }, { NULL }
};
/* Not attached to every kernel, or not always. */
static const struct hook *const other_hooks[] = {
	&leave_call, &check_capability, &expect_capability, &submit_operation,
	&refuse_operation
};
#define OTHER_HOOKS (sizeof(other_hooks) / sizeof(other_hooks[0]))
static const struct hook hooks[] = {
	CALL_HOOK(enter_call),
	TASK_HOOK(make_child),
#if defined(__x86_64__)
	TASK_HOOK(change_task, "sched_process_exec", "sched_process_exit",
		  "emulate_vsyscall"),
#else
	TASK_HOOK(change_task, "sched_process_exec", "sched_process_exit"),
#endif
	TASK_HOOK(move_task),
};
#define HOOK_COUNT (sizeof(hooks) / sizeof(hooks[0]))

static uint32_t needed_copies(const struct recording *recording,
			      const struct hook *hook)
{
	return recording->release >= hook->release ? hook->copies : 1;
}

/* Returns 0 or -errno. */
static int try_hook(struct recording *recording, const struct hook *hook)
{
	int err = 0;

	for (uint32_t i = 0; !err && i < needed_copies(recording, hook); i++) {
		const char *const *tracepoint = hook->tracepoints;

		do
			err = attach_program(recording, hook->places[i],
					     *tracepoint++);
		while (!err && tracepoint < hook->tracepoints + TRACEPOINTS &&
		       *tracepoint);
	}
	return err;
}

static int refuse_attaching(struct failure *why, int err)
{
	return refuse_recording(why, "a program cannot be attached", err);
}

static int attach_hook(struct recording *recording, const struct hook *hook,
		       struct failure *why)
{
	int err = try_hook(recording, hook);

	return err ? refuse_attaching(why, err) : 0;
}

int kernel_release(void)
{
	struct utsname kernel;
	int major, minor;

	if (uname(&kernel) ||
	    sscanf(kernel.release, "%d.%d", &major, &minor) != 2)
		return INT_MAX;
	return major * 100 + minor;
}

/*
 * Whether capabilities can be told by the function that decides. An administrator can
 * have it call nobody (kprobes/enabled of debugfs, kernel.ftrace_enabled), so we ask
 * for one ourselves: a name of this length is refused with or without it.
 */
static bool attach_decision(struct recording *recording)
{
	int program = recording->context.programs.expect_capability;

	if (recording->release >= CAPABILITIES_TRACED ||
	    keep_link(recording, attach_function(program, "cap_capable")))
		return false;
	syscall(SYS_setdomainname, NULL, -1);
	return __atomic_load_n(&recording->shared->orders.expected,
			       __ATOMIC_SEQ_CST);
}

/* If neither works, everything else does. */
static int attach_capabilities(struct recording *recording, struct failure *why)
{
	int err = try_hook(recording, &check_capability);

	if (err && err != -ENOENT)
		return refuse_attaching(why, err);
	recording->capabilities = !err || attach_decision(recording);
	return 0;
}

/* A kernel without the tracepoints of io_uring is recorded without operations. */
static int attach_operations(struct recording *recording, struct failure *why)
{
	int err = try_hook(recording, &submit_operation);

	if (err == -ENOENT)
		err = try_hook(recording, &submit_operation_61);
	if (!err)
		err = try_hook(recording, &refuse_operation);
	if (err && err != -ENOENT)
		return refuse_attaching(why, err);
	recording->operations = !err;
	return 0;
}

ssize_t run_pass(struct recording *recording, enum pass pass, char *text,
		 size_t size)
{
	char nothing[64];
	ssize_t n, length = 0;
	int fd, err = 0;

	recording->shared->orders.pass = pass;
	fd = open_iterator(recording->iterator);
	if (fd < 0)
		return fd;
	do {
		size_t room = size - (size_t)length;

		n = read(fd, room ? text + length : nothing,
			 room ? room : sizeof(nothing));
		if (n > 0 && room)
			length += n;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			err = -errno;
	} while (n > 0 || (n < 0 && !err));
	close(fd);
	return err ? err : length;
}

static int attach(struct recording *recording, struct failure *why)
{
	int err;

	recording->iterator =
		attach_iterator(recording->context.programs.look_at_task);
	if (recording->iterator < 0)
		return refuse_attaching(why, recording->iterator);
	err = (int)run_pass(recording, PASS_OFFSETS, NULL, 0);
	if (err < 0)
		return refuse_attaching(why, err);
	if (recording->release >= TASKS_INTERRUPTED) {
		err = attach_program(recording, PLACE(watch_switch), NULL);
		if (err)
			return refuse_attaching(why, err);
		/* Tasks that it did not see begin to wait go on. */
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	}
	for (size_t i = 0; i < HOOK_COUNT; i++)
		if (attach_hook(recording, &hooks[i], why))
			return -1;
	return attach_capabilities(recording, why) ||
			       attach_operations(recording, why)
		       ? -1
		       : 0;
}

int watch_refusals(struct recording *recording, struct failure *why)
{
	if (!recording->shared->orders.watched &&
	    attach_hook(recording, &leave_call, why))
		return -1;
	__atomic_store_n(&recording->shared->orders.watched, 1,
			 __ATOMIC_SEQ_CST);
	return 0;
}

/* In a container, processes have other numbers than outside. */
static uint32_t own_pid_namespace(void)
{
	struct stat status;

	if (stat("/proc/self/ns/pid", &status) ||
	    status.st_ino == INITIAL_PID_NAMESPACE)
		return 0;
	return (uint32_t)status.st_ino;
}

struct recording *load_recording(int release, enum members members, bool files,
				 struct failure *why)
{
	struct recording *recording = calloc(1, sizeof(*recording));
	struct fixed fixed = { .members = members,
			       .files = files,
			       .by_function = release < CAPABILITIES_TRACED,
			       .pid_namespace = own_pid_namespace() };
	struct stat status;

	if (!recording) {
		refuse_recording(why, "memory", -ENOMEM);
		return NULL;
	}
	recording->release = release;
	recording->members = members;
	recording->files = files;
	if (stat("/proc/self/ns/user", &status) == 0)
		fixed.user_namespace = (uint32_t)status.st_ino;
	set_sizes(recording, members == EACH_CGROUP);
	if (load(recording, &fixed, why)) {
		end_recording(recording);
		return NULL;
	}
	return recording;
}

int begin_recording(struct recording *loaded, struct failure *why)
{
	if (attach(loaded, why) == 0 &&
	    (!loaded->files || watch_refusals(loaded, why) == 0))
		return 0;
	end_recording(loaded);
	return -1;
}

/* A link that was never opened is 0, which is standard input. */
static void close_opened(int fd)
{
	if (fd > 0)
		close(fd);
}

static void unmap(const void *memory, size_t size)
{
	if (memory && memory != MAP_FAILED)
		munmap((void *)(uintptr_t)memory, size);
}

void end_recording(struct recording *recording)
{
	const struct loader_map *maps =
		(const struct loader_map *)&recording->context.maps;
	const int *programs = (const int *)&recording->context.programs;

	close_opened(recording->iterator);
	for (size_t i = 0; i < recording->link_count; i++)
		close_opened(recording->links[i]);
	for (size_t i = 0; i < PROGRAM_COUNT; i++)
		close_opened(programs[i]);
	for (size_t i = 0; i < MAP_COUNT; i++)
		close_opened(maps[i].fd);
	unmap(recording->shared, PAGE_SIZE);
	unmap(recording->programs,
	      recording->max_programs * sizeof(struct program_calls));
	unmap(recording->paths,
	      recording->max_paths * sizeof(struct path_names));
	unmap(recording->ring_consumer, PAGE_SIZE);
	unmap(recording->ring_producer, PAGE_SIZE + 2 * RING_SIZE);
	free(recording);
}

int recording_descriptor(const struct recording *recording)
{
	return recording->context.maps.events.fd;
}

void clear_recording_event(struct recording *recording)
{
	unsigned long produced =
		__atomic_load_n(recording->ring_producer, __ATOMIC_ACQUIRE);

	__atomic_store_n(recording->ring_consumer, produced, __ATOMIC_RELEASE);
}

const struct tally *recording_tally(const struct recording *recording)
{
	return &recording->shared->tally;
}

bool finds_members(const struct recording *recording)
{
	return recording->members != STARTED;
}

struct orders *recording_orders(struct recording *recording)
{
	return &recording->shared->orders;
}

uint32_t program_count(const struct recording *recording)
{
	uint32_t count = 1 + recording->shared->tally.programs;

	return count < recording->max_programs ? count
					       : recording->max_programs;
}

/* Adds how often at most the kernel ran none of the copies. */
static int add_misses(const struct recording *recording,
		      const struct hook *hook, uint64_t *misses)
{
	const int *programs = (const int *)&recording->context.programs;
	const struct tally *tally = &recording->shared->tally;
	uint32_t copies = needed_copies(recording, hook), i;
	uint64_t least = UINT64_MAX;

	if (!programs[hook->places[0]] ||
	    (copies == CALL_COPIES && !tally->no_call_copy) ||
	    (copies == TASK_COPIES && !tally->no_task_copy))
		return 0;
	for (i = 0; i < copies; i++) {
		uint64_t missed;
		int err = count_misses(programs[hook->places[i]], &missed);

		if (err)
			return err;
		if (missed < least)
			least = missed;
	}
	*misses += least;
	return 0;
}

int sum_up_recording(const struct recording *recording, uint64_t *calls,
		     uint64_t *misses, struct failure *why)
{
	int err;

	*calls = *misses = 0;
	for (uint32_t program = 0; program < program_count(recording);
	     program++)
		for (size_t i = 0; i < NUMBERS; i++)
			*calls += recording->programs[program].count[i];
	err = recording->release >= TASKS_INTERRUPTED
		      ? count_misses(recording->context.programs.watch_switch,
				     misses)
		      : 0;
	for (size_t i = 0; !err && i < OTHER_HOOKS; i++)
		err = add_misses(recording, other_hooks[i], misses);
	for (size_t i = 0; !err && i < HOOK_COUNT; i++)
		err = add_misses(recording, &hooks[i], misses);
	return err ? refuse_recording(why, "counters", err) : 0;
}
