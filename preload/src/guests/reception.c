// SPDX-License-Identifier: Apache-2.0
/*
 * Receives listeners of filters that others have loaded, and answers in Java's
 * place. A sender can harm only himself: the length of what he sends is limited,
 * and it is read only when it is complete.
 */
#include "guests/reception.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "exec/unit.h"
#include "inject/listener.h"
#include "process/clock.h"
#include "process/descriptors.h"
#include "process/report.h"

/* The longest state, and from a keeper. With the line before it, this is the most that Java takes. */
#define MAX_STATE 61440
#define MAX_KEPT  (MAX_STATE + KEEPER_MARK)
/* More than the one that is allowed, so that we notice further ones. */
#define MAX_DESCRIPTORS 8
#define LISTENER_NAME	"anon_inode:seccomp notify"
/* How many refused connections are shown, and in which time. */
#define MAX_REFUSED    20
#define REFUSED_MILLIS 60000
/* The number by which epoll names the socket itself. */
#define NEWCOMER MAX_ARRIVALS

#define NO_ARRIVAL { .socket = -1, .listener = -1 }

static int add_event(int events, int fd, uint64_t what)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = what };

	return epoll_ctl(events, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* In a folder that is not private, others could put a socket in place of ours. */
static const char *check_folder(const char *path)
{
	char folder[sizeof(((struct reception *)0)->path)];
	struct stat status;
	char *slash;

	strcpy(folder, path);
	slash = strrchr(folder, '/');
	if (!slash || !slash[1])
		return "not an absolute path of a socket to be made";
	slash[slash == folder] = 0;
	if (stat(folder, &status))
		return strerror(errno);
	if (status.st_uid != geteuid() || status.st_mode & (S_IWGRP | S_IWOTH))
		return "its folder must be yours, and writable for nobody else "
		       "(mkdir -m 700)";
	return NULL;
}

static int bind_to(int fd, const char *path, mode_t mode)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask = umask(0777 & ~mode);
	int err = 0;

	strcpy(address.sun_path, path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, SOMAXCONN))
		err = -errno;
	umask(mask);
	return err;
}

/* Whether a listener was killed. The connection says nothing, so if one lives, it says nothing either. */
static bool is_left(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat status;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool refused;

	strcpy(address.sun_path, path);
	refused = connect(fd, (struct sockaddr *)&address, sizeof(address)) &&
		  errno == ECONNREFUSED;
	close(fd);
	return refused && lstat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

static int open_spare(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

const char *open_reception(struct reception *self, const char *path,
			   const char *unit)
{
	const char *mistake;
	int err;

	if (*path != '/')
		return "not an absolute path";
	if (strlen(path) >= sizeof(self->path))
		return "longer than the 107 bytes of a socket's path";
	mistake = check_folder(path);
	if (mistake)
		return mistake;
	if (unit && strlen(unit) >= sizeof(self->unit))
		return "the name of its unit is too long";
	strcpy(self->unit, unit ? unit : "");
	for (int i = 0; i < MAX_ARRIVALS; i++)
		self->arrivals[i] = (struct arrival)NO_ARRIVAL;
	self->events = epoll_create1(EPOLL_CLOEXEC);
	self->socket =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Made in time: without it, calls would wait for ever. */
	if (self->questions < 0)
		self->questions = epoll_create1(EPOLL_CLOEXEC);
	if (self->events < 0 || self->socket < 0 || self->questions < 0)
		return strerror(errno);
	err = bind_to(self->socket, path, unit ? 0666 : 0600);
	if (err == -EADDRINUSE && is_left(path) && unlink(path) == 0)
		err = bind_to(self->socket, path, unit ? 0666 : 0600);
	if (err == -EADDRINUSE)
		return "is there already";
	if (err)
		return strerror(-err);
	strcpy(self->path, path);
	self->keeping.socket = self->path;
	self->spare = open_spare();
	err = add_event(self->events, self->socket, NEWCOMER);
	return err ? strerror(-err) : NULL;
}

static bool is_listener(int fd)
{
	char path[64], name[sizeof(LISTENER_NAME)];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, name, sizeof(name));
	return n == sizeof(LISTENER_NAME) - 1 &&
	       memcmp(name, LISTENER_NAME, (size_t)n) == 0;
}

/* Frees the places of guests that have ended. */
static void clear_guests(struct reception *self)
{
	int left = 0;

	for (int i = 0; i < self->guest_count; i++) {
		if (is_watching(&self->guests[i].watch))
			self->guests[left++] = self->guests[i];
		else
			close_watch(&self->guests[i].watch);
	}
	self->guest_count = left;
}

/* Makes room for a guest, which is not counted yet; NULL without memory. */
static struct guest *next_guest(struct reception *self)
{
	struct guest *guests, *guest;

	clear_guests(self);
	guests = realloc(self->guests,
			 ((size_t)self->guest_count + 1) * sizeof(*guests));
	if (!guests)
		return NULL;
	self->guests = guests;
	guest = &guests[self->guest_count];
	*guest = (struct guest){ ++self->numbers, false, WATCH_INIT };
	return guest;
}

static void begin_answering(struct reception *self, const struct guest *guest)
{
	answer_left_call(&guest->watch, false);
	add_event(self->questions, guest->watch.listener,
		  (uint64_t)guest->number);
}

/* If Java is gone, we find out when we read from it. */
static void tell_unrecorded(int java)
{
	static const char message[] = "unrecorded";

	send(java, message, sizeof(message) - 1, MSG_NOSIGNAL);
}

/*
 * Lets the calls of somebody through whose listener was not taken in. If it was
 * closed, they would fail, and container runtimes would hang.
 */
static void let_through(struct reception *self, struct arrival *arrival,
			int java)
{
	struct guest *guest;

	if (arrival->listener < 0 || !is_listener(arrival->listener))
		return;
	tell_unrecorded(java);
	guest = next_guest(self);
	if (!guest)
		return;
	guest->watch.listener = arrival->listener;
	arrival->listener = -1;
	self->guest_count++;
	begin_answering(self, guest);
}

static void end_arrival(struct reception *self, struct arrival *arrival,
			int java)
{
	if (arrival->socket >= 0)
		close(arrival->socket);
	/* A keeper goes on letting the calls through, and comes again. */
	if (!arrival->text || !comes_from_keeper(arrival->text))
		let_through(self, arrival, java);
	if (arrival->listener >= 0)
		close(arrival->listener);
	free(arrival->text);
	*arrival = (struct arrival)NO_ARRIVAL;
}

static const char other_user[] = "another user has sent it";

/* These may connect: the user, root (a runtime may run as root), and the unit. */
static bool may_come(const struct reception *self, int socket, int *pid)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return false;
	*pid = peer.pid;
	return peer.uid == geteuid() || peer.uid == 0 ||
	       (*self->unit && comes_from_unit(socket, peer.pid, self->unit));
}

