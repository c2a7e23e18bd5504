// SPDX-License-Identifier: Apache-2.0
/* Takes the listener of a filter from the program and passes it on. */
#include "inject/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A value that poll(2) never returns: it stays only if a filter answered. */
#define UNANSWERED 0x7fff

int take_listener(pid_t pid, int fd, int *listener)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	int err = 0;

	if (process < 0)
		return -errno;
	*listener = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	if (*listener < 0)
		err = -errno;
	close(process);
	return err;
}

int send_listener(int listener, int beside, const char *text, int to)
{
	const int fds[] = { listener, beside };
	const size_t size = beside < 0 ? sizeof(fds[0]) : sizeof(fds);
	char control[CMSG_SPACE(sizeof(fds))] = { 0 };
	struct iovec part = { .iov_base = (char *)text,
			      .iov_len = strlen(text) };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = CMSG_SPACE(size) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(header), fds, size);
	return sendmsg(to, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int receive_listener(int from, int *listener)
{
	char text[sizeof(LISTENER_MESSAGE)],
		control[CMSG_SPACE(sizeof(*listener))];
	struct iovec part = { .iov_base = text, .iov_len = sizeof(text) };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(from, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -EPIPE;
	memcpy(listener, CMSG_DATA(header), sizeof(*listener));
	return 0;
}

/*
 * Looks for a stop but leaves it for the next waitpid(2).
 * @waiting: 0, or WNOHANG in order not to wait
 */
static int has_stopped(pid_t pid, int waiting)
{
	/* The kernel always writes it; a filter in its place cannot. */
	siginfo_t info = { .si_signo = -1 };

	if (waitid(P_PID, (id_t)pid, &info,
		   WSTOPPED | WEXITED | WNOWAIT | __WALL | waiting))
		return errno == EINTR ? 0 : -errno;
	if (info.si_signo == -1)
		return -EPROTO;
	return info.si_pid != 0;
}

static int let_through(pid_t pid, int listener, int number)
{
	struct seccomp_notif asked = { 0 };
	struct seccomp_notif_resp answer = {
		.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
	};

	/* ENOENT: it was killed meanwhile, which waitid(2) reports. */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked))
		return errno == ENOENT ? 0 : -errno;
	if (asked.pid != (unsigned int)pid || asked.data.nr != number)
		return -EPROTO;
	answer.id = asked.id;
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer))
		return errno == ENOENT ? 0 : -errno;
	return 0;
}

int await_own_call(pid_t pid, int listener, int number)
{
	struct pollfd question = { .fd = listener, .events = POLLIN };
	int waiting = WNOHANG, result;

	/* waitid(2) and poll(2) cannot wait together, so they take turns. */
	while ((result = has_stopped(pid, waiting)) == 0) {
		question.revents = UNANSWERED;
		if (poll(&question, 1, 1) < 0 && errno == EINTR)
			continue;
		if (question.revents == UNANSWERED)
			return -EPROTO;
		if (question.revents & POLLIN) {
			result = let_through(pid, listener, number);
			if (result == -EINTR)
				continue;
			if (result)
				break;
			/* The next stop is the end of the call. */
			waiting = 0;
		}
	}
	return result < 0 ? result : 0;
}
