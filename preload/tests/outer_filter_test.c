/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: outer_filter_test DIRECTORY LIBRARY
 * Starts a program under a filter in all possible ways, while an outer filter
 * (such as a container's) answers one call of the start in the kernel's place.
 * The cases are generated: each call of the start, which a listener discovers,
 * with each action. The program must be filtered or not run at all, and
 * everything must end.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "answered.h"
#include "check.h"
#include "exec/confine.h"
#include "inject/inject.h"
#include "inject/listener.h"
#include "outer_filter.h"
#include "process/descriptors.h"
#include "process/report.h"
#include "raw_call.h"

/* Longer than any start: what takes so long hangs. */
#define PATIENCE 10
#define CALLS	 512

#define TEXT_OF(word) #word
#define TEXT(number)  TEXT_OF(number)

#ifdef SYS_poll
#define CALL_OF_POLL SYS_poll
#else
#define CALL_OF_POLL SYS_ppoll
#endif
/* Stands for no outer filter, in place of a call number. */
#define NONE 0xfffffffeU

/* The first argument of that call, or EVERY. */
struct answered {
	unsigned int number;
	unsigned int first;
};

enum way {
	PLAIN,	 /* no filter at all: shows that the test can fail */
	BY_FILE, /* sandbox-exec FILE PROGRAM */
	ENTRY,
	LISTENED,
	LISTENED_ENTRY,
	HERE,
	MISSING, /* the program is removed before it is executed */
	PRELOAD,
	WAYS
};

static const char *const way_names[] = { "plain",   "exec",	      "entry",
					 "explain", "explain, entry", "here",
					 "missing", "LD_PRELOAD" };

static const struct {
	const char *name;
	unsigned int value;
} actions[] = {
	{ "errno 0", SECCOMP_RET_ERRNO | 0 },
	{ "EPERM", SECCOMP_RET_ERRNO | EPERM },
	{ "ENOSYS", SECCOMP_RET_ERRNO | ENOSYS },
	{ "kill", SECCOMP_RET_KILL_PROCESS },
	{ "kill thread", SECCOMP_RET_KILL_THREAD },
	{ "trap", SECCOMP_RET_TRAP },
	{ "trace", SECCOMP_RET_TRACE },
};

enum outcome {
	FILTERED,
	UNFILTERED,
	NOT_RUN,
	SUCCEEDED,
	HANGS,
	CALLED
};

static const char *const outcome_names[] = {
	"filtered", "UNFILTERED", "not run", "not run, but status 0",
	"hangs",    "?"
};

static char static_program[4096], dynamic_program[4096], filter_file[4096];
static char preload[4096 + 16];

/* JUDGED_CALL fails with JUDGED_ERRNO. */
static const struct sock_filter inner[] = {
	ANSWERING(JUDGED_CALL, SECCOMP_RET_ERRNO | JUDGED_ERRNO),
};

/* JUDGED_CALL fails with JUDGED_ERRNO; close asks: the tracer must answer. */
static const struct sock_filter asking[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, JUDGED_CALL, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | JUDGED_ERRNO),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static void load_outer(struct answered call, unsigned int action)
{
	struct sock_filter filter[] =
		OUTER_FILTER(call.number, call.first, action);
	struct sock_fprog program = { 6, filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    action == SECCOMP_RET_USER_NOTIF
			    ? SECCOMP_FILTER_FLAG_NEW_LISTENER
			    : 0,
		    &program) < 0)
		_exit(UNPREPARED);
}

static void start_filtered(enum way way, char **argv, int listener_to)
{
	static struct compiled_filter filter;
	struct program program = { 0 };
	char *envp[] = { NULL };
	struct execution execution = { .program = &program,
				       .argv = argv,
				       .envp = envp };
	struct filtered_start listened = {
		.name = "test",
		.execution = &execution,
		.filter = { .code = asking,
			    .length = sizeof(asking) / sizeof(asking[0]),
			    .flags = SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    .listener_to = listener_to },
		.start = way == LISTENED ? FILTER_FROM_EXEC : FILTER_FROM_ENTRY,
	};
	struct failure why;

	snprintf(program.path, sizeof(program.path), "%s", argv[0]);
	if (way == LISTENED || way == LISTENED_ENTRY) {
		execute_filtered(&listened, &why);
		_exit(print_failure("test", &why));
	}
	memcpy(filter.code, inner, sizeof(inner));
	filter.length = sizeof(inner) / sizeof(inner[0]);
	filter.start = way == HERE    ? FILTER_FROM_HERE
		       : way == ENTRY ? FILTER_FROM_ENTRY
				      : FILTER_FROM_EXEC;
	_exit(become_program("test", &execution, &filter));
}