static const char *welcome(struct reception *self, int java)
{
	int socket =
		accept4(self->socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	bool full = socket < 0 && errno == EMFILE;
	const char *mistake = NULL;
	struct arrival *arrival;
	int i = 0, peer = 0;

	/* Who is not taken in must learn of it, and not wait for ever. */
	if (full) {
		close(self->spare);
		socket = accept4(self->socket, NULL, NULL, SOCK_CLOEXEC);
	}
	if (socket >= 0 && !may_come(self, socket, &peer))
		mistake = other_user;
	else if (full)
		mistake = strerror(EMFILE);
	if (socket >= 0 && mistake)
		close(socket);
	if (full)
		self->spare = open_spare();
	if (socket < 0 || mistake)
		return mistake;
	while (i < MAX_ARRIVALS && self->arrivals[i].socket >= 0)
		i++;
	/* One of those who have had the most time makes room. */
	if (i == MAX_ARRIVALS) {
		i = self->evicted++ % MAX_ARRIVALS;
		mistake = "too many have connected and sent nothing yet";
	}
	arrival = &self->arrivals[i];
	end_arrival(self, arrival, java);
	*arrival = (struct arrival){ .socket = socket,
				     .peer = peer,
				     .listener = -1 };
	if (add_event(self->events, socket, (uint64_t)i))
		end_arrival(self, arrival, java);
	return mistake;
}

/* A JSON object, from its first brace to its last; nothing else is checked. */
static bool is_whole(const char *text, size_t length)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < length; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && text[i] == '{')
			depth++;
		else if (!quoted && text[i] == '}' && --depth == 0)
			return true;
	}
	return false;
}

/* Keeps the one descriptor that may come, and closes all if there are more. */
static const char *take_descriptors(struct msghdr *message,
				    struct arrival *arrival)
{
	const char *mistake = NULL;
	struct cmsghdr *part;

	for (part = CMSG_FIRSTHDR(message); part;
	     part = CMSG_NXTHDR(message, part)) {
		int fds[MAX_DESCRIPTORS];
		size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int), i;

		if (part->cmsg_level != SOL_SOCKET ||
		    part->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(fds, CMSG_DATA(part), count * sizeof(int));
		for (i = 0; i < count; i++) {
			if (arrival->listener < 0)
				arrival->listener = fds[i];
			else {
				close(fds[i]);
				mistake = "more than one descriptor";
			}
		}
	}
	/* Unless there are more than one, the kernel could not give us one. */
	if (!mistake && message->msg_flags & MSG_CTRUNC)
		mistake = strerror(EMFILE);
	return mistake;
}

