// SPDX-License-Identifier: Apache-2.0
/* Loads bpf/record.bpf.c, tells it what to record, and reads the results. */
#include "bpf/recording.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "bpf/kernel_call.h"
#include "bpf/record.inc"

#define CGROUP2_MAGIC 0x63677270
#define BTF	      "/sys/kernel/btf/vmlinux"

/* PROC_PID_INIT_INO of the kernel (include/linux/proc_ns.h). */
#define INITIAL_PID_NAMESPACE 0xeffffffc
#define PAGE_SIZE	      4096L
#define RING_SIZE	      4096L /* the ring buffer's data */

#define PATIENCE 1000 /* for a process that ends, in ms */

/* Each pass over all tasks can find one more generation of children. */
#define MAX_PASSES 1000

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

static int refuse(struct failure *why, const char *what, int err)
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
		return refuse(why, "memory", -errno);
	context->maps.bss.initial = (uint64_t)(uintptr_t)recording->shared;
	context->maps.rodata_fixed.initial = (uint64_t)(uintptr_t)fixed;
	if (recording->release >= TASKS_INTERRUPTED ? load_copies(context, why)
						    : load_single(context, why))
		return -1;
	if (mmap(recording->shared, PAGE_SIZE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, context->maps.bss.fd, 0) == MAP_FAILED)
		return refuse(why, "variables", -errno);
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
		return refuse(why, "maps", -errno);
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
	return refuse(why, "a program cannot be attached", err);
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

/* Runs look_at_task for each task; @text gets what it writes. */
static ssize_t run_pass(struct recording *recording, enum pass pass, char *text,
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
		refuse(why, "memory", -ENOMEM);
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

int record_process(struct recording *recording, pid_t pid, enum called kind,
		   struct failure *why)
{
	struct member member = { .call = CALL_ENTERED, .called = kind };
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	int err;

	if (fd < 0)
		return refuse(why, "the process", -errno);
	__atomic_add_fetch(&recording->shared->tally.alive, 1,
			   __ATOMIC_SEQ_CST);
	/* A member must stay as it is, though it asks to become one again. */
	err = add_element(recording->context.maps.members.fd, &fd, &member);
	if (err)
		__atomic_sub_fetch(&recording->shared->tally.alive, 1,
				   __ATOMIC_SEQ_CST);
	close(fd);
	return err ? refuse(why, "the process cannot be marked", err) : 0;
}

/*
 * Whether a process executes nothing any more. Its end is only counted after that. A
 * process chooses its name, which may hold anything; what follows it holds no bracket.
 */
static bool is_ending(pid_t pid)
{
	char path[32], line[512] = "";
	const char *rest;
	unsigned int flags;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT;
	rest = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
	fclose(file);
	/* If it cannot be read, nothing is known of an end. */
	return rest &&
	       sscanf(rest, ") %*c %*d %*d %*d %*d %*d %u", &flags) == 1 &&
	       flags & PF_EXITING;
}

/*
 * A process that became a member after its end was counted would live for ever. Once it
 * is reaped, this cannot be seen any more, but is more likely.
 */
static void forget_ended(struct recording *recording, pid_t pid)
{
	struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, pid, 0),
			      .events = POLLIN };
	struct member member = { .ended = 0 };

	if (end.fd >= 0) {
		poll(&end, 1, PATIENCE);
		find_element(recording->context.maps.members.fd, &end.fd,
			     &member);
		close(end.fd);
	}
	if (!member.ended)
		__atomic_sub_fetch(&recording->shared->tally.alive, 1,
				   __ATOMIC_SEQ_CST);
}

int record_next_program(struct recording *recording, pid_t pid,
			struct failure *why)
{
	int err;

	recording->shared->orders.base = -1;
	err = record_process(recording, pid, AWAITS_EXEC, why);
	if (!is_ending(pid))
		return err;
	if (!err)
		forget_ended(recording, pid);
	return HAS_ENDED;
}

static uint32_t marked(const struct recording *recording)
{
	return __atomic_load_n(&recording->shared->tally.marked,
			       __ATOMIC_SEQ_CST);
}

/*
 * Makes all wanted tasks members. The hooks watch for new tasks while passes go
 * over all tasks, until a pass finds no new member. Then membarrier(2) makes
 * every processor see the members, and for a task that has been in a call
 * since before, the call is read from its registers.
 */
static int find_wanted(struct recording *recording, struct failure *why)
{
	struct orders *orders = &recording->shared->orders;
	uint32_t before;
	int passes = 0;
	ssize_t err;

	orders->base = -1;
	__atomic_store_n(&orders->arming, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	do {
		before = marked(recording);
		err = run_pass(recording, PASS_MARK, NULL, 0);
		if (err < 0)
			return refuse(why, "tasks", (int)err);
	} while (marked(recording) != before && ++passes < MAX_PASSES);
	if (marked(recording) != before)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "bpf: processes come faster than they can "
				   "be found");
	__atomic_store_n(&orders->arming, 0, __ATOMIC_SEQ_CST);
	if (recording->shared->tally.filters && watch_refusals(recording, why))
		return -1;
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	err = run_pass(recording, PASS_IN_FLIGHT, NULL, 0);
	return err < 0 ? refuse(why, "tasks", (int)err) : 0;
}

