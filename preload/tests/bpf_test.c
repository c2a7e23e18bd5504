// SPDX-License-Identifier: Apache-2.0
/*
 * Forces each counter of struct tally that shows a loss, checks that each call is
 * counted once, however many copies of the programs there are, and that a killed
 * recorder leaves nothing in the kernel. Needs root, and Linux 6.1 with BTF.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "answered.h"
#include "bpf/recording.h"
#include "check.h"

#define CHECK(condition) check(condition, "%s: %s", __func__, #condition)

#define HIGH_NUMBER 100000
#define NUMBER	    600 /* has no place in struct program_calls */

static struct failure why;

/* With the programs of this release of the kernel: 0 needs no copies. */
static int release;

static bool records_files;

/* Starts a process that runs @make when the gate opens. */
static pid_t start(int gate[2], void (*make)(void))
{
	pid_t pid;
	char go;

	CHECK(pipe2(gate, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		if (read(gate[0], &go, 1) == 1)
			make();
		_exit(0);
	}
	return pid;
}

static void open_gate(const int gate[2])
{
	CHECK(write(gate[1], "", 1) == 1);
	close(gate[0]);
	close(gate[1]);
}

static void await(pid_t pid)
{
	CHECK(waitpid(pid, NULL, 0) == pid);
}

static struct recording *begin(enum members members)
{
	struct recording *recording =
		load_recording(release, members, records_files, &why);

	if (!recording || begin_recording(recording, &why))
		fprintf(stderr, "%s\n", why.text);
	CHECK(recording != NULL);
	recording_orders(recording)->base = -1;
	return recording;
}

/* Records a process that runs @make to its end. */
static void run_recorded(struct recording *recording, void (*make)(void),
			 bool denies_storage)
{
	int gate[2];
	pid_t pid = start(gate, make);

	CHECK(record_process(recording, pid, NOT_CALLED, &why) == 0);
	recording_orders(recording)->denies_storage = denies_storage;
	open_gate(gate);
	await(pid);
}

static struct recording *record(void (*make)(void))
{
	struct recording *recording = begin(STARTED);

	run_recorded(recording, make, false);
	return recording;
}

static void make_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void child_without_storage_is_counted(void)
{
	struct recording *recording = begin(STARTED);

	run_recorded(recording, make_child, true);
	CHECK(recording_tally(recording)->lost_tasks ==
	      (release ? TASK_COPIES : 1));
	CHECK(recording_tally(recording)->alive == 0);
	end_recording(recording);
	recording = record(make_child);
	CHECK(recording_tally(recording)->lost_tasks == 0);
	end_recording(recording);
}

static void make_numbers(void)
{
	for (int i = 0; i < MAX_OTHERS + 100; i++)
		syscall(HIGH_NUMBER + i);
}

static void number_without_room_is_counted(void)
{
	struct recording *recording = record(make_numbers);

	CHECK(recording_tally(recording)->lost_others >= 100);
	end_recording(recording);
}

/* A temporary folder, and a program that makes few calls. */
static char folder[4096];
static char program[4096];

static void run_copies(void)
{
	char copy[sizeof(folder) + 16];

	for (int i = 0; i < MAX_PROGRAMS + 10; i++) {
		pid_t pid;

		snprintf(copy, sizeof(copy), "%s/%d", folder, i);
		CHECK(link(program, copy) == 0);
		pid = fork();
		if (pid == 0) {
			close(STDOUT_FILENO);
			execl(copy, copy, NULL);
			_exit(1);
		}
		waitpid(pid, NULL, 0);
		unlink(copy);
	}
}

/* The calls of programs without room are recorded all the same. */
static void program_without_room_is_counted(void)
{
	struct recording *recording = record(run_copies);
	static char text[65536];

	CHECK(recording_tally(recording)->unnamed > 0);
	CHECK(write_program(recording, 0, text, sizeof(text)) > 0);
	CHECK(strstr(text, "\n231 ") || strstr(text, "\n94 "));
	end_recording(recording);
}

static void wait_for_end(void)
{
	pause();
}

/* Makes a chain of children; the last one writes to @told. */
static void make_chain(int length, int told)
{
	while (length-- > 0) {
		pid_t pid = fork();

		if (pid > 0) {
			waitpid(pid, NULL, 0);
			_exit(0);
		}
	}
	CHECK(write(told, "", 1) == 1);
	wait_for_end();
}

static void too_many_ancestors_are_counted(void)
{
	struct recording *recording = begin(FOUND);
	int told[2];
	pid_t first;
	char byte;

	CHECK(pipe(told) == 0);
	first = fork();
	if (first == 0) {
		setpgid(0, 0);
		make_chain(80, told[1]);
	}
	CHECK(read(told[0], &byte, 1) == 1);
	CHECK(record_tree(recording, first, &why) == 0);
	CHECK(recording_tally(recording)->deep > 0);
	CHECK(recording_tally(recording)->marked >= 64);
	kill(-first, SIGKILL);
	await(first);
	end_recording(recording);
}

/* Leaves a child behind, since its caller ends before it is found. */
static void leave_child(void)
{
	if (fork() == 0) {
		sleep(1);
		_exit(0);
	}
}

static void process_that_ends_unfound_is_counted(void)
{
	struct recording *recording = begin(FOUND);
	int gate[2];
	pid_t pid = start(gate, leave_child);

	recording_orders(recording)->below = (unsigned int)pid;
	recording_orders(recording)->arming = 1;
	open_gate(gate);
	await(pid);
	CHECK(recording_tally(recording)->orphans ==
	      (release ? TASK_COPIES : 1));
	/* The hooks saw the fork, so the child is recorded. */
	CHECK(recording_tally(recording)->alive == 1);
	end_recording(recording);
}

static void call_number(void)
{
	syscall(NUMBER);
}

static long call_bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int named[2];

/* Its line in /proc/PID/stat looks like that of a process that ends. */
static void wait_under_misleading_name(void)
{
	prctl(PR_SET_NAME, "x)R 1 1 1 1 1 4");
	CHECK(write(named[1], "", 1) == 1);
	wait_for_end();
}

static void name_does_not_end_a_process(void)
{
	struct recording *recording;
	int gate[2];
	pid_t pid;
	char byte;

	CHECK(pipe(named) == 0);
	pid = start(gate, wait_under_misleading_name);
	open_gate(gate);
	CHECK(read(named[0], &byte, 1) == 1);
	recording = begin(STARTED);
	CHECK(record_next_program(recording, pid, &why) == 0);
	kill(pid, SIGKILL);
	await(pid);
	CHECK(record_next_program(recording, pid, &why) == HAS_ENDED);
	end_recording(recording);
	close(named[0]);
	close(named[1]);
}

#define MAX_PROGRAMS_HELD 64

/* Finds the numbers of the BPF programs that a process holds. */
static int find_programs(pid_t pid, uint32_t *ids)
{
	char path[64], line[128];
	int count = 0;

	for (int fd = 0; fd < 256; fd++) {
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, fd);
		file = fopen(path, "r");
		while (file && fgets(line, sizeof(line), file) != NULL)
			if (count < MAX_PROGRAMS_HELD &&
			    sscanf(line, "prog_id: %u", &ids[count]) == 1)
				count++;
		if (file)
			fclose(file);
	}
	return count;
}