/* Returns the number of bytes, 0 at the end, or -errno. */
static ssize_t receive_part(struct arrival *arrival, const char **mistake)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
	} control;
	struct iovec part = { .iov_base = arrival->text + arrival->length,
			      .iov_len = MAX_KEPT - arrival->length };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(arrival->socket, &message, MSG_CMSG_CLOEXEC);

	if (n < 0)
		return -errno;
	*mistake = take_descriptors(&message, arrival);
	return n;
}

/* @gone: it has sent nothing, like crun for an exec that fails. */
static const char *read_state(struct arrival *arrival, bool counts, bool *whole,
			      bool *gone)
{
	const char *mistake = NULL;
	ssize_t n;

	if (!arrival->text)
		arrival->text = calloc(1, MAX_KEPT + 1);
	if (!arrival->text)
		return strerror(ENOMEM);
	n = receive_part(arrival, &mistake);
	if (n == -EAGAIN || n == -EINTR)
		return NULL;
	if (mistake)
		return mistake;
	*gone = n == 0 && arrival->length == 0 && arrival->listener < 0;
	if (*gone)
		return NULL;
	if (n <= 0)
		return "the connection ended before the state was whole";
	arrival->length += (size_t)n;
	arrival->text[arrival->length] = 0;
	*whole = is_whole(arrival->text, arrival->length);
	if (strlen(arrival->text) != arrival->length || *arrival->text != '{' ||
	    (!*whole && arrival->length == MAX_KEPT) ||
	    (arrival->length > MAX_STATE && !comes_from_keeper(arrival->text)))
		return "not a container process state of at most 60 KiB";
	if (!*whole)
		return NULL;
	arrival->joins = counts && arrival->listener < 0;
	if (arrival->joins)
		return NULL;
	if (arrival->listener < 0)
		return "no descriptor came with the state";
	return is_listener(arrival->listener)
		       ? NULL
		       : "its descriptor is no seccomp listener";
}

static const char *take_in(struct reception *self, struct arrival *arrival,
			   const char *name, int java)
{
	static char message[MAX_KEPT + 64];
	static const char kept = 1;
	struct guest *guest = next_guest(self);
	int err = guest ? keep_listener(&guest->watch, arrival->listener)
			: -ENOMEM;
	const char *mistake = NULL;

	if (err)
		return strerror(-err);
	arrival->listener = -1;
	self->guest_count++;
	if (*self->keeping.cgroups)
		mistake = leave_keeper(&self->keeping, &guest->watch,
				       arrival->text, arrival->peer,
				       &guest->kept);
	if (comes_from_keeper(arrival->text) && !guest->kept) {
		dismiss_guest(self, guest->number);
		return mistake ? mistake : "it can have no keeper";
	}
	/* It is recorded all the same. */
	if (mistake)
		print_own_failure(name, "what ends this ends a container too",
				  mistake);
	/* If Java is gone, we find out when we read from it. */
	snprintf(message, sizeof(message), "handed %d %d\n%s", guest->number,
		 arrival->peer, arrival->text);
	send_listener(guest->watch.listener, guest->watch.page_file, message,
		      java);
	if (comes_from_keeper(arrival->text))
		send(arrival->socket, &kept, sizeof(kept), MSG_NOSIGNAL);
	return NULL;
}

/* It waits for an answer, so we need not keep its state. */
static void take_joining(struct arrival *arrival, int java)
{
	static char message[MAX_STATE + 64];

	snprintf(message, sizeof(message), "joining %d\n%s", arrival->peer,
		 arrival->text);
	send(java, message, strlen(message), MSG_NOSIGNAL);
}

/* Others decide how often that happens, and must not fill a terminal or a disk. */
static void report_refusal(struct reception *self, const char *name,
			   const char *mistake)
{
	static const char what[] = "refused what was handed over";
	int64_t now = now_millis();

	if (self->refused == 0 || now - self->refused_since > REFUSED_MILLIS) {
		self->refused_since = now;
		self->refused = 0;
	}
	if (self->refused < MAX_REFUSED)
		print_own_failure(name, what, mistake);
	else if (self->refused == MAX_REFUSED)
		print_own_failure(name, what,
				  "more than is shown for a minute");
	self->refused++;
}

