// SPDX-License-Identifier: Apache-2.0
/*
 * The process that the user started while a recording is made. It stays small
 * and does what must not be done by a Java process: it is the parent of the
 * target, so that the target starts from the user's own signals, limits and
 * descriptors, and it passes signals on. The recorder is in a session of its
 * own, so that neither Ctrl-C nor a stopped job interrupts the evidence.
 */
#include "exec_supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec_canary.h"
#include "exec_program.h"
#include "exec_session.h"
#include "exec_target.h"

#define CONTROL_FD   3
#define MESSAGE_SIZE (PATH_MAX + 512)
#define LIBRARY	     "libsandbox.so"

extern char **environ;

enum target_state {
	NO_TARGET,
	PREPARED,
	RUNNING,
	ENDED
};

struct supervisor {
	const char *name;
	char **arguments;
	int argument_count;
	int control;
	int signals;
	struct start_state start;
	pid_t recorder;
	enum target_state state;
	struct program program;
	struct target target;
	/* A process of the session that outlived the program, or -1. */
	int member;
};

static void complain(const struct supervisor *self, const char *what,
		     const char *reason)
{
	dprintf(STDERR_FILENO, "%s: %s: %s\n", self->name, what, reason);
}

__attribute__((format(printf, 2, 3))) static void
tell(const struct supervisor *self, const char *format, ...)
{
	char message[MESSAGE_SIZE];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (length >= (int)sizeof(message))
		length = sizeof(message) - 1;
	/* When nobody listens any more, the end of file tells us so. */
	send(self->control, message, (size_t)length, MSG_NOSIGNAL);
}

static void tell_refusal(const struct supervisor *self,
			 const struct refusal *why)
{
	tell(self, "refused %d %s", why->status, why->text);
}

/* The target's words are the last @count of ours; NULL when that is absurd. */
static char **target_arguments(const struct supervisor *self, int count)
{
	if (count < 1 || count > self->argument_count)
		return NULL;
	return self->arguments + self->argument_count - count;
}

static bool inspect(struct supervisor *self, int count)
{
	char **argv = target_arguments(self, count);
	struct refusal why = { STATUS_OWN_FAILURE, "no program to run" };

	if (argv && find_program(argv[0], &self->program, &why) == 0 &&
	    check_preloadable(&self->program, &why) == 0)
		return true;
	tell_refusal(self, &why);
	return false;
}

/*
 * The library lies beside this executable. The dynamic linker splits
 * LD_PRELOAD at blanks (and colons), so a path that has one goes through a
 * descriptor of ours, which stays open as long as the target's children need
 * it: only the target itself loads the library.
 */