static bool is_loaded(uint32_t id)
{
	union bpf_attr by_id = { .prog_id = id };
	int fd = (int)call_bpf(BPF_PROG_GET_FD_BY_ID, &by_id);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void killed_recorder_leaves_nothing(void)
{
	uint32_t ids[MAX_PROGRAMS_HELD];
	int count, tries = 1000;
	int gate[2], ready[2];
	pid_t target = start(gate, wait_for_end), recorder;
	char byte;

	CHECK(pipe(ready) == 0);
	recorder = fork();
	if (recorder == 0) {
		struct recording *recording = begin(STARTED);

		record_process(recording, target, NOT_CALLED, &why);
		CHECK(write(ready[1], "", 1) == 1);
		wait_for_end();
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	open_gate(gate);
	count = find_programs(recorder, ids);
	CHECK(count > 0);
	kill(recorder, SIGKILL);
	await(recorder);
	/* The kernel unloads programs with a delay. */
	while (count > 0 && --tries > 0)
		if (is_loaded(ids[count - 1]))
			usleep(50000);
		else
			count--;
	CHECK(count == 0);
	CHECK(kill(target, 0) == 0);
	kill(target, SIGKILL);
	await(target);
}

static void call_is_counted_once(void)
{
	struct recording *recording = record(call_number);
	char text[4096];
	uint32_t position = 0;
	uint64_t calls, misses;

	CHECK(sum_up_recording(recording, &calls, &misses, &why) == 0);
	CHECK(misses == 0);
	CHECK(write_others(recording, &position, text, sizeof(text)) > 0);
	CHECK(position == 0);
	CHECK(strncmp(text, "0 0 600 1 0 ", 12) == 0);
	end_recording(recording);
}

/* The calls with this number of the machine's own ABI, of all programs. */
static unsigned long count_of(const struct recording *recording, int number)
{
	static char text[65536];
	unsigned long sum = 0;

	for (uint32_t i = 0; i <= recording_tally(recording)->programs; i++) {
		char line[32], *found;

		CHECK(write_program(recording, i, text, sizeof(text)) > 0);
		snprintf(line, sizeof(line), "\n%d ", number);
		found = strstr(text, line);
		if (found)
			sum += strtoul(found + strlen(line), NULL, 10);
	}
	return sum;
}

#define TIMES 100

static void call_often(void)
{
	for (int i = 0; i < TIMES; i++)
		syscall(SYS_getppid);
}

static void *call_in_thread(void *unused)
{
	call_often();
	return unused;
}

static void call_everywhere(void)
{
	pthread_t threads[4];

	call_often();
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			call_often();
			close(STDOUT_FILENO);
			execl(program, program, NULL);
			_exit(1);
		}
		waitpid(pid, NULL, 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, call_in_thread, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

static void each_call_is_counted_once(void)
{
	struct recording *recording = record(call_everywhere);

	CHECK(count_of(recording, SYS_getppid) == 25 * TIMES);
	CHECK(count_of(recording, SYS_execve) == 20);
	CHECK(recording_tally(recording)->processes == 21);
	CHECK(recording_tally(recording)->alive == 0);
	CHECK(recording_tally(recording)->unnamed == 0);
	end_recording(recording);
}

static const unsigned int mark[2] = { 0x12345678, 0x9abcdef0 };

/* Loads a filter that asks about nothing, and has two values. */
static void call_under(unsigned int first, unsigned int second)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first, 0, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, second, 0, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { .len = 4, .filter = code };
	pid_t pid;

	call_often();
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
	call_often();
	pid = fork();
	if (pid == 0) {
		call_often();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void call_marked(void)
{
	call_under(mark[0], mark[1]);
}

static void call_marked_elsewhere(void)
{
	CHECK(unshare(CLONE_NEWNS) == 0);
	call_marked();
}

static void call_half_marked(void)
{
	call_under(mark[0], mark[0]);
}

static void run_while_recorded(void (*make)(void))
{
	int gate[2];
	pid_t pid = start(gate, make);

	open_gate(gate);
	await(pid);
}

static void execute_itself(void)
{
	close(STDOUT_FILENO);
	execl("/proc/self/exe", "bpf_test", NULL);
}

static void execute_itself_marked(void)
{
	call_marked();
	execute_itself();
}

static bool is_of(struct recording *recording, uint32_t number,
		  unsigned int exec, unsigned int runtime)
{
	unsigned int path, group, found[2] = { 2, 2 };
	static char text[65536];

	CHECK(write_program(recording, number, text, sizeof(text)) > 0);
	sscanf(text, "%u %u %u %u", &path, &found[0], &group, &found[1]);
	return found[0] == exec && found[1] == runtime;
}

/* Who loads a filter with the mark; the second one in a mount namespace is an exec. */
static void marked_filter_is_counted(void)
{
	struct recording *recording = begin(FOUND);
	const struct tally *tally = recording_tally(recording);

	memcpy(recording_orders(recording)->mark, mark, sizeof(mark));
	run_while_recorded(call_half_marked);
	CHECK(tally->listeners == 0 && tally->programs == 0);
	run_while_recorded(call_marked);
	run_while_recorded(call_marked_elsewhere);
	CHECK(tally->listeners == 2 && tally->programs == 1);
	CHECK(count_of(recording, SYS_getppid) == 4 * TIMES);
	run_while_recorded(call_marked);
	CHECK(tally->listeners == 3 && tally->programs == 2);
	CHECK(tally->alive == 0 && tally->unnamed == 0);
	CHECK(is_of(recording, 1, 0, 1) && is_of(recording, 2, 1, 1));
	CHECK(count_of(recording, SYS_getppid) == 6 * TIMES);
	/* What is executed under the mark is the container's, whatever its name is. */
	run_while_recorded(execute_itself_marked);
	CHECK(tally->programs == 3 && is_of(recording, 3, 1, 0));
	end_recording(recording);
}

#define BIT(capability) (1ULL << (capability))
#define NOBODY		65534

static void take_memory(void)
{
	munmap(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	       4096);
	make_child();
}

static void change_group(void)
{
	syscall(SYS_setgid, 1);
}

static void load_filter(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET, SECCOMP_RET_ALLOW);
	struct sock_fprog filter = { 1, &allow };

	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

static struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
						0 };

/* Names a capability that it never uses. */
static void name_capability(void)
{
	struct __user_cap_data_struct data[2] = { { .permitted = BIT(
							    CAP_NET_RAW) } };

	syscall(SYS_capset, &head, data);
}

/* Gets all that it has from the kernel, and changes nothing. */
static void keep_capabilities(void)
{
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &head, data);
	syscall(SYS_capset, &head, data);
}

static void execute_file_with_capability(void)
{
	struct vfs_cap_data data = { VFS_CAP_REVISION_2 |
					     VFS_CAP_FLAGS_EFFECTIVE,
				     { { BIT(CAP_NET_RAW), 0 } } };

	setxattr(program, "security.capability", &data, sizeof(data), 0);
	syscall(SYS_setuid, NOBODY);
	close(STDOUT_FILENO);
	execl(program, program, NULL);
}

static void own_namespace(void)
{
	syscall(SYS_setuid, NOBODY);
	unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

static void ask_without(void)
{
	syscall(SYS_setuid, NOBODY);
	syscall(SYS_setgid, 1);
	syscall(SYS_mmap, NULL, 4096, 0, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void ask_for_what_is_not_there(void)
{
	prctl(PR_CAPBSET_DROP, CAP_SETGID, 0, 0, 0);
	ask_without();
}

/* The kernel makes the file in the folder of the one who mounted the file system. */
static void create_in_overlay(void)
{
	unshare(CLONE_NEWNS);
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	mount("none", folder, "tmpfs", 0, NULL);
	umask(0);
	if (chdir(folder) || mkdir("lower", 0777) || mkdir("upper", 0777) ||
	    mkdir("work", 0700) ||
	    mount("none", "lower", "overlay", 0,
		  "lowerdir=lower,upperdir=upper,workdir=work"))
		_exit(1);
	syscall(SYS_setuid, NOBODY);
	close(open("lower/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
}

/* A ring, and how many requests it was given. */
struct ring {
	int fd;
	unsigned int flags, count;
	struct io_uring_params params;
	char *queue;
	struct io_uring_sqe *requests;
};

static struct ring make_ring(unsigned int flags)
{
	struct ring ring = { .flags = flags,
			     .params = { .flags = flags,
					 .sq_thread_idle = 1000 } };

	ring.fd = (int)syscall(SYS_io_uring_setup, 8, &ring.params);
	if (ring.fd < 0)
		_exit(1);
	ring.queue =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQ_RING);
	ring.requests =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQES);
	return ring;
}

static struct io_uring_sqe *add_request(struct ring *ring, int operation)
{
	struct io_uring_sqe *request = &ring->requests[ring->count];
	unsigned int *places =
		(unsigned int *)(ring->queue + ring->params.sq_off.array);

	places[ring->count] = ring->count;
	ring->count++;
	request->opcode = (__u8)operation;
	request->fd = -1;
	return request;
}

static void submit(const struct ring *ring)
{
	bool polled = ring->flags & IORING_SETUP_SQPOLL;

	__atomic_store_n(
		(unsigned int *)(ring->queue + ring->params.sq_off.tail),
		ring->count, __ATOMIC_RELEASE);
	syscall(SYS_io_uring_enter, ring->fd, ring->count, ring->count,
		IORING_ENTER_GETEVENTS | (polled ? IORING_ENTER_SQ_WAKEUP : 0),
		NULL, 0);
}

/* A thread of the kernel opens a file of somebody else. */
static void open_through_ring(void)
{
	struct ring ring = make_ring(IORING_SETUP_SQPOLL);
	struct io_uring_sqe *request = add_request(&ring, IORING_OP_OPENAT);

	request->fd = AT_FDCWD;
	request->addr = (uintptr_t)folder;
	request->open_flags = O_RDONLY;
	submit(&ring);
}

#define NO_OPERATION 200
#define OPERATIONS                                                          \
	(BIT(IORING_OP_NOP) | BIT(IORING_OP_FSYNC) | BIT(IORING_OP_CLOSE) | \
	 BIT(IORING_OP_READ))

/* Those of rings or clone3 in the row that is tried, or the way into strict mode. */
static uint64_t flags;

/* One is unknown, and one has flags that are: the kernel refuses both at once. */
static void submit_by_flags(void)
{
	struct ring ring =
		make_ring((unsigned int)flags | IORING_SETUP_SUBMIT_ALL);

	add_request(&ring, IORING_OP_NOP);
	add_request(&ring, IORING_OP_FSYNC);
	add_request(&ring, NO_OPERATION);
	add_request(&ring, IORING_OP_CLOSE);
	add_request(&ring, IORING_OP_READ)->flags = 0x80;
	submit(&ring);
}

/* Its parent has made the ring. */
static void submit_by_child(void)
{
	struct ring ring = make_ring(0);
	pid_t pid = fork();

	if (pid == 0) {
		add_request(&ring, IORING_OP_NOP);
		submit(&ring);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void register_operations(void)
{
	struct ring ring = make_ring(0);

	syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PROBE, NULL, 0);
	syscall(SYS_io_uring_register, ring.fd,
		IORING_UNREGISTER_FILES | IORING_REGISTER_USE_REGISTERED_RING,
		NULL, 0);
	syscall(SYS_io_uring_register, ring.fd, 1000, NULL, 0);
}

/* Masks that nobody else may set are compared as a whole. */
static const struct {
	const char *name;
	void (*make)(void);
	uint64_t granted, capset, file, inside, refused, lacking;
	bool borrows; /* of which the kernel's version decides what */
} asked[] = {
	{ "take_memory", take_memory, .granted = 0 },
	{ "change_group", change_group, .granted = BIT(CAP_SETGID) },
	{ "load_filter", load_filter, .granted = BIT(CAP_SYS_ADMIN) },
	{ "name_capability", name_capability, .capset = BIT(CAP_NET_RAW) },
	{ "keep_capabilities", keep_capabilities, .granted = 0 },
	{ "execute_file", execute_file_with_capability,
	  .granted = BIT(CAP_SETUID) | BIT(CAP_SETFCAP),
	  .file = BIT(CAP_NET_RAW) },
	{ "own_namespace", own_namespace, .granted = BIT(CAP_SETUID),
	  .inside = BIT(CAP_SYS_ADMIN) },
	{ "create_in_overlay", create_in_overlay,
	  .granted = BIT(CAP_SETUID) | BIT(CAP_SYS_ADMIN), .borrows = true },
	{ "ask_without", ask_without, .granted = BIT(CAP_SETUID),
	  .refused = BIT(CAP_SETGID) },
	{ "ask_for_what_is_not_there", ask_for_what_is_not_there,
	  .granted = BIT(CAP_SETUID) | BIT(CAP_SETPCAP),
	  .lacking = BIT(CAP_SETGID) },
	{ "open_through_ring", open_through_ring,
	  .granted = BIT(CAP_DAC_READ_SEARCH) },
};

static const struct {
	const char *name;
	void (*make)(void);
	uint64_t submitted, polled, shared, registered, flags;
	bool refused;
} submitted[] = {
	{ "submit_plainly", submit_by_flags, OPERATIONS, .refused = true },
	{ "submit_by_thread", submit_by_flags, OPERATIONS, OPERATIONS,
	  .flags = IORING_SETUP_SQPOLL, .refused = true },
	{ "submit_deferred", submit_by_flags, OPERATIONS,
	  .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
	  .refused = true },
	{ "submit_by_child", submit_by_child, BIT(IORING_OP_NOP),
	  .shared = BIT(IORING_OP_NOP) },
	{ "register_operations", register_operations,
	  .registered = BIT(IORING_REGISTER_PROBE) |
			BIT(IORING_UNREGISTER_FILES) | BIT(LAST_REGISTERED) },
	{ "take_memory", take_memory, .submitted = 0 },
};

#define SETS 22

/* The sets of all programs, those of capabilities and then of operations. */
static void sum_masks(const struct recording *recording, uint64_t *masks)
{
	static char text[65536];

	for (uint32_t i = 0; i <= recording_tally(recording)->programs; i++) {
		char *end;

		CHECK(write_program(recording, i, text, sizeof(text)) > 0);
		for (int j = 0; j < 4; j++)
			strtoul(j == 0 ? text : end, &end, 10);
		for (int j = 0; j < SETS; j++)
			masks[j] |= strtoull(end, &end, 16);
	}
}

static void capabilities_are_recorded(void)
{
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct recording *recording;
		uint64_t is[SETS] = { 0 };
		struct stat own;

		/* Its root may only come in as root. */
		CHECK(chmod(folder, 0700) == 0 && stat(folder, &own) == 0);
		CHECK(chown(folder, NOBODY, NOBODY) == 0);
		recording = record(asked[i].make);
		CHECK(chown(folder, own.st_uid, own.st_gid) == 0);
		if (!recorded_capabilities(recording))
			return end_recording(recording);
		sum_masks(recording, is);
		check(is[0] == asked[i].granted && is[2] == asked[i].capset &&
			      is[3] == asked[i].file &&
			      !is[4] != asked[i].borrows &&
			      is[5] == asked[i].inside &&
			      is[6] == asked[i].refused &&
			      is[7] == asked[i].lacking &&
			      /* Not kept for checks about memory alone. */
			      (is[8] != 0 || asked[i].make == take_memory),
		      "%s: %lx %lx %lx %lx %lx %lx %lx %lx %lx", asked[i].name,
		      is[0], is[1], is[2], is[3], is[4], is[5], is[6], is[7],
		      is[8]);
		removexattr(program, "security.capability");
		end_recording(recording);
	}
}

static void operations_are_recorded(void)
{
	for (size_t i = 0; i < sizeof(submitted) / sizeof(submitted[0]); i++) {
		struct recording *recording;
		uint64_t is[SETS] = { 0 };
		const uint64_t *set = is + 9;
		uint64_t refused =
			submitted[i].refused ? BIT(NO_OPERATION % 64) : 0;

		flags = submitted[i].flags;
		recording = record(submitted[i].make);
		CHECK(recorded_operations(recording));
		sum_masks(recording, is);
		check(set[0] == submitted[i].submitted && set[3] == refused &&
			      set[4] == submitted[i].polled &&
			      set[8] == submitted[i].shared &&
			      set[12] == submitted[i].registered,
		      "%s: %lx %lx %lx %lx %lx", submitted[i].name, set[0],
		      set[3], set[4], set[8], set[12]);
		end_recording(recording);
	}
}

#define PROBED_NAMESPACE CLONE_NEWUTS
#define PROBED_VALUES	 "1 67108864 0 0"
#define NAMESPACES	 0x7e020080

/* Has socket, and clone3's namespaces, recorded. */
static void watch(struct recording *recording)
{
	struct watched_call clone3 = { .slot = 1, .masks = { NAMESPACES } };
	struct watched_call sockets = { .slot = 2,
					.count = 2,
					.arguments = { 0, 2 },
					.masks = { 0xffffffff, 0xffffffff } };
	struct watched_call sends = { .slot = 3,
				      .count = 2,
				      .arguments = { 3, 4 | WATCHED_ANY },
				      .masks = { 1, ~0ULL } };
	struct watched_call opens = {
		.slot = 4,
		.count = 2,
		.arguments = { 2 | 1 << WATCHED_WORD,
			       2 | WATCHED_ANY | 2 << WATCHED_WORD },
		.masks = { 06000, ~0ULL }
	};

	CHECK(watch_call(recording, CALL_CLONE3, &clone3, &why) == 0);
	CHECK(watch_call(recording, SYS_socket, &sockets, &why) == 0);
	CHECK(watch_call(recording, SYS_sendto, &sends, &why) == 0);
	CHECK(watch_call(recording, SYS_openat2, &opens, &why) == 0);
}

static struct recording *record_values(void (*make)(void), bool refused)
{
	struct recording *recording = begin(STARTED);

	watch(recording);
	CHECK(!refused || watch_refusals(recording, &why) == 0);
	run_recorded(recording, make, false);
	return recording;
}

/* @rest: whether these are all values, and the values. */
static bool has_values(struct recording *recording, long number,
		       const char *rest)
{
	static char text[65536];
	char line[64];
	uint32_t position = 0;
	size_t length = write_values(recording, &position, text, sizeof(text));

	snprintf(line, sizeof(line), " %ld %s\n", number, rest);

	text[length] = 0;
	return strstr(text, line) != NULL;
}

static void make_sockets(void)
{
	/* The kernel reads an int of each. */
	syscall(SYS_socket, 0xff00000001UL, SOCK_STREAM, 7);
	syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 12);
	for (int i = 0; i < TIMES; i++)
		syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 12);
}

static void make_many_sockets(void)
{
	for (int i = 0; i < MAX_VALUES + 1; i++)
		syscall(SYS_socket, AF_UNIX, SOCK_STREAM, i);
}

static void send_and_open(void)
{
	__u64 how[] = { O_CREAT, 04755, 8 };

	syscall(SYS_sendto, -1, NULL, 0, MSG_OOB | MSG_DONTWAIT, NULL, 0);
	syscall(SYS_sendto, -1, NULL, 0, 0, how, 0xff00000000UL);
	syscall(SYS_openat2, -1, "", how, sizeof(how));
	how[1] = how[2] = 0;
	syscall(SYS_openat2, -1, "", how, sizeof(how));
}

static void open_in_no_memory(void)
{
	syscall(SYS_openat2, -1, "", 8, 24);
}

struct clone3_arguments {
	__u64 fields[11];
};

static const struct clone3_arguments plain = { .fields = { [4] = SIGCHLD } };

static void clone_by(const struct clone3_arguments *arguments)
{
	long pid = syscall(CALL_CLONE3, arguments, sizeof(*arguments));

	if (pid == 0)
		_exit(0);
	waitpid((pid_t)pid, NULL, 0);
}

static void clone_by_flags(void)
{
	struct clone3_arguments arguments = plain;

	arguments.fields[0] = flags;
	clone_by(&arguments);
}

/* In a page of a file that the process has never touched. */
static void clone_from_untouched_page(void)
{
	struct clone3_arguments arguments = plain;
	int fd = memfd_create("arguments", 0);

	arguments.fields[0] = PROBED_NAMESPACE;
	CHECK(write(fd, &arguments, sizeof(arguments)) == sizeof(arguments));
	clone_by(mmap(NULL, sizeof(arguments), PROT_READ, MAP_SHARED, fd, 0));
}

static struct clone3_arguments changing;
static bool changed;

/* Changes the flags all the time. */
static void *change(void *unused)
{
	(void)unused;
	while (!__atomic_load_n(&changed, __ATOMIC_SEQ_CST))
		changing.fields[0] ^= PROBED_NAMESPACE;
	return NULL;
}

static ino_t namespace_here(void)
{
	struct stat status;

	CHECK(stat("/proc/self/ns/uts", &status) == 0);
	return status.st_ino;
}

/* Until the kernel took the flags as they are while they are changed. */
static void clone_with_changing_flags(void)
{
	ino_t ours = namespace_here();
	pthread_t thread;
	int taken = 0;

	clone_by(&plain);
	changing = plain;
	pthread_create(&thread, NULL, change, NULL);
	for (int i = 0; !taken && i < 1000 * TIMES; i++) {
		long pid = syscall(CALL_CLONE3, &changing, sizeof(changing));

		if (pid == 0)
			_exit(namespace_here() != ours);
		waitpid((pid_t)pid, &taken, 0);
	}
	changed = true;
	pthread_join(thread, NULL);
}

static void clone_across_pages(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct clone3_arguments *arguments = (void *)(pages + page - 8);

	arguments->fields[0] = PROBED_NAMESPACE;
	arguments->fields[4] = SIGCHLD;
	clone_by(arguments);
}

/* A process number that it chooses can be asked for by clone3 alone. */
static void clone_with_number(void)
{
	struct clone3_arguments arguments = plain;
	int number = 7;

	arguments.fields[8] = (__u64)(uintptr_t)&number;
	arguments.fields[9] = 1;
	clone_by(&arguments);
}

#define CLEAR_SIGHAND 0x100000000ULL

static void refuse(unsigned int number, long mode)
{
	struct sock_filter code[] = { ANSWERING(number,
						SECCOMP_RET_ERRNO | EPERM) };
	struct sock_fprog filter = { .len = 4, .filter = code };

	syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* This has the same number and is made at the same instruction. */
	syscall(SYS_prctl, mode, SECCOMP_MODE_FILTER, &filter, 0, 0);
}

/* Like call_refused(): also a filter of the program's own may refuse clone3. */
static void clone_refused(void)
{
	refuse(CALL_CLONE3, PR_SET_SECCOMP);
	clone_by_flags();
}

static const struct {
	void (*make)(void);
	long number;
	const char *values;
	uint64_t flags;
	bool missing, refused;
} kept[] = {
	{ make_sockets, SYS_socket, .values = "1 1 7 0" },
	{ make_sockets, SYS_socket, .values = "1 16 12 0" },
	{ make_many_sockets, SYS_socket, .values = "0 1 0 0" },
	{ send_and_open, SYS_sendto, .values = "1 1 0 0" },
	{ send_and_open, SYS_sendto, .values = "1 0 1 0" },
	{ send_and_open, SYS_openat2, .values = "1 2048 1 0" },
	{ send_and_open, SYS_openat2, .values = "1 0 0 0" },
	{ open_in_no_memory, SYS_openat2, .values = "1 0 0 0",
	  .missing = true },
	{ clone_by_flags, CALL_CLONE3, .values = "1 0 0 0" },
	{ clone_from_untouched_page, CALL_CLONE3, .values = PROBED_VALUES },
	{ clone_across_pages, CALL_CLONE3, .values = PROBED_VALUES },
	/* As posix_spawn of glibc does. */
	{ clone_by_flags, CALL_CLONE3, .values = "1 0 0 0",
	  .flags = CLEAR_SIGHAND | CLONE_VM | CLONE_VFORK },
	{ clone_by_flags, CALL_CLONE3, .values = "1 1 0 0",
	  .flags = CLEAR_SIGHAND },
	{ clone_with_number, CALL_CLONE3, .values = "1 1 0 0" },
	{ clone_refused, CALL_CLONE3, .values = PROBED_VALUES,
	  .flags = PROBED_NAMESPACE, .refused = true },
};

static void values_are_recorded(void)
{
	struct recording *recording;

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]);) {
		void (*make)(void) = kept[i].make;

		flags = kept[i].flags;
		recording = record_values(make, kept[i].refused);
		/* The next rows may be about the same calls. */
		do
			check(has_values(recording, kept[i].number,
					 kept[i].values) != kept[i].missing,
			      "values: row %zu", i);
		while (++i < sizeof(kept) / sizeof(kept[0]) &&
		       kept[i].make == make && kept[i].flags == flags);
		end_recording(recording);
	}
	/*
	 * While a thread changes a page, it may be unreadable for a moment: then the
	 * recording says at the plain clone that it does not know all.
	 */
	recording = record_values(clone_with_changing_flags, false);
	CHECK(has_values(recording, CALL_CLONE3, PROBED_VALUES) ||
	      has_values(recording, CALL_CLONE3, "0 0 0 0"));
	end_recording(recording);
}

