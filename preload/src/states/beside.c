// SPDX-License-Identifier: Apache-2.0
/*
 * Processes beside a program. Each of them ends when we do, and never leaves a program
 * stopped.
 */
#include "states/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process/child.h"
#include "process/proc.h"
#include "states/group.h"
#include "states/steps.h"

#define TYPING_MILLIS 100

/* Quits pagers, shells and what reads until the end of its input. */
static const char typed[] = "q\n\004";

const char *find_step(const struct surroundings *self, const char *word)
{
	size_t length = strlen(word);
	const char *step = self->steps;

	for (; step < self->end; step += strlen(step) + 1)
		if (strncmp(step, word, length) == 0 &&
		    (!step[length] || step[length] == ' '))
			return step + length;
	return NULL;
}

/* Like fork(2), for a process that gets the signal @end when we end. */
static pid_t fork_helper(struct surroundings *self, enum helper_end end)
{
	pid_t parent = getpid(), pid;

	if (self->count == MAX_HELPERS)
		return -1;
	pid = fork();
	if (pid > 0)
		self->helpers[self->count++] = (struct helper){ pid, end };
	if (pid == 0 && end != ENDS_SOON &&
	    (prctl(PR_SET_PDEATHSIG,
		   end == ENDS_ORDERLY || end == LASTS ? SIGTERM : SIGKILL) ||
	     getppid() != parent))
		_exit(EXIT_FAILURE);
	return pid;
}

/* Reads until nobody writes any more. */
__attribute__((noreturn)) static void drain(int fd, bool types)
{
	static char data[65536];
	struct pollfd output = { .fd = fd, .events = POLLIN };
	ssize_t n = 1;

	while (n > 0 || (n < 0 && errno == EINTR)) {
		if (poll(&output, 1, types ? TYPING_MILLIS : -1) == 0)
			n = write(fd, typed, sizeof(typed) - 1);
		else
			n = read(fd, data, sizeof(data));
	}
	_exit(EXIT_SUCCESS);
}

static int begin_output_to(struct surroundings *self, int ours, int theirs,
			   bool is_terminal)
{
	pid_t pid = fork_helper(self, IS_LEFT);

	if (pid == 0) {
		close(theirs);
		drain(ours, is_terminal);
	}
	close(ours);
	if (pid < 0) {
		close(theirs);
		return -EAGAIN;
	}
	self->output = theirs;
	self->is_terminal = is_terminal;
	return 0;
}

static int begin_pipe(struct surroundings *self)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	return begin_output_to(self, ends[0], ends[1], false);
}

static int begin_terminal(struct surroundings *self)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave = -1;

	if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
		slave = ioctl(master, TIOCGPTPEER,
			      O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0) {
		if (master >= 0)
			close(master);
		return -ENOTTY;
	}
	return begin_output_to(self, master, slave, true);
}

static int begin_load(struct surroundings *self, int count)
{
	while (count-- > 0) {
		pid_t pid = fork_helper(self, IS_KILLED);

		if (pid < 0)
			return -EAGAIN;
		while (pid == 0)
			__asm__ volatile("");
	}
	return 0;
}

static int begin_cgroup(struct surroundings *self, long mib)
{
	int ends[2], err = -EAGAIN;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork_helper(self, LASTS);
	if (pid == 0)
		keep_cgroup(mib, ends[1]);
	close(ends[1]);
	if (pid > 0 && read(ends[0], &self->cgroup, sizeof(self->cgroup)) ==
			       sizeof(self->cgroup))
		err = self->cgroup.err;
	close(ends[0]);
	return err;
}

/* The copy of the program has no filter. */
__attribute__((noreturn)) static void
become_copy(const struct surroundings *self, const struct execution *execution)
{
	static const char silent[] =
		"open 0 /dev/null\0open 1 /dev/null\0open 2 /dev/null";
	struct surroundings others = *self;
	struct execution same = *execution;
	sigset_t none;

	others.output = -1;
	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (enter_surroundings(&others, &same) == 0 &&
	    take_steps(silent, silent + sizeof(silent), &same) == 0 &&
	    prctl(PR_SET_PDEATHSIG, SIGKILL) == 0)
		execute_program(&same);
	_exit(EXIT_FAILURE);
}

/* As a subreaper, we are the parent of all whose parents have ended. */
static void kill_children(void)
{
	char path[64];
	int pid;
	FILE *children;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	do {
		children = fopen(path, "re");
		while (children && fscanf(children, "%d", &pid) == 1)
			kill(pid, SIGKILL);
		if (children)
			fclose(children);
	} while (await_child(-1, NULL, 0) > 0);
}

static struct timespec time_of(long micros)
{
	struct timespec time = { .tv_sec = micros / 1000000,
				 .tv_nsec = micros % 1000000 * 1000 };

	return time;
}

static int begin_copy(struct surroundings *self,
		      const struct execution *execution, long micros)
{
	struct timespec life = time_of(2 * micros), head = time_of(micros);
	pid_t pid = fork_helper(self, ENDS_ORDERLY);
	sigset_t end;

	if (pid == 0) {
		/* It is blocked, as in our parent. */
		sigemptyset(&end);
		sigaddset(&end, SIGTERM);
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		if (fork() == 0)
			become_copy(self, execution);
		sigtimedwait(&end, NULL, &life);
		kill_children();
		_exit(EXIT_SUCCESS);
	}
	nanosleep(&head, NULL);
	return pid < 0 ? -EAGAIN : 0;
}