static int library_path(char *path)
{
	char *slash;
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	int fd;

	if (n < 0)
		return -errno;
	path[n] = 0;
	slash = strrchr(path, '/');
	if (!slash || slash + sizeof(LIBRARY) + 1 > path + PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(slash + 1, LIBRARY);
	if (access(path, R_OK))
		return -errno;
	if (!strpbrk(path, " :"))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	snprintf(path, PATH_MAX, "/proc/%d/fd/%d", getpid(), fd);
	return 0;
}

static void run(struct supervisor *self, int count, bool stdout_to_stderr)
{
	struct target_plan plan = { .stdout_to_stderr = stdout_to_stderr };
	char library[PATH_MAX];
	int err;

	if (!inspect(self, count))
		return;
	err = library_path(library);
	if (err) {
		tell(self, "refused %d " LIBRARY ": %s", STATUS_OWN_FAILURE,
		     strerror(-err));
		return;
	}
	plan.program = &self->program;
	plan.argv = target_arguments(self, count);
	plan.envp = logging_environment(environ, library);
	err = plan.envp ? prepare_target(&plan, &self->start, &self->target)
			: -ENOMEM;
	if (err) {
		tell(self,
		     "refused %d cannot give the program an audit session of "
		     "its own: %s (CAP_AUDIT_CONTROL is needed when the login "
		     "uid is set)",
		     STATUS_OWN_FAILURE, strerror(-err));
		return;
	}
	self->state = PREPARED;
	tell(self, "session %d %u", self->target.pid, self->target.session);
}

static void go(struct supervisor *self)
{
	struct refusal why;
	int err;

	if (self->state != PREPARED) {
		tell(self, "failed nothing to run");
		return;
	}
	err = release_target(&self->target);
	self->state = err ? NO_TARGET : RUNNING;
	if (!err) {
		tell(self, "running");
		return;
	}
	why.status = err == -ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
	snprintf(why.text, sizeof(why.text), "%s: %s", self->program.path,
		 strerror(-err));
	tell_refusal(self, &why);
}

static void answer_canary(struct supervisor *self, int number)
{
	int err = make_canary(number);

	if (err)
		tell(self, "failed canary: %s", strerror(-err));
	else
		tell(self, "ok");
}

/* Looks for what is left of the session once the program itself has ended. */
static void look_for_members(struct supervisor *self)
{
	pid_t pid;

	self->member = open_session_member(self->target.session, &pid);
	if (self->member >= 0)
		tell(self, "left %d", pid);
	else if (self->member == -ESRCH)
		tell(self, "empty");
	else
		tell(self, "failed /proc: %s", strerror(-self->member));
}

static void handle_request(struct supervisor *self, const char *request)
{
	char where[8];
	int number;

	if (sscanf(request, "inspect %d", &number) == 1) {
		if (inspect(self, number))
			tell(self, "ok");
	} else if (sscanf(request, "canary %d", &number) == 1) {
		answer_canary(self, number);
	} else if (sscanf(request, "run %d %7s", &number, where) == 2) {
		run(self, number, strcmp(where, "stderr") == 0);
	} else if (strcmp(request, "go") == 0) {
		go(self);
	} else if (sscanf(request, "end %d", &number) == 1) {
		signal_session(self->target.session, number);
		tell(self, "ok");
	} else {
		tell(self, "failed unknown request");
	}
}

/* Returns false when the recorder has closed its end. */
static bool read_request(struct supervisor *self)
{
	char request[64];
	ssize_t n =
		recv(self->control, request, sizeof(request) - 1, MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return false;
	if (n > 0) {
		request[n] = 0;
		handle_request(self, request);
	}
	return true;
}

/*
 * A signal that the terminal sends reaches the target by itself, since it is
 * in the same process group; one that a process sent to us alone does not.
 */
static void handle_signal(struct supervisor *self,
			  const struct signalfd_siginfo *info)
{
	int signal = (int)info->ssi_signo;

	if (self->state == RUNNING) {
		if (info->ssi_code <= 0)
			kill(self->target.pid, signal);
	} else if (self->state == ENDED) {
		tell(self, "signal %d", signal);
	} else {
		/* Nothing has started yet: the recorder puts things back. */
		kill(self->recorder,
		     signal == SIGINT || signal == SIGHUP ? signal : SIGTERM);
	}
}

static bool reap_target(struct supervisor *self)
{
	int status;

	if (self->state != RUNNING ||
	    waitpid(self->target.pid, &status, WNOHANG) != self->target.pid)
		return false;
	self->state = ENDED;
	tell(self, "ended %d", status);
	look_for_members(self);
	return true;
}

/* Returns the recorder's wait status once it has ended, else -1. */
static int read_signals(struct supervisor *self)
{
	struct signalfd_siginfo info;
	int status;

	while (read(self->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			handle_signal(self, &info);
	reap_target(self);
	if (waitpid(self->recorder, &status, WNOHANG) == self->recorder)
		return status;
	return -1;
}

static int serve(struct supervisor *self)
{
	bool listening = true;
	int status = -1;

	while (status < 0) {
		struct pollfd fds[] = {
			{ .fd = self->signals, .events = POLLIN },
			{ .fd = listening ? self->control : -1,
			  .events = POLLIN },
			{ .fd = self->member, .events = POLLIN },
		};

		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			break;
		if (fds[1].revents && !read_request(self))
			listening = false;
		if (fds[2].revents) {
			close(self->member);
			look_for_members(self);
		}
		if (fds[0].revents)
			status = read_signals(self);
	}
	return status;
}

/*
 * The recorder is gone while the program runs. The program is not ours to
 * kill: it goes on to its end, and the status tells that nothing was learned.
 */
static void outlive_recorder(struct supervisor *self)
{
	int status;

	if (self->state == PREPARED) {
		close(self->target.gate);
		waitpid(self->target.pid, &status, 0);
	}
	if (self->state != RUNNING)
		return;
	complain(self, "recorder",
		 "ended unexpectedly; nothing is learned, "
		 "the program goes on to its end");
	while (!reap_target(self)) {
		struct pollfd signals = { .fd = self->signals,
					  .events = POLLIN };

		if (poll(&signals, 1, -1) > 0)
			read_signals(self);
	}
}

/* Blocks what serve() wants to read, and notes how it was before. */
static int open_signals(struct start_state *start)
{
	static const int wanted[] = { SIGHUP,  SIGINT,	SIGQUIT,
				      SIGTERM, SIGUSR1, SIGUSR2 };
	struct sigaction action;
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		/* Ignored by the user's wish (nohup): so it stays. */
		if (sigaction(wanted[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&set, wanted[i]);
	}
	sigaction(SIGCHLD, NULL, &action);
	start->child_signal_ignored = action.sa_handler == SIG_IGN;
	if (start->child_signal_ignored)
		signal(SIGCHLD, SIG_DFL);
	if (sigprocmask(SIG_BLOCK, &set, &start->signal_mask))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/*
 * What would change the recorder, or make it talk, without being meant for it:
 * the user set it for the program.
 */
static void clean_recorder_environment(void)
{
	static const char *const names[] = { "JAVA_TOOL_OPTIONS",
					     "_JAVA_OPTIONS",
					     "JDK_JAVA_OPTIONS", "LD_PRELOAD",
					     "LD_AUDIT" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

__attribute__((noreturn)) static void
run_recorder(const struct supervisor *self, char **command, int control)
{
	int null = open("/dev/null", O_RDWR);
	int fd;

	setsid();
	/* A descriptor 0-2 that is closed would be taken by a file of Java. */
	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		goto fail;
	for (fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && dup2(null, fd) < 0)
			goto fail;
	if (control == CONTROL_FD)
		fcntl(control, F_SETFD, 0);
	else if (dup2(control, CONTROL_FD) < 0)
		goto fail;
	close_range(CONTROL_FD + 1, ~0U, 0);
	clean_recorder_environment();
	sigprocmask(SIG_SETMASK, &self->start.signal_mask, NULL);
	execvp(command[0], command);
	complain(self, command[0],
		 errno == ENOENT ? "not found (install a Java runtime, 17 or "
				   "newer, or set JAVA_HOME)"
				 : strerror(errno));
	_exit(STATUS_OWN_FAILURE);
fail:
	complain(self, "cannot start Java", strerror(errno));
	_exit(STATUS_OWN_FAILURE);
}

/* Keeps descriptors 0-3 from being handed out to files of ours. */
static int move_up(int fd)
{
	int moved;

	if (fd < 0 || fd > CONTROL_FD)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, CONTROL_FD + 1);
	close(fd);
	return moved;
}

static int start_recorder(struct supervisor *self, char **command)
{
	int pair[2], signals = open_signals(&self->start);

	if (signals < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	self->signals = move_up(signals);
	self->control = move_up(pair[0]);
	pair[1] = move_up(pair[1]);
	self->recorder = fork();
	if (self->recorder < 0)
		return -errno;
	if (self->recorder == 0)
		run_recorder(self, command, pair[1]);
	close(pair[1]);
	return 0;
}

int supervise(const char *name, char **recorder, char **arguments)
{
	struct supervisor self = {
		.name = name,
		.arguments = arguments,
		.member = -1,
	};
	int status, err;

	while (arguments[self.argument_count])
		self.argument_count++;
	err = start_recorder(&self, recorder);
	if (err) {
		complain(&self, "cannot start", strerror(-err));
		return STATUS_OWN_FAILURE;
	}
	status = serve(&self);
	if (WIFEXITED(status) && self.state != RUNNING &&
	    self.state != PREPARED)
		return WEXITSTATUS(status);
	outlive_recorder(&self);
	return STATUS_OWN_FAILURE;
}