static void open_files(void)
{
	struct open_how how = { .flags = O_PATH };
	int dir = open(folder, O_RDONLY | O_DIRECTORY);

	close(openat(dir, "created", O_CREAT | O_RDWR, 0600));
	symlinkat("created", dir, "link");
	close(openat(dir, "link", O_RDONLY));
	close(openat(dir, "link", O_CREAT | O_WRONLY, 0600));
	close((int)syscall(SYS_openat2, dir, "link", &how, sizeof(how)));
	close(openat(dir, "missing", O_RDONLY));
	unlinkat(dir, "link", 0);
	unlinkat(dir, "created", 0);
}

/* Of two sockets, one has a port and one a name; nobody listens to what is asked for last. */
static void use_addresses(void)
{
	struct sockaddr_un name = { AF_UNIX, "\1x" },
			   other = { AF_UNIX, "/nobody" };
	struct sockaddr_in port = { .sin_family = AF_INET, .sin_port = 0x1200 };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	int waiting = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	name.sun_path[0] = 0;
	bind(listener, (struct sockaddr *)&name, 4);
	listen(listener, 1);
	connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, 4);
	bind(waiting, (struct sockaddr *)&port, sizeof(port));
	connect(listener, (struct sockaddr *)&other, sizeof(other));
}

