// SPDX-License-Identifier: Apache-2.0
/*
 * protects MODE FOLDER: a program whose own protection does not let it make
 * FOLDER. Whether it is recorded or not, the folder must not be there afterwards.
 *
 * trace	a filter hands mkdir to a tracer, which refuses it
 * thread	the same; another thread exists when the filter is loaded
 * untraced	the same without a tracer: the kernel refuses the call (ENOSYS)
 * zero		the same with a tracer; the filter is loaded from address 0
 * computed	the filter computes what it returns
 * second	a filter hands seccomp to a tracer, which refuses it; with a second
 *		filter, the program would make the folder
 * stops	a tracer refuses mkdir at the stops of system calls, without a
 *		filter
 * trap		a filter sends SIGSYS
 * errno	a filter gives an error
 * kill		a filter kills
 * listener	a filter asks a supervisor, which refuses mkdir; the program does
 *		not look whether the filter was loaded
 * strict	seccomp's strict mode; the program does not look whether it has it
 *
 * probe	only asks what the kernel can do, as libraries do, and makes the folder
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *folder;

static long load(unsigned int flags, const struct sock_filter *code, int length)
{
	struct sock_fprog program = { (unsigned short)length,
				      (struct sock_filter *)code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static long answer_call(unsigned int flags, unsigned int number,
			unsigned int action)
{
	const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return load(flags, code, 4);
}

static long compute_answer(void)
{
	const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdir, 0, 2),
		BPF_STMT(BPF_LD | BPF_IMM, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_A, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return load(0, code, 5);
}

static void *wait_long(void *nothing)
{
	for (;;)
		pause();
	return nothing;
}

static void make_folder(void)
{
	syscall(SYS_mkdir, folder, 0700);
}

static void trapped(int number)
{
	(void)number;
}

/* Refuses the call at which @pid has stopped. */
static void refuse(pid_t pid)
{
	struct user_regs_struct registers;

	ptrace(PTRACE_GETREGS, pid, 0, &registers);
	registers.orig_rax = (unsigned long long)-1;
	registers.rax = (unsigned long long)-EPERM;
	ptrace(PTRACE_SETREGS, pid, 0, &registers);
}

static unsigned long long call_of(pid_t pid)
{
	struct user_regs_struct registers;

	ptrace(PTRACE_GETREGS, pid, 0, &registers);
	return registers.orig_rax;
}

/* Runs @traced in a child and refuses what its filter hands over. */
static int trace(void (*traced)(void), int request)
{
	pid_t pid = fork();
	int status, entered = 0;

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		traced();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (ptrace(PTRACE_SETOPTIONS, pid, 0,
		   PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD |
			   (request == PTRACE_CONT ? PTRACE_O_TRACESECCOMP
						   : 0)))
		exit(3);
	for (;;) {
		ptrace(request, pid, 0, 0);
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
			refuse(pid);
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		entered = !entered;
		if (entered && call_of(pid) == SYS_mkdir)
			refuse(pid);
	}
}

static void with_tracer(void)
{
	answer_call(0, SYS_mkdir, SECCOMP_RET_TRACE);
	make_folder();
}

static void with_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait_long, NULL);
	answer_call(SECCOMP_FILTER_FLAG_TSYNC, SYS_mkdir, SECCOMP_RET_TRACE);
	make_folder();
}

static void from_zero(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdir, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { 4, code };
	void *volatile zero =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (zero)
		_exit(5);
	memcpy(zero, &program, sizeof(program));
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL);
	make_folder();
}

static void with_computed(void)
{
	compute_answer();
	make_folder();
}

static void with_second(void)
{
	answer_call(0, SYS_seccomp, SECCOMP_RET_TRACE);
	if (answer_call(0, SYS_rmdir, SECCOMP_RET_ERRNO | EPERM) == 0)
		make_folder();
}

/* A parent answers for its child, which has the same filter. */
static void with_listener(void)
{
	int listener = (int)answer_call(SECCOMP_FILTER_FLAG_NEW_LISTENER,
					SYS_mkdir, SECCOMP_RET_USER_NOTIF);
	struct seccomp_notif asked;
	struct seccomp_notif_resp answer = { .error = -EPERM };
	pid_t pid;

	if (listener < 0) {
		make_folder();
		return;
	}
	pid = fork();
	if (pid == 0) {
		make_folder();
		_exit(0);
	}
	memset(&asked, 0, sizeof(asked));
	ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked);
	answer.id = asked.id;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	waitpid(pid, NULL, 0);
}

static void in_child(void (*work)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		work();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void with_kill(void)
{
	answer_call(0, SYS_mkdir, SECCOMP_RET_KILL_PROCESS);
	make_folder();
}

static void with_strict(void)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	make_folder();
	syscall(SYS_exit, 0);
}

static int probe(void)
{
	syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL);
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL);
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER, NULL);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL);
	make_folder();
	return 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc == 3 ? argv[1] : "";

	folder = argv[argc - 1];
	if (strcmp(mode, "trace") == 0)
		return trace(with_tracer, PTRACE_CONT);
	if (strcmp(mode, "thread") == 0)
		return trace(with_thread, PTRACE_CONT);
	if (strcmp(mode, "zero") == 0)
		return trace(from_zero, PTRACE_CONT);
	if (strcmp(mode, "untraced") == 0)
		with_tracer();
	else if (strcmp(mode, "computed") == 0)
		return trace(with_computed, PTRACE_CONT);
	else if (strcmp(mode, "second") == 0)
		return trace(with_second, PTRACE_CONT);
	else if (strcmp(mode, "stops") == 0)
		return trace(make_folder, PTRACE_SYSCALL);
	else if (strcmp(mode, "trap") == 0) {
		signal(SIGSYS, trapped);
		answer_call(0, SYS_mkdir, SECCOMP_RET_TRAP);
		make_folder();
	} else if (strcmp(mode, "errno") == 0) {
		answer_call(0, SYS_mkdir, SECCOMP_RET_ERRNO | EPERM);
		make_folder();
	} else if (strcmp(mode, "kill") == 0)
		in_child(with_kill);
	else if (strcmp(mode, "listener") == 0)
		with_listener();
	else if (strcmp(mode, "strict") == 0)
		in_child(with_strict);
	else if (strcmp(mode, "probe") == 0)
		return probe();
	else
		return 2;
	return 0;
}