static void start_preloaded(struct answered call, unsigned int action)
{
	char outer[64];
	char *argv[] = { dynamic_program, NULL };
	char *envp[] = { preload,
			 (char *)"SECCOMP_SYSCALL_DENY=" TEXT(JUDGED_CALL),
			 (char *)"SECCOMP_DEFAULT_ACTION=errno:" TEXT(
				 JUDGED_ERRNO),
			 (char *)"SECCOMP_QUIET=1",
			 call.number == NONE ? NULL : outer,
			 NULL };

	snprintf(outer, sizeof(outer), "OUTER=%x:%x:%x", call.number,
		 call.first, action);
	execve(argv[0], argv, envp);
	_exit(UNPREPARED);
}

__attribute__((noreturn)) static void
run_child(enum way way, struct answered call, unsigned int action)
{
	int null = open("/dev/null", O_RDWR), pair[2] = { -1, -1 }, i;
	char *argv[] = { static_program, NULL }, *envp[] = { NULL };

	for (i = 0; i < 3; i++)
		dup2(null, i);
	close_descriptors(3, ~0U);
	/* The program keeps the sockets, so the listener has a receiver. */
	if ((way == LISTENED || way == LISTENED_ENTRY) &&
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		_exit(UNPREPARED);
	if (way == PRELOAD)
		start_preloaded(call, action);
	if (call.number != NONE)
		load_outer(call, action);
	if (way == ENTRY || way == LISTENED_ENTRY)
		argv[0] = dynamic_program;
	if (way == MISSING)
		argv[0] = (char *)"/nowhere/program";
	if (way == BY_FILE)
		_exit(confine_by_file("test", filter_file, argv));
	if (way != PLAIN)
		start_filtered(way, argv, pair[0]);
	execve(argv[0], argv, envp);
	_exit(UNPREPARED);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* This process is the subreaper of all that it starts. */
static void kill_children(void)
{
	char path[64], text[512];
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	int parent;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);
		FILE *stat;

		if (pid <= 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		stat = fopen(path, "re");
		if (stat && fgets(text, sizeof(text), stat) &&
		    strrchr(text, ')') &&
		    sscanf(strrchr(text, ')'), ") %*c %d", &parent) == 1 &&
		    parent == getpid())
			kill(pid, SIGKILL);
		if (stat)
			fclose(stat);
	}
	if (proc)
		closedir(proc);
}

static enum outcome judge(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGILL	  ? FILTERED
		       : WTERMSIG(status) == OTHER_SIGNAL ? UNFILTERED
							  : NOT_RUN;
	return WEXITSTATUS(status) ? NOT_RUN : SUCCEEDED;
}

/* Waits for the child and all its descendants. */
static enum outcome await(pid_t child)
{
	const struct timespec pause = { 0, 100000 };
	enum outcome outcome = HANGS;
	double end = now() + PATIENCE;
	int status;
	pid_t pid;

	while (now() < end) {
		pid = waitpid(-1, &status, WNOHANG | __WALL);
		if (pid == child)
			outcome = judge(status);
		else if (pid < 0 && errno == ECHILD)
			return outcome;
		else if (pid <= 0)
			nanosleep(&pause, NULL);
	}
	while (waitpid(-1, NULL, WNOHANG | __WALL) >= 0)
		kill_children();
	return HANGS;
}

static enum outcome try(enum way way, struct answered call, unsigned int action)
{
	pid_t pid = fork();

	if (pid == 0)
		run_child(way, call, action);
	return await(pid);
}

/* The child has only the listener, 0 to 2 and a pair of sockets. */
static int take_listener_of(pid_t child)
{
	const struct timespec pause = { 0, 100000 };
	char path[64], target[64];
	double end = now() + PATIENCE;
	int process = (int)syscall(SYS_pidfd_open, child, 0), fd, listener;

	while (now() < end) {
		for (fd = 3; fd < 6; fd++) {
			ssize_t n;

			snprintf(path, sizeof(path), "/proc/%d/fd/%d", child,
				 fd);
			n = readlink(path, target, sizeof(target) - 1);
			target[n < 0 ? 0 : n] = 0;
			if (!strstr(target, "seccomp notify"))
				continue;
			listener =
				(int)syscall(SYS_pidfd_getfd, process, fd, 0);
			close(process);
			return listener;
		}
		nanosleep(&pause, NULL);
	}
	close(process);
	return -1;
}

/* Marks the numbers of all calls that this way of starting makes. */
static void discover(enum way way, bool calls[CALLS])
{
	pid_t pid = fork();
	int listener;

	if (pid == 0)
		run_child(way, (struct answered){ EVERY, EVERY },
			  SECCOMP_RET_USER_NOTIF);
	listener = take_listener_of(pid);
	for (;;) {
		struct pollfd pollfd = { listener, POLLIN, 0 };
		struct seccomp_notif asked = { 0 };
		struct seccomp_notif_resp answer = {
			.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
		};

		if (poll(&pollfd, 1, PATIENCE * 1000) <= 0 ||
		    !(pollfd.revents & POLLIN))
			break;
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked))
			continue;
		if (asked.data.nr >= 0 && asked.data.nr < CALLS)
			calls[asked.data.nr] = true;
		answer.id = asked.id;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
	close(listener);
	await(pid);
}