/* The last ones have no room. */
static void open_too_many(void)
{
	int dir = open(folder, O_RDONLY | O_DIRECTORY);

	for (int i = 0; i < USE_PATHS + 10; i++) {
		char file[16];

		snprintf(file, sizeof(file), "%d", i);
		close(openat(dir, file, O_CREAT | O_WRONLY, 0600));
		unlinkat(dir, file, 0);
	}
	make_child();
}

static const struct {
	void (*make)(void);
	uint32_t how;
	const char *path, *address;
	bool missing;
} used[] = {
	{ open_files, USE_READ | USE_WRITE | USE_CREATE, .path = "/created" },
	{ open_files, USE_READ, .path = "/created" },
	{ open_files, USE_WRITE, .path = "/created" },
	{ open_files, USE_LOOK_UP, .path = "/created" },
	{ open_files, USE_READ, .path = "/link", .missing = true },
	{ open_files, USE_READ, .path = "/missing", .missing = true },
	{ use_addresses, USE_BIND, .address = "01000078" },
	{ use_addresses, USE_CONNECT, .address = "01000078" },
	{ use_addresses, USE_BIND,
	  .address = "02000012000000000000000000000000" },
	{ call_everywhere, USE_EXECUTE, .path = "/hello" },
};

/* How often the paths that end with this, or the address, were used in this way. */
static int count_uses(struct recording *recording, uint32_t how,
		      const char *path, const char *address)
{
	static char text[65536], name[PATH_TEXT + 64], hex[2 * MAX_ADDRESS + 1];
	uint32_t position = 0;
	int count = 0;

	do {
		size_t length = write_uses(recording, &position, text,
					   sizeof(text) - 1);

		text[length] = 0;
		for (char *line = text; *line; line = strchr(line, '\n') + 1) {
			unsigned int is, number;

			*hex = 0;
			sscanf(line, "%*u %u %u%*c%224[0-9a-f]", &is, &number,
			       hex);
			length = write_path(recording, number, name,
					    sizeof(name));
			count +=
				is == how && strcmp(hex, address) == 0 &&
				length >= strlen(path) &&
				strcmp(name + length - strlen(path), path) == 0;
		}
	} while (position);
	return count;
}