int record_tree(struct recording *recording, pid_t pid, struct failure *why)
{
	recording->shared->orders.below = (uint32_t)pid;
	return find_wanted(recording, why);
}

/* The number of a cgroup is the inode number of its folder. */
static int find_cgroup(const char *path, struct orders *orders)
{
	struct file_handle *handle;
	struct statfs file_system;
	struct stat status, above;
	char folder[PATH_MAX];
	uint32_t level = 0;
	int mount, err = 0;

	if (!realpath(path, folder) || statfs(folder, &file_system))
		return -errno;
	if (file_system.f_type != CGROUP2_MAGIC)
		return -EOPNOTSUPP;
	handle = calloc(1, sizeof(*handle) + sizeof(uint64_t));
	if (!handle)
		return -ENOMEM;
	handle->handle_bytes = sizeof(uint64_t);
	if (name_to_handle_at(AT_FDCWD, folder, handle, &mount, 0))
		err = -errno;
	else
		memcpy(&orders->cgroup, handle->f_handle, sizeof(uint64_t));
	free(handle);
	/* Its level is the number of folders above it on the same device. */
	while (!err && strcmp(folder, "/") != 0) {
		char *slash;

		if (stat(folder, &status))
			return -errno;
		slash = strrchr(folder, '/');
		slash[slash == folder] = 0;
		if (stat(folder, &above))
			return -errno;
		if (above.st_dev != status.st_dev)
			break;
		level++;
	}
	orders->cgroup_level = level;
	return err;
}

static int hold_cgroup(const struct recording *recording, const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint32_t first = 0;
	int err;

	if (fd < 0)
		return -errno;
	err = update_element(recording->context.maps.cgroups.fd, &first, &fd);
	close(fd);
	return err;
}

int record_cgroup(struct recording *recording, const char *path,
		  struct failure *why)
{
	int err = find_cgroup(path, &recording->shared->orders);

	if (!err)
		err = hold_cgroup(recording, path);
	if (err == -EOPNOTSUPP)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "%s: not a cgroup of version 2 (they are "
				   "below /sys/fs/cgroup or "
				   "/sys/fs/cgroup/unified)",
				   path);
	if (err)
		return set_failure(why, STATUS_OWN_FAILURE, "%s: %s", path,
				   strerror(-err));
	return find_wanted(recording, why);
}

void close_recording(struct recording *recording)
{
	__atomic_store_n(&recording->shared->orders.closed, 1,
			 __ATOMIC_SEQ_CST);
	/* Waits for the programs that run and may not have seen it. */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

int list_recorded(struct recording *recording, pid_t *pids, int size,
		  struct failure *why)
{
	ssize_t length = run_pass(recording, PASS_LIST, (char *)pids,
				  (size_t)size * sizeof(*pids));
	int count = 0;

	if (length < 0) {
		refuse(why, "tasks", (int)length);
		return -1;
	}
	/* The threads of a process need not follow each other. */
	for (int i = 0; i < length / (ssize_t)sizeof(*pids); i++) {
		int known = 0;

		while (known < count && pids[known] != pids[i])
			known++;
		if (known == count)
			pids[count++] = pids[i];
	}
	return count;
}

/* The first element always exists. */
static uint32_t program_count(const struct recording *recording)
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
	return err ? refuse(why, "counters", err) : 0;
}

