// SPDX-License-Identifier: Apache-2.0
/* Who is recorded: tells bpf/record.bpf.c, and finds the processes that run already. */
#include "bpf/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bpf/loaded.h"

#define CGROUP2_MAGIC 0x63677270

#define PATIENCE 1000 /* for a process that ends, in ms */

/* Each pass over all tasks can find one more generation of children. */
#define MAX_PASSES 1000

int record_process(struct recording *recording, pid_t pid, enum called kind,
		   struct failure *why)
{
	struct member member = { .call = CALL_ENTERED, .called = kind };
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	int err;

	if (fd < 0)
		return refuse_recording(why, "the process", -errno);
	__atomic_add_fetch(&recording->shared->tally.alive, 1,
			   __ATOMIC_SEQ_CST);
	/* A member must stay as it is, though it asks to become one again. */
	err = add_element(recording->context.maps.members.fd, &fd, &member);
	if (err)
		__atomic_sub_fetch(&recording->shared->tally.alive, 1,
				   __ATOMIC_SEQ_CST);
	close(fd);
	return err ? refuse_recording(why, "the process cannot be marked", err)
		   : 0;
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
			return refuse_recording(why, "tasks", (int)err);
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
	return err < 0 ? refuse_recording(why, "tasks", (int)err) : 0;
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
		refuse_recording(why, "tasks", (int)length);
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
