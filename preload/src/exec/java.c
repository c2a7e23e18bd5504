// SPDX-License-Identifier: Apache-2.0
/* Starts Java, exchanges messages with it and determines how it ended. */
#include "exec/java.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failure.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "process/limits.h"
#include "process/report.h"

#define MAX_NAMED   16 /* descriptors that options name */
#define MIN_FILES   8  /* open files, that we wait for */
#define MOST_STARTS 8  /* of Java, by what Java starts */

void tell_java(const struct java *java, const char *format, ...)
{
	char message[PATH_MAX + 512];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (length >= (int)sizeof(message))
		length = sizeof(message) - 1;
	send(java->control, message, (size_t)length, MSG_NOSIGNAL);
}

ssize_t read_message(const struct java *java, char *message, size_t size)
{
	ssize_t n = recv(java->control, message, size - 1, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -1;
	message[n] = 0;
	return n;
}

void interrupt_java(struct java *java, int signal)
{
	if (!java->interrupted)
		java->interrupted = signal;
	kill(java->pid,
	     signal == SIGINT || signal == SIGHUP ? signal : SIGTERM);
}

int reap_java(struct java *java)
{
	int status, result = java->pid ? reap_child(java->pid, &status) : 0;

	if (result == 0)
		return -1;
	java->pid = 0;
	if (result > 0)
		return status;
	print_own_failure(java->name, "the end of Java", UNSEEN_END);
	return W_EXITCODE(STATUS_OWN_FAILURE, 0);
}

int java_status(const struct java *java, int wait_status, int announced)
{
	int status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
	const char *limit;

	if (java->interrupted)
		return STATUS_SIGNALED + java->interrupted;
	if (status >= 0 && status == announced)
		return status;
	if (wait_status < 0) {
		print_own_failure(java->name, "Java",
				  "is left behind: SIGKILL does not end it "
				  "(a file system may withhold what it reads)");
	} else if (status != STATUS_OWN_FAILURE) {
		limit = forbidding_threads();
		print_own_failure(java->name, "Java",
				  limit ? limit : "ended unexpectedly");
	}
	return STATUS_OWN_FAILURE;
}

void restore_start_state(const struct start_state *start)
{
	if (start->child_signal_ignored)
		signal(SIGCHLD, SIG_IGN);
	sigprocmask(SIG_SETMASK, &start->signal_mask, NULL);
}

void raise_pending_signals(const struct start_state *start)
{
	for (int number = 1; number <= SIGRTMAX; number++)
		if (sigismember(&start->pending, number) > 0)
			kill(getpid(), number);
}

void forbid_tracing(struct start_state *start)
{
	start->dumpable = prctl(PR_GET_DUMPABLE) == 1;
	if (start->dumpable)
		prctl(PR_SET_DUMPABLE, 0);
}

void allow_tracing(const struct start_state *start)
{
	if (start->dumpable)
		prctl(PR_SET_DUMPABLE, 1);
}

int occupy_low_descriptors(int flags)
{
	int fd;

	do
		fd = open("/dev/null", flags);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* Blocks the signals to be read from @signals. Saves their state in @start. */
static int open_signals(struct start_state *start)
{
	static const int wanted[] = { SIGHUP,  SIGINT,	SIGQUIT,
				      SIGTERM, SIGUSR1, SIGUSR2 };
	struct sigaction action;
	sigset_t set;

	sigpending(&start->pending);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		/*
		 * A signal that the user ignores (nohup) stays ignored. One
		 * that was sent before, and is blocked, waits for the program.
		 */
		if (sigaction(wanted[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN &&
		    !sigismember(&start->pending, wanted[i]))
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
 * Whether what is named java runs a command of ours, which would start it again and
 * again. Commands that Java starts, as for --exercise, may start some of ours.
 */
static bool is_endless(void)
{
	static const char name[] = "SANDBOX_STARTS";
	const char *starts = getenv(name);
	int count = starts ? atoi(starts) : 0;
	char next[16];

	snprintf(next, sizeof(next), "%d", count + 1);
	setenv(name, next, 1);
	return count >= MOST_STARTS;
}

/*
 * Removes variables that would change Java or make it print, because the user
 * set them for the program. Sets a locale in which Java can read every UTF-8
 * path, and a working directory that exists, because Java does not start
 * without one.
 */
static void settle_java(void)
{
	static const char *const names[] = {
		"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",  "JDK_JAVA_OPTIONS",
		"LD_PRELOAD",	     "LD_AUDIT",       "LD_LIBRARY_PATH",
		"LD_DEBUG",	     "LD_DEBUG_OUTPUT"
	};
	const char *path = getenv("LD_LIBRARY_PATH");
	char folder[PATH_MAX];

	/* For sandbox-reach, which looks for libraries as the program would. */
	unsetenv("SANDBOX_LIBRARY_PATH");
	if (path)
		setenv("SANDBOX_LIBRARY_PATH", path, 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	setenv("LC_ALL", "C.UTF-8", 1);
	/* Relative paths find no user file there and cannot create one. */
	if (!getcwd(folder, sizeof(folder)) && chdir("/proc/self"))
		print_own_failure("sandbox-exec", "/proc/self",
				  strerror(errno));
}

int become_java(const char *name, char **command)
{
	const char *limit = forbidding_memory();
	int err;

	if (!limit)
		limit = forbidding_files();
	if (limit)
		return print_own_failure(name, "Java", limit);
	if (is_endless())
		return print_own_failure(name, command[0],
					 "runs sandbox, which runs it (let "
					 "JAVA_HOME or PATH name Java itself)");
	/* Read-only: writing to a stdout that the user closed must fail. */
	err = occupy_low_descriptors(O_RDONLY);
	if (err)
		return print_own_failure(name, "/dev/null", strerror(-err));
	settle_java();
	execvp(command[0], command);
	return print_own_failure(name, command[0],
				 errno == ENOENT
					 ? "not found (install a Java runtime, "
					   "17 or newer, or set JAVA_HOME)"
					 : strerror(errno));
}

/*
 * The descriptor that a word or its value names, as "--policy=/dev/fd/63", which
 * the shell writes for --policy=<(...); -1 if none. "-" names one only as the value
 * of an option: "cat -" reads what is the program's.
 */
static int named_descriptor(const char *word, bool is_value)
{
	static const char folder[] = "/dev/fd/";
	const char *value = word[0] == '-' ? strchr(word, '=') : NULL;
	char *end;
	long fd;

	word = value ? value + 1 : word;
	if (strcmp(word, "/dev/stdin") == 0 ||
	    (strcmp(word, "-") == 0 && (is_value || value)))
		return STDIN_FILENO;
	if (strncmp(word, folder, sizeof(folder) - 1) != 0)
		return -1;
	word += sizeof(folder) - 1;
	fd = strtol(word, &end, 10);
	return end > word && *end == '\0' && fd >= 0 && fd <= INT_MAX ? (int)fd
								      : -1;
}

/*
 * Finds the descriptors that our options name, and perhaps some that the program's
 * arguments name: only Java knows where the program begins.
 */
static size_t find_named(char **command, int *named, size_t size)
{
	bool is_value = false;
	size_t count = 0;

	for (; *command && strcmp(*command, "--") != 0 && count < size;
	     command++) {
		named[count] = named_descriptor(*command, is_value);
		is_value = strncmp(*command, "--", 2) == 0;
		count += named[count] >= 0;
	}
	return count;
}

static bool holds(const int *named, size_t count, int fd)
{
	while (count > 0)
		if (named[--count] == fd)
			return true;
	return false;
}

/* Our placeholders are closed at exec, while the user's descriptors are not. */
static bool left_closed(int fd)
{
	return fcntl(fd, F_GETFD) != 0;
}

__attribute__((noreturn)) static void run_java(const struct java *java,
					       char **command, int control)
{
	/* Read-only: writing to a stdout that the user closed must fail. */
	int null = open("/dev/null", O_RDONLY);
	int kept[MAX_NAMED + STDERR_FILENO + 2];
	size_t named = find_named(command, kept, MAX_NAMED);
	bool reads = java->asks || holds(kept, named, STDIN_FILENO);
	char number[16];

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		kept[named++] = fd;
	kept[named++] = control;
	snprintf(number, sizeof(number), "%d", control);
	if (!java->asks)
		setsid();
	/* If we die while it is stopped (supervise/nap.c). */
	prctl(PR_SET_PDEATHSIG, SIGCONT);
	if (null < 0 ||
	    ((!reads || left_closed(STDIN_FILENO)) &&
	     dup2(null, STDIN_FILENO) < 0) ||
	    (left_closed(STDOUT_FILENO) && dup2(null, STDOUT_FILENO) < 0) ||
	    (left_closed(STDERR_FILENO) && dup2(null, STDERR_FILENO) < 0) ||
	    fcntl(control, F_SETFD, 0) || close_all_but(kept, named) ||
	    setenv("SANDBOX_CONTROL", number, 1))
		_exit(print_own_failure(java->name, "cannot start Java",
					strerror(errno)));
	restore_start_state(&java->start);
	_exit(become_java(java->name, command));
}

int start_java(struct java *java, const char *name, char **command)
{
	int pair[2], err;

	java->name = name;
	/* poll(2) takes no more of them than the process may have. */
	if (sysconf(_SC_OPEN_MAX) < MIN_FILES)
		return -EMFILE;
	/* They close at exec, so the program does not get them. */
	err = occupy_low_descriptors(O_RDWR | O_CLOEXEC);
	if (err)
		return err;
	java->signals = open_signals(&java->start);
	if (java->signals < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	java->pid = fork();
	if (java->pid < 0)
		return -errno;
	if (java->pid == 0)
		run_java(java, command, pair[1]);
	close(pair[1]);
	java->control = pair[0];
	return 0;
}
