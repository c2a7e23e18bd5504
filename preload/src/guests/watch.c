// SPDX-License-Identifier: Apache-2.0
/* Keeps the listener of a watched program and answers calls in Java's place. */
#include "guests/watch.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guests/loads.h"
#include "inject/listener.h"

/* Since Linux 5.19. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#define PAGE_SIZE 4096

static int open_page(struct watch *watch)
{
	void *page;

	watch->page_file = memfd_create("sandbox call", MFD_CLOEXEC);
	if (watch->page_file < 0 || ftruncate(watch->page_file, PAGE_SIZE))
		return -errno;
	page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
		    watch->page_file, 0);
	if (page == MAP_FAILED)
		return -errno;
	watch->page = page;
	return 0;
}

void close_watch(struct watch *watch)
{
	if (watch->incoming >= 0)
		close(watch->incoming);
	if (watch->listener >= 0)
		close(watch->listener);
	if (watch->page_file >= 0)
		close(watch->page_file);
	if (watch->page)
		munmap(watch->page, PAGE_SIZE);
	*watch = (struct watch)WATCH_INIT;
}

int open_watch(struct watch *watch, int *tracers_end)
{
	int pair[2], err;

	close_watch(watch);
	err = open_page(watch);
	if (!err && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		err = -errno;
	if (err) {
		close_watch(watch);
		return err;
	}
	watch->incoming = pair[0];
	*tracers_end = pair[1];
	return 0;
}

int keep_listener(struct watch *watch, int listener)
{
	int err;

	*watch = (struct watch)WATCH_INIT;
	err = open_page(watch);
	if (err)
		close_watch(watch);
	else
		watch->listener = listener;
	return err;
}

void forward_listener(struct watch *watch, int java)
{
	if (watch->incoming < 0 ||
	    receive_listener(watch->incoming, &watch->listener) == -EAGAIN)
		return;
	close(watch->incoming);
	watch->incoming = -1;
	/* Failure is ignored: if Java is gone, we notice it when we read from it. */
	if (watch->listener >= 0)
		send_listener(watch->listener, watch->page_file,
			      LISTENER_MESSAGE, java);
}

static short query_events(const struct watch *watch)
{
	struct pollfd question = { .fd = watch->listener, .events = POLLIN };

	return poll(&question, 1, 0) > 0 ? question.revents : 0;
}

/* Failure is ignored: then the caller is gone. */
static void give_answer(const struct watch *watch,
			const struct seccomp_notif *asked, bool refuse)
{
	struct seccomp_notif_resp made = {
		.id = asked->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
	};

	if (!refuse)
		ioctl(watch->listener, SECCOMP_IOCTL_NOTIF_SEND, &made);
	else if (ioctl(watch->listener, SECCOMP_IOCTL_NOTIF_ID_VALID,
		       &asked->id) == 0)
		kill((pid_t)asked->pid, SIGKILL);
}

/*
 * Reading the filter may take for ever, if the program wants that. So a process
 * of its own does it, for which nobody waits: the calls of others must not hang.
 */
static void answer_load(const struct watch *watch,
			const struct seccomp_notif *asked)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (fork() == 0)
			give_answer(watch, asked, is_load_in_vain(asked));
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	else
		give_answer(watch, asked, true);
}

static void answer(const struct watch *watch, const struct seccomp_notif *asked,
		   bool refuse)
{
	if (!refuse && may_load_filter(asked))
		answer_load(watch, asked);
	else
		give_answer(watch, asked, refuse);
}

void answer_left_call(const struct watch *watch, bool refuse)
{
	if (watch->listener >= 0 && watch->page && watch->page->pid)
		answer(watch, watch->page, refuse);
}

void answer_call(const struct watch *watch, bool refuse)
{
	struct seccomp_notif asked = { 0 };

	if ((query_events(watch) & POLLIN) &&
	    ioctl(watch->listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) == 0)
		answer(watch, &asked, refuse);
}

bool is_watching(const struct watch *watch)
{
	return watch->listener >= 0 && !(query_events(watch) & POLLHUP);
}

unsigned int flags_to_let_through(void)
{
	/*
	 * A signal must not interrupt a call that has been asked about: the
	 * call would fail with EINTR, or be asked about again. Without a filter
	 * the kernel checks only the flags, and answers EFAULT if it knows
	 * them.
	 */
	const unsigned int flags = SECCOMP_FILTER_FLAG_NEW_LISTENER |
				   SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) < 0 &&
	    errno == EFAULT)
		return flags;
	return SECCOMP_FILTER_FLAG_NEW_LISTENER;
}