int begin_surroundings(struct surroundings *self,
		       const struct execution *execution)
{
	const char *copies, *busy = find_step(self, "busy"),
			    *cgroup = find_step(self, "cgroup");
	int err = 0;

	end_surroundings(self);
	if (busy)
		err = begin_load(self, atoi(busy));
	if (!err && cgroup)
		err = begin_cgroup(self, atol(cgroup));
	copies = find_step(self, "beside");
	if (!err && copies)
		err = begin_copy(self, execution, atol(copies));
	if (!err && find_step(self, "terminal"))
		err = begin_terminal(self);
	if (!err && find_step(self, "drained"))
		err = begin_pipe(self);
	return err;
}

int enter_surroundings(const struct surroundings *self,
		       struct execution *execution)
{
	int fd, err = *self->cgroup.path ? join_cgroup(&self->cgroup) : 0;

	if (!err)
		err = enter_copy(&self->copy);
	if (!err && self->output >= 0) {
		for (fd = self->is_terminal ? 0 : 1; fd <= STDERR_FILENO; fd++)
			if (dup2(self->output, fd) < 0)
				return -errno;
		if (self->is_terminal) {
			setsid();
			ioctl(STDIN_FILENO, TIOCSCTTY, 0);
		}
	}
	return err ? err : take_steps(self->steps, self->end, execution);
}

/* Files are only renamed in the program's own copy of the file systems. */
static void take_blow(const struct surroundings *self,
		      const struct group *group, int signal)
{
	if (find_step(self, "largest"))
		kill_largest(group);
	else if (!find_step(self, "rotate"))
		strike_group(group, signal);
	else if (self->copy.mounts >= 0 && enter_copy(&self->copy) == 0) {
		rotate_logs(group);
		strike_group(group, signal);
	}
}

/*
 * If our end comes first, nobody else would end the program. Has a session of its own:
 * what kills our process group leaves it.
 */
static void begin_guard(struct surroundings *self, const struct group *group,
			int target)
{
	struct pollfd ended[] = { { .fd = target, .events = POLLIN },
				  { .fd = -1, .events = POLLIN } };
	pid_t parent = getpid();

	if (target < 0 || fork_helper(self, ENDS_SOON) != 0)
		return;
	setsid();
	ended[1].fd = (int)syscall(SYS_pidfd_open, parent, 0);
	if (getppid() == parent)
		poll(ended, 2, -1);
	if (!ended[0].revents) {
		strike_group(group, SIGKILL);
		kill(group->first, SIGKILL);
	}
	_exit(EXIT_SUCCESS);
}

/*
 * Waits until its filter is in force: what is struck before shows nothing. The tracer
 * that loads it is gone then. Returns false if the program has ended.
 */
static bool await_filter(pid_t target, struct pollfd *ended)
{
	long tracer;

	while (read_status_of(target, "TracerPid", &tracer) == 0 && tracer > 0)
		if (poll(ended, 1, 1) != 0)
			return false;
	return true;
}

/* Waits so long. Returns false if nobody is left who could be struck. */
static bool await_blow(const struct group *group, struct pollfd *ended,
		       long micros)
{
	struct timespec now, end, time = time_of(micros);
	pid_t daemon;
	int fd;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = time_of(now.tv_sec * 1000000L + now.tv_nsec / 1000 + micros);
	if (ppoll(ended, 1, &time, NULL) == 0)
		return true;
	/* A daemon goes on when the program that has started it ends. */
	fd = group->sessions->count == 0
		     ? -1
		     : open_session_member(group->sessions, &daemon);
	if (fd < 0)
		return false;
	close(fd);
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL);
	return true;
}

void begin_strike(struct surroundings *self, pid_t target,
		  const struct sessions *sessions)
{
	const struct group group = { target, sessions };
	const char *step = find_step(self, "strike");
	struct pollfd ended = { .events = POLLIN };
	int signal, length;
	long micros;

	/* The output is now the program's alone, so that its reader finds the end. */
	if (self->output >= 0)
		close(self->output);
	self->output = -1;
	ended.fd = (int)syscall(SYS_pidfd_open, target, 0);
	if (self->end > self->steps)
		begin_guard(self, &group, ended.fd);
	/* Goes on without us: the program may be stopped. */
	if (step && fork_helper(self, ENDS_SOON) == 0) {
		for (;
		     await_filter(target, &ended) &&
		     sscanf(step, "%ld %d%n", &micros, &signal, &length) == 2 &&
		     await_blow(&group, &ended, micros);
		     step += length)
			take_blow(self, &group, signal);
		_exit(EXIT_SUCCESS);
	}
	if (ended.fd >= 0)
		close(ended.fd);
}

/* Returns whether the helper has ended. */
static bool end_helper(const struct helper *helper)
{
	static const int signals[] = {
		[IS_KILLED] = SIGKILL,
		[ENDS_ORDERLY] = SIGTERM,
		[LASTS] = SIGTERM, /* the largest number */
	};

	if (signals[helper->end])
		kill(helper->pid, signals[helper->end]);
	if (helper->end == IS_LEFT || helper->end == LASTS)
		return await_child(helper->pid, NULL, WNOHANG) != 0;
	await_child(helper->pid, NULL, 0);
	return true;
}

void end_surroundings(struct surroundings *self)
{
	size_t left = 0;

	if (self->output >= 0)
		close(self->output);
	self->output = -1;
	*self->cgroup.path = 0;
	for (size_t i = 0; i < self->count; i++)
		if (!end_helper(self->helpers + i))
			self->helpers[left++] = self->helpers[i];
	self->count = left;
}
