// SPDX-License-Identifier: Apache-2.0
/*
 * Audit sessions: the kernel's mark for a process and all its descendants. The
 * kernel assigns a new session number whenever a login uid is written
 * (kernel/audit.c, audit_set_loginuid). All children inherit the number, and a
 * process needs CAP_AUDIT_CONTROL to leave the session.
 */
#include "process/session.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/child.h"
#include "process/proc.h"

static int write_login_uid(long uid)
{
	char text[24];
	int fd = open("/proc/thread-self/loginuid", O_WRONLY | O_CLOEXEC);
	int length, err = 0;

	if (fd < 0)
		return -errno;
	length = snprintf(text, sizeof(text), "%ld", uid);
	if (write(fd, text, (size_t)length) != length)
		err = -errno;
	close(fd);
	return err;
}

int enter_new_session(uint32_t *session)
{
	long login_uid, before, now;
	int err;

	err = read_number_file("/proc/thread-self/loginuid", &login_uid);
	if (!err)
		err = read_number_file("/proc/thread-self/sessionid", &before);
	if (err)
		return err;
	/*
	 * Writing the present value leaves getlogin(3) unchanged. An unset uid
	 * must not be written again, because that would unset the session too.
	 */
	err = write_login_uid(login_uid == SESSION_UNSET ? getuid()
							 : login_uid);
	if (!err)
		err = read_number_file("/proc/thread-self/sessionid", &now);
	if (!err && (now == before || now == SESSION_UNSET))
		err = -EPERM;
	if (!err)
		*session = (uint32_t)now;
	return err;
}

int try_new_session(void)
{
	long login_uid;
	uint32_t session;
	int status, err;
	pid_t pid;

	err = read_number_file("/proc/thread-self/loginuid", &login_uid);
	if (err || login_uid == SESSION_UNSET)
		return err;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(-enter_new_session(&session));
	if (await_child(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}

bool add_session(struct sessions *sessions, uint32_t session)
{
	if (sessions->count == MAX_SESSIONS)
		return false;
	sessions->ids[sessions->count++] = session;
	return true;
}

/* Returns 0 if @pid is in one of @sessions, -ESRCH if it is not, else -errno. */
static int look_up(pid_t pid, const struct sessions *sessions)
{
	char path[64];
	long found;
	int err;

	snprintf(path, sizeof(path), "/proc/%d/sessionid", pid);
	err = read_number_file(path, &found);
	if (err)
		return err == -ENOENT ? -ESRCH : err;
	for (size_t i = 0; i < sessions->count; i++)
		if (sessions->ids[i] == found)
			return 0;
	return -ESRCH;
}

bool is_member(pid_t pid, const struct sessions *sessions)
{
	return look_up(pid, sessions) == 0;
}

/*
 * Checks after opening the pidfd, so that the check is about the process that
 * the descriptor holds, even if the number was reused before.
 */
static int open_if_member(pid_t pid, const struct sessions *sessions)
{
	struct pollfd ended = { .events = POLLIN };
	int err = look_up(pid, sessions), fd;

	if (err)
		return err;
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0)
		return -errno;
	ended.fd = fd;
	err = look_up(pid, sessions);
	if (!err && poll(&ended, 1, 0) != 0)
		err = -ESRCH;
	if (err)
		close(fd);
	return err ? err : fd;
}

/* Calls @visit with a pidfd of each member until it returns false. */
static int for_each_member(const struct sessions *sessions,
			   bool (*visit)(int pidfd, pid_t pid, void *data),
			   void *data)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		pid_t pid;
		int fd;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		pid = (pid_t)atoi(entry->d_name);
		fd = open_if_member(pid, sessions);
		if (fd < 0 && fd != -ESRCH) {
			closedir(proc);
			return fd;
		}
		if (fd >= 0 && !visit(fd, pid, data))
			break;
	}
	closedir(proc);
	return 0;
}

struct member {
	int fd;
	pid_t pid;
};

static bool keep_first(int pidfd, pid_t pid, void *data)
{
	struct member *member = data;

	member->fd = pidfd;
	member->pid = pid;
	return false;
}

int open_session_member(const struct sessions *sessions, pid_t *pid)
{
	struct member member = { .fd = -ESRCH };
	int err;

	/*
	 * One walk can miss processes that constantly fork and end. The
	 * recorder then notices them from the records and asks again; the
	 * second walk only makes this rare.
	 */
	for (int pass = 0; pass < 2 && member.fd < 0; pass++) {
		err = for_each_member(sessions, keep_first, &member);
		if (err)
			return err;
	}
	*pid = member.pid;
	return member.fd;
}

/* Ignores failure: the process may have ended meanwhile. */
static bool deliver(int pidfd, pid_t pid, void *data)
{
	const int *signal = data;

	syscall(SYS_pidfd_send_signal, pidfd, *signal, NULL, 0);
	close(pidfd);
	return true;
}

int signal_sessions(const struct sessions *sessions, int signal)
{
	return for_each_member(sessions, deliver, &signal);
}