static unsigned int counts[CALLED];

static void test_call(enum way way, struct answered call)
{
	enum outcome outcome;

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		outcome = try(way, call, actions[i].value);
		counts[outcome]++;
		check(outcome == FILTERED || outcome == NOT_RUN,
		      "%s: call %u (%#x) gets %s: %s", way_names[way],
		      call.number, call.first, actions[i].name,
		      outcome_names[outcome]);
	}
}

static void test_way(enum way way)
{
	static bool calls[CALLS];
	/* These calls are made for a listener, and there can be only one. */
	static const int for_listener[] = { SYS_pidfd_open, SYS_pidfd_getfd,
					    SYS_sendmsg,    CALL_OF_POLL,
					    SYS_waitid,	    SYS_ioctl };
	/* Calls with many functions, where only one may be answered. */
	static const struct answered single[] = {
		{ SYS_seccomp, SECCOMP_SET_MODE_FILTER },
		{ SYS_prctl, PR_SET_NO_NEW_PRIVS },
		{ SYS_prctl, PR_GET_NO_NEW_PRIVS },
		{ SYS_ptrace, 0x4206 /* PTRACE_SEIZE */ },
	};
	enum outcome expected = way == MISSING ? NOT_RUN : FILTERED, outcome;

	memset(counts, 0, sizeof(counts));
	/* The ways with a listener also make the calls of the other ways. */
	if (way == LISTENED || way == LISTENED_ENTRY) {
		for (size_t i = 0; i < sizeof(for_listener) / sizeof(int); i++)
			calls[for_listener[i]] = true;
	} else {
		memset(calls, 0, sizeof(calls));
		discover(way, calls);
	}
	outcome = try(way, (struct answered){ NONE, EVERY }, 0);
	check(outcome == expected, "%s: without outer filter: %s",
	      way_names[way], outcome_names[outcome]);
	for (unsigned int number = 0; number < CALLS; number++)
		if (calls[number])
			test_call(way, (struct answered){ number, EVERY });
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		test_call(way, single[i]);
	fprintf(stderr, "%s: %u filtered, %u not run\n", way_names[way],
		counts[FILTERED], counts[NOT_RUN]);
	check(counts[FILTERED] + counts[NOT_RUN] > 30, "%s: %u cases",
	      way_names[way], counts[FILTERED] + counts[NOT_RUN]);
}

static void write_filter(void)
{
	int fd;

	snprintf(filter_file, sizeof(filter_file), "/tmp/outer-filter-XXXXXX");
	fd = mkstemp(filter_file);
	if (fd < 0 || write(fd, inner, sizeof(inner)) != sizeof(inner))
		abort();
	close(fd);
}

int main(int argc, char **argv)
{
	enum way way;

	if (argc < 3)
		return 2;
	snprintf(static_program, sizeof(static_program), "%s/judged-static",
		 argv[1]);
	snprintf(dynamic_program, sizeof(dynamic_program), "%s/judged",
		 argv[1]);
	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", argv[2]);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	write_filter();
	check(try(PLAIN, (struct answered){ NONE, EVERY }, 0) == UNFILTERED,
	      "a plain start is not seen");
	for (way = BY_FILE; way < WAYS; way++)
		if (argc == 3 || strcmp(argv[3], way_names[way]) == 0)
			test_way(way);
	unlink(filter_file);
	return check_summary();
}