static void uses_are_recorded(void)
{
	struct recording *recording;

	records_files = true;
	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]);) {
		void (*make)(void) = used[i].make;

		recording = record(make);
		do
			check(count_uses(recording, used[i].how,
					 used[i].path ?: "",
					 used[i].address ?: "") ==
				      !used[i].missing,
			      "uses: row %zu", i);
		while (++i < sizeof(used) / sizeof(used[0]) &&
		       used[i].make == make);
		CHECK(recording_tally(recording)->lost_uses == 0);
		end_recording(recording);
	}
	recording = record(open_too_many);
	CHECK(recording_tally(recording)->lost_uses >= 10);
	/* None has taken the place of an executable's path. */
	CHECK(recording_tally(recording)->unnamed == 0);
	CHECK(count_uses(recording, USE_WRITE | USE_CREATE, " (deleted)", "") ==
	      0);
	end_recording(recording);
	records_files = false;
	recording = record(open_files);
	CHECK(count_uses(recording, USE_READ, "", "") == 0);
	end_recording(recording);
}

static void call_refused(void)
{
	call_often();
	/* The kernel ignores the upper half of the first argument. */
	refuse(SYS_getppid, PR_SET_SECCOMP | 1L << 32);
	call_often();
}

static void refused_call_is_counted_once(void)
{
	struct recording *recording = begin(STARTED);

	CHECK(watch_refusals(recording, &why) == 0);
	run_recorded(recording, call_refused, false);
	CHECK(count_of(recording, SYS_getppid) == 2 * TIMES);
	CHECK(count_of(recording, SYS_prctl) == 2);
	CHECK(recording_tally(recording)->filters == 1);
	CHECK(recording_tally(recording)->unwatched == 0);
	end_recording(recording);
}