void receive_arrivals(struct reception *self, const char *name, int java)
{
	struct epoll_event event;
	struct arrival *arrival;
	const char *mistake = NULL;
	bool whole = false, gone = false;

	if (epoll_wait(self->events, &event, 1, 0) != 1)
		return;
	if (event.data.u64 == NEWCOMER) {
		mistake = welcome(self, java);
		arrival = NULL;
	} else {
		arrival = &self->arrivals[event.data.u64];
		/* Who waits for our answer says nothing more: it is gone. */
		gone = arrival->joins;
		if (!gone)
			mistake = read_state(arrival, self->counts, &whole,
					     &gone);
		if (whole && !mistake && arrival->joins)
			take_joining(arrival, java);
		else if (whole && !mistake)
			mistake = take_in(self, arrival, name, java);
	}
	if (mistake)
		report_refusal(self, name, mistake);
	/* Others must not be able to spoil a recording. */
	if (mistake && mistake != other_user)
		tell_unrecorded(java);
	if (arrival && ((whole && !arrival->joins) || mistake || gone))
		end_arrival(self, arrival, java);
}

static bool has_arrivals(const struct reception *self)
{
	int i = 0;

	while (i < MAX_ARRIVALS && self->arrivals[i].socket < 0)
		i++;
	return i < MAX_ARRIVALS;
}

/* How long those who have connected may take to send everything, in ms. */
#define PATIENCE 200

void close_reception(struct reception *self, const char *name, int java)
{
	struct pollfd arrivals = { .fd = self->events, .events = POLLIN };
	int64_t end = now_millis() + PATIENCE;

	if (self->socket < 0)
		return;
	/* Keepers of those who are still received need it. */
	if (*self->path)
		unlink(self->path);
	while (now_millis() < end &&
	       poll(&arrivals, 1, has_arrivals(self) ? PATIENCE : 0) > 0)
		receive_arrivals(self, name, java);
	for (int i = 0; i < MAX_ARRIVALS; i++)
		end_arrival(self, &self->arrivals[i], java);
	close(self->socket);
	close(self->spare);
	close(self->events);
	self->socket = self->events = -1;
}

bool release_joining(struct reception *self, int peer, bool counted)
{
	struct arrival *arrival = self->arrivals;
	static const char answer = 1;

	while (arrival < self->arrivals + MAX_ARRIVALS &&
	       !(arrival->joins && arrival->peer == peer))
		arrival++;
	if (arrival == self->arrivals + MAX_ARRIVALS)
		return false;
	if (counted)
		send(arrival->socket, &answer, sizeof(answer), MSG_NOSIGNAL);
	end_arrival(self, arrival, -1);
	return true;
}

static int find_guest(const struct reception *self, int number)
{
	int i = 0;

	while (i < self->guest_count && self->guests[i].number != number)
		i++;
	return i;
}

void dismiss_guest(struct reception *self, int number)
{
	int i = find_guest(self, number);

	if (i == self->guest_count)
		return;
	close_watch(&self->guests[i].watch);
	self->guests[i] = self->guests[--self->guest_count];
}

void answer_guest(struct reception *self, int number)
{
	int i = find_guest(self, number);

	if (i < self->guest_count)
		begin_answering(self, &self->guests[i]);
}

void answer_all_guests(struct reception *self)
{
	for (int i = 0; i < self->guest_count; i++)
		begin_answering(self, &self->guests[i]);
	for (int i = 0; i < MAX_ARRIVALS; i++)
		if (self->arrivals[i].joins)
			end_arrival(self, &self->arrivals[i], -1);
}

void answer_questions(struct reception *self)
{
	struct epoll_event event;
	int i;

	if (epoll_wait(self->questions, &event, 1, 0) != 1)
		return;
	i = find_guest(self, (int)event.data.u64);
	if (i == self->guest_count)
		return;
	if (event.events & EPOLLHUP)
		dismiss_guest(self, self->guests[i].number);
	else
		answer_call(&self->guests[i].watch, false);
}

/* Whether a process of a guest is left. */
static bool has_guests(struct reception *self)
{
	clear_guests(self);
	return self->guest_count > 0;
}

/* Closes all but the listeners, so that nobody waits for this process. */
static void answer_in_background(struct reception *self)
{
	struct pollfd wait = { .fd = self->questions, .events = POLLIN };
	int *keep = calloc((size_t)self->guest_count + 1, sizeof(*keep)), i;

	setsid();
	if (keep) {
		for (i = 0; i < self->guest_count; i++)
			keep[i] = self->guests[i].watch.listener;
		keep[i] = self->questions;
		close_all_but(keep, (size_t)self->guest_count + 1);
	}
	while (self->guest_count > 0)
		if (poll(&wait, 1, -1) > 0)
			answer_questions(self);
}

int leave_answering(struct reception *self)
{
	pid_t pid;

	for (int i = self->guest_count; i-- > 0;)
		if (self->guests[i].kept)
			dismiss_guest(self, self->guests[i].number);
	if (!has_guests(self))
		return 0;
	answer_all_guests(self);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		answer_in_background(self);
		_exit(0);
	}
	return pid;
}
