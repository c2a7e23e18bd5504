// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a program by execute_filtered(), with a filter made by hand: it checks
 * the architecture and a list of numbers, and kills.
 *
 *   driver [OPTION]... PROGRAM [ARGUMENT]...
 *
 *   -p          plain execve(2), for comparison
 *   -e          the filter starts at the entry point
 *   -a LIST     allowed calls of both architectures, by name, blank between;
 *               without it everything is allowed
 *   -n NUMBER   makes the filter that allows everything that long
 *   -l          every call is asked about, and let through, by a child that
 *               prints on stderr how many there were
 *   -f          flags that the kernel does not have
 *   -i NUMBER   a signal to ignore      -b NUMBER  a signal to block, and
 *   -B          to have pending too
 *   -t          another thread than the first one calls
 *   -s          this process is a subreaper
 *   -o          another filter, that allows everything, is in force before
 *   -d          another filter, that refuses ptrace, is in force before
 *   -k          another filter, that kills on seccomp, is in force before
 *   -z CALL     another filter, that answers this call with 0, is in force
 *               before
 *   -S          gives a text file to /bin/sh as execvp(3) does
 *   -D          has a signal that tells it of its parent's death
 *   -x          adds an argument that is too long for execve(2)
 */
#include <dirent.h>
#include <errno.h>
#include <linux/audit.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../answered.h"
#include "inject/inject.h"
#include "inject/listener.h"
#include "process/proc.h"

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#else
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

extern char **environ;

static const struct call {
	const char *name;
	int native;
	int i386;
} calls[] = {
#include "calls.inc"
};

/* The value of each option that is given, by its letter; "" if it takes none. */
static const char *given[128];

static struct program program;
static struct execution execution = { .program = &program };
static struct filtered_start filtered = { .name = "driver",
					  .execution = &execution,
					  .start = FILTER_FROM_EXEC };

static int number_given(int option)
{
	return given[option] ? atoi(given[option]) : 0;
}

static struct sock_filter code[BPF_MAXINSNS + 1];
static unsigned int length;

static void add(struct sock_filter instruction)
{
	if (length > BPF_MAXINSNS)
		exit(2);
	code[length++] = instruction;
}

#define LOAD(field)                       \
	add((struct sock_filter)BPF_STMT( \
		BPF_LD | BPF_W | BPF_ABS, \
		offsetof(struct seccomp_data, field)))
#define RETURN(action) \
	add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action))
#define JUMP_IF(value, yes, no)                                            \
	add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, \
					 yes, no))

static const struct call *find_call(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	fprintf(stderr, "driver: unknown call %s\n", name);
	exit(2);
}

static void allow_on(const char *list, unsigned int arch)
{
	char *copy = strdup(list), *name, *rest = NULL;
	unsigned int jump;

	LOAD(arch);
	jump = length;
	JUMP_IF(arch, 0, 0);
	LOAD(nr);
	for (name = strtok_r(copy, " \n", &rest); name;
	     name = strtok_r(NULL, " \n", &rest)) {
		const struct call *call = find_call(name);
		int number =
			arch == AUDIT_ARCH_I386 ? call->i386 : call->native;

		if (number < 0)
			continue;
		JUMP_IF((unsigned int)number, 0, 1);
		RETURN(SECCOMP_RET_ALLOW);
	}
	code[jump].jf = (unsigned char)(length - jump - 1);
	free(copy);
}

static void build_filter(void)
{
	if (given['a']) {
		allow_on(given['a'], NATIVE_ARCH);
		allow_on(given['a'], AUDIT_ARCH_I386);
		RETURN(SECCOMP_RET_KILL_PROCESS);
	} else {
		while ((int)length + 1 < number_given('n'))
			LOAD(nr);
		RETURN(given['l'] ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ALLOW);
	}
	filtered.filter.code = code;
	filtered.filter.length = (unsigned short)length;
}

static void let_all_through(int from)
{
	struct pollfd sent = { from, POLLIN, 0 };
	unsigned int count = 0;
	int listener = -1;

	poll(&sent, 1, -1);
	receive_listener(from, &listener);
	while (listener >= 0) {
		struct seccomp_notif asked = { 0 };
		struct seccomp_notif_resp answer = {
			.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
		};
		struct pollfd pollfd = { listener, POLLIN, 0 };

		poll(&pollfd, 1, -1);
		if (!(pollfd.revents & POLLIN))
			break;
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked))
			continue;
		answer.id = asked.id;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
		count++;
	}
	fprintf(stderr, "asked %u\n", count);
}

