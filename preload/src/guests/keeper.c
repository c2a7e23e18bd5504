// SPDX-License-Identifier: Apache-2.0
/*
 * The kernel fails the calls of a guest once nobody has its listener. What ends a pod kills all that
 * is in its control group, and, if its pod has one, in its PID namespace. So a keeper leaves the
 * group; the namespace must be the machine's.
 */
#include "guests/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "inject/listener.h"
#include "process/child.h"
#include "process/clock.h"
#include "process/descriptors.h"

/* What a keeper puts before a state, whose first brace it takes away. */
static const char again[] = "{\"again\":true,";
_Static_assert(sizeof(again) <= KEEPER_MARK, "the mark is longer");

/* How often it looks for a recorder, and how long that may take to answer, in ms. */
#define LOOK	 200
#define PATIENCE 10000

bool comes_from_keeper(const char *state)
{
	return strncmp(state, again, sizeof(again) - 1) == 0;
}

/* Finds the group of a process, of which nothing else may be the name. */
static const char *find_group(const char *cgroups, int peer, char *path,
			      size_t size)
{
	char name[64], *line = NULL;
	size_t length = 0;
	FILE *groups;
	int n = 0;

	snprintf(name, sizeof(name), "/proc/%d/cgroup", peer);
	groups = fopen(name, "re");
	if (!groups)
		return "the sender is not seen (hostPID: true)";
	while (n == 0 && getline(&line, &length, groups) > 0)
		if (strncmp(line, "0::/", 4) == 0)
			n = snprintf(path, size, "%s%.*s/cgroup.procs", cgroups,
				     (int)strcspn(line + 3, "\n"), line + 3);
	free(line);
	fclose(groups);
	if (n <= 0 || (size_t)n >= size)
		return "no cgroup of version 2";
	return strstr(path, "/../") ? "its cgroup is not seen (CAP_SYS_ADMIN)"
				    : NULL;
}

/* The sender's group is seen, and can be joined, from its namespace, and perhaps not from ours. */
static const char *move_to(const char *cgroups, int peer)
{
	char path[4096];
	const char *mistake;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/cgroup", peer);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		setns(fd, CLONE_NEWCGROUP);
	mistake = find_group(cgroups, peer, path, sizeof(path));
	if (mistake)
		return mistake;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, "0", 1) == 1 ? NULL : strerror(errno);
}

/* Whoever has the listener decides about the guest's calls: it is for our own user alone. */
static bool is_ours(int socket)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       peer.uid == geteuid();
}

/* Whether the next recorder has taken the guest over. Meanwhile nobody answers its calls. */
static bool hand_on(const struct keeping *keeping, const struct watch *watch,
		    const char *state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct pollfd answer = { .events = POLLIN };
	bool taken = false;
	char byte;

	strcpy(address.sun_path, keeping->socket);
	answer.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(answer.fd, (struct sockaddr *)&address, sizeof(address)) ==
		    0 &&
	    is_ours(answer.fd) &&
	    send_listener(watch->listener, -1, state, answer.fd) == 0)
		taken = poll(&answer, 1, PATIENCE) > 0 &&
			recv(answer.fd, &byte, 1, MSG_DONTWAIT) == 1;
	close(answer.fd);
	return taken;
}

/* @ends: of the recorder and of Java */
static void keep(const struct keeping *keeping, const struct watch *watch,
		 const char *state, const int ends[2])
{
	struct pollfd wait[] = { { .fd = watch->listener },
				 { .fd = ends[0], .events = POLLIN } };
	int64_t looked = 0;

	while (!(wait[0].revents & POLLHUP) && !wait[1].revents)
		poll(wait, 2, -1);
	if (wait[0].revents & POLLHUP)
		return;
	syscall(SYS_pidfd_send_signal, ends[1], SIGKILL, NULL, 0);
	wait[1].fd = ends[1];
	poll(&wait[1], 1, -1);
	answer_left_call(watch, false);
	wait[0].events = POLLIN;
	while (!(wait[0].revents & POLLHUP)) {
		if (poll(wait, 1, LOOK) > 0)
			answer_call(watch, false);
		if (now_millis() - looked > LOOK) {
			if (hand_on(keeping, watch, state))
				break;
			looked = now_millis();
		}
	}
}

/* Its parent ends, so that the recorder has no child that it does not know. */
static void begin(const struct keeping *keeping, const struct watch *watch,
		  const char *state, int peer, const int ends[2], int report)
{
	const int own[] = { watch->listener, ends[0], ends[1] };
	const char *mistake = move_to(keeping->cgroups, peer);
	static const char kept = 1;
	pid_t pid;

	if (mistake)
		send(report, mistake, strlen(mistake), MSG_NOSIGNAL);
	pid = fork();
	if (pid < 0)
		send(report, strerror(errno), strlen(strerror(errno)),
		     MSG_NOSIGNAL);
	if (pid != 0)
		return;
	setsid();
	prctl(PR_SET_NAME, "sandbox-keeper");
	send(report, &kept, sizeof(kept), MSG_NOSIGNAL);
	close_all_but(own, 3);
	keep(keeping, watch, state, ends);
}

/* @marked: the state as its keeper sends it */
static const char *start(const struct keeping *keeping,
			 const struct watch *watch, const char *marked,
			 int peer, bool *kept)
{
	static char mistake[128];
	int ends[] = { (int)syscall(SYS_pidfd_open, getpid(), 0),
		       (int)syscall(SYS_pidfd_open, keeping->java, 0) };
	int report[2] = { -1, -1 };
	size_t length = 0;
	ssize_t n;
	pid_t pid = -1;

	if (ends[0] >= 0 && ends[1] >= 0 &&
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, report) == 0)
		pid = fork();
	if (pid == 0) {
		begin(keeping, watch, marked, peer, ends, report[1]);
		_exit(0);
	}
	snprintf(mistake, sizeof(mistake), "%s",
		 pid < 0 ? strerror(errno) : "");
	close(report[1]);
	while (pid > 0 && (n = read(report[0], mistake + length,
				    sizeof(mistake) - 1 - length)) > 0)
		length += (size_t)n;
	*kept = length > 0 && mistake[length - 1] == 1;
	mistake[length - *kept] = 0;
	if (pid > 0)
		await_child(pid, NULL, 0);
	close(report[0]);
	close(ends[0]);
	close(ends[1]);
	return *mistake ? mistake : NULL;
}

const char *leave_keeper(const struct keeping *keeping,
			 const struct watch *watch, const char *state, int peer,
			 bool *kept)
{
	char *marked = malloc(sizeof(again) + strlen(state));
	const char *mistake = "no memory";

	if (marked) {
		sprintf(marked, "%s%s", comes_from_keeper(state) ? "" : again,
			state + !comes_from_keeper(state));
		mistake = start(keeping, watch, marked, peer, kept);
	}
	free(marked);
	return mistake;
}