static int64_t now_nanos(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Since the epoch. The clock may have been set meanwhile. */
static int64_t millis_of(uint64_t ns)
{
	int64_t age = now_nanos(CLOCK_BOOTTIME) - (int64_t)ns;

	return (now_nanos(CLOCK_REALTIME) - age) / 1000000;
}

static size_t write_call(char *text, size_t size, int number, uint64_t count,
			 uint64_t before, const struct sight *first)
{
	int n = snprintf(text, size, "%d %llu %llu %lld %u %u %llu\n", number,
			 (unsigned long long)count, (unsigned long long)before,
			 (long long)millis_of(first->ns), first->process,
			 first->path, (unsigned long long)first->offset);

	return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

bool recorded_capabilities(const struct recording *recording)
{
	return recording->capabilities;
}

bool recorded_operations(const struct recording *recording)
{
	return recording->operations;
}

/* What a file gives to who executes it; 0 if it gives none. */
static uint64_t capabilities_of_file(const char *path)
{
	struct vfs_ns_cap_data data = { 0 };

	if (getxattr(path, "security.capability", &data, sizeof(data)) < 0)
		return 0;
	return le32toh(data.data[0].permitted) |
	       (uint64_t)le32toh(data.data[1].permitted) << 32;
}

/* The sets of a program, in the order of their structures. */
static size_t write_sets(const struct program_calls *program, uint64_t file,
			 char *text, size_t size)
{
	struct {
		struct capabilities capabilities;
		struct operations operations;
	} sets = { program->capabilities, program->operations };
	size_t length;

	sets.capabilities.file |= file;
	length = (size_t)snprintf(text, size, "%u %u %u %u", program->path,
				  program->in_exec, program->group,
				  program->in_runtime);
	for (size_t i = 0; i < sizeof(sets) / sizeof(uint64_t); i++)
		length += (size_t)snprintf(
			text + length, size - length, " %llx",
			((const unsigned long long *)&sets)[i]);
	length += (size_t)snprintf(text + length, size - length, "\n");
	return length;
}

size_t write_program(const struct recording *recording, uint32_t number,
		     char *text, size_t size)
{
	const struct program_calls *program = &recording->programs[number];
	size_t length;

	if (number >= program_count(recording))
		return 0;
	write_path(recording, program->path, text, size);
	length = write_sets(program, capabilities_of_file(text), text, size);
	for (int i = 0; i < NUMBERS; i++)
		if (program->count[i])
			length += write_call(text + length, size - length, i,
					     program->count[i],
					     program->before[i],
					     &program->first[i]);
	return length;
}

size_t write_others(struct recording *recording, uint32_t *position, char *text,
		    size_t size)
{
	int map = recording->context.maps.others.fd;
	struct other_key *key = &recording->last_other;
	size_t length = 0, n;

	while (next_key(map, *position ? key : NULL, key) == 0) {
		struct other_call call;
		char line[256];
		int head;

		++*position;
		if (find_element(map, key, &call))
			continue;
		head = snprintf(line, sizeof(line), "%u %u ", key->program,
				key->compat);
		n = (size_t)head + write_call(line + head,
					      sizeof(line) - (size_t)head,
					      key->number, call.count,
					      call.before, &call.first);
		memcpy(text + length, line, n);
		length += n;
		if (length + sizeof(line) > size)
			return length;
	}
	*position = 0;
	return length;
}

int watch_call(struct recording *recording, uint32_t place,
	       const struct watched_call *call, struct failure *why)
{
	int err = update_element(recording->context.maps.watched_calls.fd,
				 &place, call);

	return err ? refuse(why, "a call cannot be watched", err) : 0;
}

static bool has_all_values(const struct recording *recording,
			   const struct values_key *key)
{
	struct watched_call call;
	struct value_counts counts;

	return !find_element(recording->context.maps.watched_calls.fd,
			     &key->place, &call) &&
	       !find_element(recording->context.maps.value_counts.fd,
			     &key->program, &counts) &&
	       call.slot && counts.counts[call.slot - 1] <= MAX_VALUES;
}

size_t write_values(struct recording *recording, uint32_t *position, char *text,
		    size_t size)
{
	int map = recording->context.maps.values.fd;
	struct values_key *key = &recording->last_values;
	size_t length = 0;

	while (next_key(map, *position ? key : NULL, key) == 0) {
		++*position;
		length += (size_t)snprintf(text + length, size - length,
					   "%u %u %d %llu %llu %llu\n",
					   key->program, key->place,
					   has_all_values(recording, key),
					   (unsigned long long)key->values[0],
					   (unsigned long long)key->values[1],
					   (unsigned long long)key->values[2]);
		if (length + 128 > size)
			return length;
	}
	*position = 0;
	return length;
}

size_t write_uses(struct recording *recording, uint32_t *position, char *text,
		  size_t size)
{
	int map = recording->context.maps.uses.fd;
	struct use_key *key = &recording->last_use;
	size_t length = 0;

	while (next_key(map, *position ? key : NULL, key) == 0) {
		++*position;
		length += (size_t)snprintf(text + length, size - length,
					   "%u %u %u ", key->program, key->how,
					   key->path);
		for (uint32_t i = 0; i < key->length; i++)
			length += (size_t)snprintf(text + length, size - length,
						   "%02x", key->address[i]);
		text[length++] = '\n';
		if (length + 64 + 2 * MAX_ADDRESS > size)
			return length;
	}
	*position = 0;
	return length;
}

size_t write_path(const struct recording *recording, uint32_t number,
		  char *text, size_t size)
{
	const struct path_names *path = &recording->paths[number];
	size_t length = 0;

	text[0] = 0;
	if (number == PATH_ANONYMOUS || number == PATH_VDSO)
		return (size_t)snprintf(text, size, "%s",
					number == PATH_VDSO ? "[vdso]"
							    : "[anonymous]");
	if (number < FIRST_PATH || number >= recording->max_paths ||
	    path->length > PATH_TEXT || size <= PATH_TEXT + 16)
		return 0;
	/* Of an unmounted file, as /proc shows it. */
	if (path->length == 0)
		return (size_t)snprintf(text, size, "/");
	/* The last name is that of the outermost folder. */
	for (size_t end = path->length; end > 0;) {
		size_t begin = end - 1;

		while (begin > 0 && path->names[begin - 1])
			begin--;
		text[length++] = '/';
		memcpy(text + length, path->names + begin, end - 1 - begin);
		length += end - 1 - begin;
		end = begin;
	}
	if (path->flags)
		length += (size_t)snprintf(text + length, size - length,
					   " (deleted)");
	text[length] = 0;
	return length;
}
