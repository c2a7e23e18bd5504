// SPDX-License-Identifier: Apache-2.0
/*
 * escape MODE FILE: a program that tries to keep a call from being recorded.
 *
 * refuse	a filter of its own, loaded by prctl, refuses personality
 * trace	a filter of its own, loaded by prctl, hands all calls but prctl to
 *		a tracer, a child, which lets them go on
 * outside	the same; the tracer is another process, which attaches itself
 *		when FILE.pid is there, and makes FILE.traced then
 * tracer	that process
 * early	the same as "trace"; the tracer is made in .preinit_array, before
 *		the constructors of any library
 * chain	leaves behind a process that forks and ends all the time, until
 *		FILE exists: then it makes the call
 * leave	leaves behind a process that leaves its audit session, and makes
 *		the call when FILE exists
 *
 * The last two make FILE.left when they have got that far. The call is getpriority.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void make_call(void)
{
	syscall(SYS_getpriority, 0, 0);
}

static void load(unsigned int number, unsigned int if_equal,
		 unsigned int otherwise)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, if_equal),
		BPF_STMT(BPF_RET | BPF_K, otherwise),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		exit(3);
}

/* Lets each call go on that the filter hands over. */
static void trace_calls(pid_t pid, const char *ready)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESECCOMP))
		_exit(4);
	if (ready)
		close(open(ready, O_WRONLY | O_CREAT, 0600));
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, 0, 0);
	_exit(0);
}

static void make_tracer(void)
{
	pid_t self = getpid();

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	if (fork() == 0)
		trace_calls(self, NULL);
	usleep(200000);
}

#ifdef EARLY
static void early(int argc, char **argv, char **envp)
{
	(void)argc;
	(void)argv;
	(void)envp;
	make_tracer();
}

__attribute__((section(".preinit_array"),
	       used)) static void (*first)(int, char **, char **) = early;
#endif

static void hand_over(void)
{
	load(SYS_prctl, SECCOMP_RET_ALLOW, SECCOMP_RET_TRACE);
	make_call();
}

static void await_file(const char *file)
{
	int tries;

	/* Not for ever, should the test be gone. */
	for (tries = 0; access(file, F_OK) && tries < 2000; tries++)
		usleep(10000);
}

static void wait_outside(const char *file)
{
	char path[4096];
	FILE *pid;

	snprintf(path, sizeof(path), "%s.pid", file);
	pid = fopen(path, "w");
	fprintf(pid, "%d", getpid());
	fclose(pid);
	snprintf(path, sizeof(path), "%s.traced", file);
	await_file(path);
}

static void be_tracer(const char *file)
{
	char path[4096], ready[4096];
	FILE *from;
	int pid;

	snprintf(path, sizeof(path), "%s.pid", file);
	snprintf(ready, sizeof(ready), "%s.traced", file);
	await_file(path);
	usleep(100000);
	from = fopen(path, "r");
	if (!from || fscanf(from, "%d", &pid) != 1)
		exit(5);
	trace_calls(pid, ready);
}

static void chain(const char *file)
{
	int links;

	for (links = 0; access(file, F_OK) && links < 200000; links++) {
		pid_t pid = fork();

		if (pid > 0)
			_exit(0);
		if (pid < 0)
			_exit(6);
	}
	make_call();
	_exit(0);
}

static void write_login_uid(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	if (write(fd, "4242", 4) != 4)
		_exit(7);
	close(fd);
}

static void detach(const char *mode, const char *file)
{
	char other[4096];

	if (fork())
		return;
	if (strcmp(mode, "leave") == 0)
		write_login_uid("/proc/self/loginuid");
	snprintf(other, sizeof(other), "%s.left", file);
	close(open(other, O_WRONLY | O_CREAT, 0600));
	if (strcmp(mode, "chain") == 0)
		chain(file);
	await_file(file);
	make_call();
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	const char *file = argc > 2 ? argv[2] : "";

	if (strcmp(mode, "refuse") == 0) {
		load(SYS_personality, SECCOMP_RET_ERRNO | EPERM,
		     SECCOMP_RET_ALLOW);
		syscall(SYS_personality, 0xffffffff);
	} else if (strcmp(mode, "trace") == 0) {
		make_tracer();
		hand_over();
	} else if (strcmp(mode, "early") == 0) {
		hand_over();
	} else if (strcmp(mode, "outside") == 0) {
		wait_outside(file);
		hand_over();
	} else if (strcmp(mode, "tracer") == 0) {
		be_tracer(file);
	} else {
		detach(mode, file);
	}
	return 0;
}