static void call_in_strict_mode(void)
{
	if (flags)
		syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL);
	else
		syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0,
			0);
	syscall(SYS_getppid);
}

/* The kernel ends the process for this call, which enter_call does not see. */
static void call_that_strict_mode_refuses_is_counted(void)
{
	for (flags = 0; flags < 2; flags++) {
		struct recording *recording = record(call_in_strict_mode);

		CHECK(count_of(recording, SYS_getppid) == 1);
		end_recording(recording);
	}
}

/* A cgroup that is made for a test. */
static char mounted[sizeof(folder) + 8];
static char group[sizeof(mounted) + 16];

/* Returns whether there are cgroups of version 2. */
static bool make_group(void)
{
	snprintf(mounted, sizeof(mounted), "%s/groups", folder);
	snprintf(group, sizeof(group), "%s/bpf_test", mounted);
	CHECK(mkdir(mounted, 0700) == 0);
	if (mount("none", mounted, "cgroup2", 0, NULL)) {
		perror("cgroup2");
		CHECK(!getenv("REQUIRE_KERNEL_TESTS"));
		rmdir(mounted);
		return false;
	}
	CHECK(mkdir(group, 0700) == 0);
	return true;
}

static void remove_group(void)
{
	CHECK(rmdir(group) == 0);
	CHECK(umount(mounted) == 0);
	CHECK(rmdir(mounted) == 0);
}