/* Uses a child of a child, so that the program does not notice it. */
static void start_listening(void)
{
	int pair[2];
	pid_t pid;

	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		if (fork() == 0)
			let_all_through(pair[1]);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	close(pair[1]);
	filtered.filter.listener_to = pair[0];
	filtered.filter.flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

static unsigned int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int count = 0;

	if (!dir)
		return 0;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static long own_tracer(void)
{
	long tracer = 0;

	read_status_of(0, "TracerPid", &tracer);
	return tracer;
}

/* After a failure, nothing of the attempt may be left. */
static void check_clean(unsigned int descriptors, long tracer,
			const sigset_t *mask)
{
	sigset_t now;

	sigprocmask(SIG_SETMASK, NULL, &now);
	printf("%s\n", own_tracer() == tracer &&
				       waitpid(-1, NULL, __WALL) < 0 &&
				       errno == ECHILD &&
				       count_descriptors() == descriptors &&
				       memcmp(&now, mask, sizeof(now)) == 0
			       ? "clean"
			       : "not clean");
}

static int start(void)
{
	unsigned int descriptors = count_descriptors();
	struct failure why = { 0 };
	long tracer = own_tracer();
	sigset_t mask;

	if (given['p']) {
		execute_program(&execution);
		return 2;
	}
	sigprocmask(SIG_SETMASK, NULL, &mask);
	execute_filtered(&filtered, &why);
	check_clean(descriptors, tracer, &mask);
	fflush(stdout);
	fprintf(stderr, "driver: %s\n", why.text);
	return why.status;
}

static void *start_in_thread(void *unused)
{
	exit(start());
}

static void set_signals(void)
{
	sigset_t set;

	if (given['i'])
		signal(number_given('i'), SIG_IGN);
	if (!given['b'])
		return;
	sigemptyset(&set);
	sigaddset(&set, number_given('b'));
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (given['B'])
		raise(number_given('b'));
}

static void outer_filter(unsigned int number, unsigned int action)
{
	if (!answer_call(number, action))
		exit(2);
}

/* Options by which this process differs, and so the tracer and the program. */
static void change_ourselves(int option)
{
	switch (option) {
	case 's':
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		break;
	case 'o':
		outer_filter(SYS_getpid, SECCOMP_RET_ALLOW);
		break;
	case 'd':
		outer_filter(SYS_ptrace, SECCOMP_RET_ERRNO | EPERM);
		break;
	case 'k':
		outer_filter(SYS_seccomp, SECCOMP_RET_KILL_PROCESS);
		break;
	case 'z':
		outer_filter((unsigned int)find_call(optarg)->native,
			     SECCOMP_RET_ERRNO);
		break;
	case 'D':
		prctl(PR_SET_PDEATHSIG, SIGUSR2);
		break;
	case '?':
		exit(2);
	}
}

static void read_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+pea:n:lfi:b:Btsodkz:SDx")) !=
	       -1) {
		given[option] = optarg ? optarg : "";
		change_ourselves(option);
	}
	if (!argv[optind])
		exit(2);
	execution.argv = argv + optind;
	if (given['e'])
		filtered.start = FILTER_FROM_ENTRY;
	if (given['f'])
		filtered.filter.flags = 1U << 31;
	program.via_shell = given['S'];
}

/* MAX_ARG_STRLEN is 128 KiB. */
static void add_long_argument(void)
{
	char **argv = calloc(3, sizeof(*argv));

	argv[0] = execution.argv[0];
	argv[1] = calloc(1, 200001);
	memset(argv[1], 'x', 200000);
	execution.argv = argv;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	read_options(argc, argv);
	execution.envp = environ;
	snprintf(program.path, sizeof(program.path), "%s", execution.argv[0]);
	if (given['x'])
		add_long_argument();
	build_filter();
	set_signals();
	if (given['l'])
		start_listening();
	if (!given['t'])
		return start();
	pthread_create(&thread, NULL, start_in_thread, NULL);
	for (;;)
		pause();
}