static void move_to_group(pid_t pid)
{
	char path[sizeof(group) + 16], text[16];
	int fd, n = snprintf(text, sizeof(text), "%d", pid);

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	CHECK(write(fd, text, (size_t)n) == n);
	close(fd);
}

static struct recording *record_group(enum members members)
{
	struct recording *recording = begin(members);

	CHECK(record_cgroup(recording, group, &why) == 0);
	return recording;
}

/* Both ends of pipes by which a process says that it is ready, and may go on. */
static int told[2], gate_of_threads[2];

static void *call_after_gate(void *unused)
{
	char go;

	CHECK(write(told[1], "", 1) == 1);
	if (read(gate_of_threads[0], &go, 1) == 1)
		call_often();
	return unused;
}

static void make_pipes(void)
{
	CHECK(pipe2(told, O_CLOEXEC) == 0);
	CHECK(pipe2(gate_of_threads, O_CLOEXEC) == 0);
}

/* Starts threads that call when they may, in a process that is not recorded. */
static pid_t start_threads(bool without_leader)
{
	pthread_t threads[2];
	pid_t pid;
	char byte;

	make_pipes();
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 2; i++)
			pthread_create(&threads[i], NULL, call_after_gate,
				       NULL);
		if (without_leader)
			syscall(SYS_exit, 0);
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], NULL);
		_exit(0);
	}
	for (int i = 0; i < 2; i++)
		CHECK(read(told[0], &byte, 1) == 1);
	return pid;
}

static void end_threads(pid_t pid)
{
	CHECK(write(gate_of_threads[1], "12", 2) == 2);
	await(pid);
	close(told[0]);
	close(told[1]);
	close(gate_of_threads[0]);
	close(gate_of_threads[1]);
}

static bool has_ended(pid_t thread)
{
	char path[32], text[256] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	return strstr(text, ") Z") != NULL;
}

static void threads_that_move_in_are_counted(void)
{
	struct recording *recording = record_group(FOUND);
	pid_t pid = start_threads(false);

	move_to_group(pid);
	end_threads(pid);
	CHECK(count_of(recording, SYS_getppid) == 2 * TIMES);
	CHECK(recording_tally(recording)->alive == 0);
	end_recording(recording);
}

static void process_without_leader_that_moves_in_is_counted(void)
{
	struct recording *recording = record_group(FOUND);
	pid_t pid = start_threads(true), listed[8];
	int tries = 1000;

	while (!has_ended(pid) && --tries > 0)
		usleep(1000);
	move_to_group(pid);
	/* Its threads sleep, and have made no call there yet. */
	CHECK(list_recorded(recording, listed, 8, &why) == 1);
	CHECK(listed[0] == pid);
	end_threads(pid);
	CHECK(count_of(recording, SYS_getppid) == 2 * TIMES);
	CHECK(recording_tally(recording)->alive == 0);
	end_recording(recording);
}

static void end_under_filter(void)
{
	refuse(SYS_getppid, PR_SET_SECCOMP);
	call_after_gate(NULL);
}

/* Until the calls that its filter refuses are recorded, they are missing. */
static void process_that_moves_in_with_a_filter_is_counted(void)
{
	struct recording *recording = record_group(FOUND);
	int gate[2];
	char byte;
	pid_t pid;

	make_pipes();
	pid = start(gate, end_under_filter);
	open_gate(gate);
	CHECK(read(told[0], &byte, 1) == 1);
	move_to_group(pid);
	CHECK(recording_tally(recording)->unwatched == 1);
	CHECK(recording_tally(recording)->filters == 1);
	CHECK(watch_refusals(recording, &why) == 0);
	end_threads(pid);
	CHECK(count_of(recording, SYS_getppid) == TIMES);
	end_recording(recording);
}

static void execute_itself_in_own_root(void)
{
	CHECK(unshare(CLONE_NEWNS) == 0);
	execute_itself();
}

/* Until it executes something in a root folder of its own, a container is its runtime. */
static void programs_of_container_are_apart(void)
{
	struct recording *recording = record_group(EACH_CGROUP);
	const struct tally *tally = recording_tally(recording);
	int i, gate[2];

	for (i = 1; i <= 2; i++) {
		pid_t pid = start(gate, i == 1 ? execute_itself
					       : execute_itself_in_own_root);

		move_to_group(pid);
		open_gate(gate);
		await(pid);
	}
	CHECK(tally->programs == 3 && tally->unnamed == 0);
	CHECK(is_of(recording, 1, 0, 1) && is_of(recording, 2, 1, 1) &&
	      is_of(recording, 3, 1, 0));
	end_recording(recording);
}

static void run_in_group(void)
{
	if (!make_group())
		return;
	programs_of_container_are_apart();
	threads_that_move_in_are_counted();
	process_without_leader_that_moves_in_is_counted();
	process_that_moves_in_with_a_filter_is_counted();
	remove_group();
}

#if defined(__x86_64__)
#define COMPAT_GETPPID 64

static void call_compat(void)
{
	for (int i = 0; i < TIMES; i++) {
		long result = COMPAT_GETPPID;

		__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	}
}

static void compat_call_is_counted_once(void)
{
	struct recording *recording;
	char text[4096];
	uint32_t position = 0;
	int gate[2], status;
	pid_t pid = start(gate, call_compat);

	open_gate(gate);
	CHECK(waitpid(pid, &status, 0) == pid);
	if (status != 0) {
		puts("without CONFIG_IA32_EMULATION");
		return;
	}
	recording = record(call_compat);
	CHECK(write_others(recording, &position, text, sizeof(text)) > 0);
	CHECK(strncmp(text, "0 1 64 100 ", 11) == 0);
	end_recording(recording);
}
#endif

/* Fills in @why if the programs cannot run here. */
static bool can_record(void)
{
	struct recording *recording;

	if (geteuid() != 0 || access("/sys/kernel/btf/vmlinux", R_OK)) {
		set_failure(&why, 0, "needs root and a kernel with BTF");
		return false;
	}
	recording = load_recording(release, STARTED, false, &why);
	if (recording)
		end_recording(recording);
	return recording || !strstr(why.text, "(Linux 6.1 can do it)");
}

static void run_all(void)
{
	call_is_counted_once();
	each_call_is_counted_once();
	marked_filter_is_counted();
	capabilities_are_recorded();
	operations_are_recorded();
	values_are_recorded();
	uses_are_recorded();
	refused_call_is_counted_once();
	call_that_strict_mode_refuses_is_counted();
	run_in_group();
#if defined(__x86_64__)
	compat_call_is_counted_once();
#endif
	child_without_storage_is_counted();
	number_without_room_is_counted();
	program_without_room_is_counted();
	too_many_ancestors_are_counted();
	process_that_ends_unfound_is_counted();
	name_does_not_end_a_process();
	killed_recorder_leaves_nothing();
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return EXIT_FAILURE;
	if (!can_record()) {
		bool required = getenv("REQUIRE_KERNEL_TESTS") != NULL;

		puts(why.text);
		printf("0 passed, %d failed, %d skipped\n", required,
		       !required);
		return required;
	}
	snprintf(program, sizeof(program), "%s/hello", argv[1]);
	snprintf(folder, sizeof(folder), "%s/bpf_test.XXXXXX", argv[1]);
	CHECK(mkdtemp(folder) != NULL);
	run_all();
	release = 702;
	run_all();
	rmdir(folder);
	return check_summary();
}
