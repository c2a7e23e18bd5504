/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives damaged filters to sandbox-exec FILTER. Loads each of them in a child
 * too, to learn what the kernel does with it. Checks:
 * - if the kernel refuses the filter, or the file has a partial instruction,
 *   sandbox-exec runs nothing: status 125, one line;
 * - a call that the filter refuses in the child is refused under sandbox-exec;
 * - sandbox-exec ends.
 *
 *   bpf_fuzz [-n COUNT] [-s SEED] SANDBOX-EXEC TARGET
 *
 * TARGET is kill/target-bare, whose first call is checked.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "failure.h"
#include "kill/forbidding.h"

#define MOST		 64
#define PATIENCE_SECONDS 60
#define OFFSET(field)	 ((unsigned int)offsetof(struct seccomp_data, field))

/* What the kernel did with a filter; the child writes it to shared memory. */
struct trial {
	bool accepted;
	bool called;
	long result;
};

static const struct sock_filter deny[] = { FORBIDDING_FILTER };
static const struct sock_filter compare[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(nr)),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FORBIDDEN_CALL + 1, 4, 0),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, FORBIDDEN_CALL - 1, 0, 3),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(args[0])),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
};

static uint64_t state;
static struct trial *trial;
static unsigned int passed, failed, accepted, refused, through;

static uint64_t random_bits(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned int below(unsigned int bound)
{
	return (unsigned int)(random_bits() % bound);
}

/* --- Damage. */

static unsigned int interesting(void)
{
	static const unsigned int values[] = { 0,
					       1,
					       4,
					       16,
					       60,
					       64,
					       FORBIDDEN_CALL,
					       0x7fffffff,
					       0xffffffff,
					       SECCOMP_RET_ALLOW,
					       SECCOMP_RET_LOG,
					       SECCOMP_RET_TRACE,
					       SECCOMP_RET_USER_NOTIF,
					       SECCOMP_RET_ERRNO,
					       SECCOMP_RET_ERRNO | EPERM,
					       SECCOMP_RET_TRAP,
					       SECCOMP_RET_KILL_THREAD,
					       SECCOMP_RET_KILL_PROCESS };

	return values[below(sizeof(values) / sizeof(values[0]))];
}

static void damage(struct sock_filter *code, unsigned int length)
{
	struct sock_filter *at = &code[below(length)];

	switch (below(7)) {
	case 0:
		at->k = interesting();
		break;
	case 1:
		at->k ^= 1U << below(32);
		break;
	case 2:
		at->code ^= (uint16_t)(1 << below(8));
		break;
	case 3:
		at->jt = (uint8_t)below(length + 2);
		break;
	case 4:
		at->jf = (uint8_t)below(length + 2);
		break;
	case 5:
		*at = code[below(length)];
		break;
	default:
		*at = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						   interesting());
		break;
	}
}

/* Returns the filter's size in bytes; the last instruction may be partial. */
static size_t make_filter(struct sock_filter *code)
{
	unsigned int length, changes = below(5), i;

	if (below(2)) {
		length = sizeof(deny) / sizeof(deny[0]);
		memcpy(code, deny, sizeof(deny));
	} else {
		length = sizeof(compare) / sizeof(compare[0]);
		memcpy(code, compare, sizeof(compare));
	}
	for (i = 0; i < changes; i++)
		damage(code, length);
	if (below(10) == 0)
		return below(length * (unsigned int)sizeof(*code) + 1);
	return length * sizeof(*code);
}

/* --- What the kernel does with a filter. */

/* All arguments but the last three are 0, as in the target. */
__attribute__((noreturn)) static void try_here(struct sock_fprog *program)
{
	static const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program))
		_exit(0);
	trial->accepted = true;
	trial->result = syscall(FORBIDDEN_CALL, 0, 0, 0, 0, 0, 0);
	trial->called = true;
	/* The filter may refuse exit too. */
	for (;;) {
		syscall(SYS_exit_group, 0);
		__builtin_trap();
	}
}

static void ask_kernel(struct sock_filter *code, size_t size)
{
	struct sock_fprog program = {
		.len = (unsigned short)(size / sizeof(*code)), .filter = code
	};
	pid_t pid;

	*trial = (struct trial){ 0 };
	if (size == 0 || size % sizeof(*code))
		return;
	pid = fork();
	if (pid == 0)
		try_here(&program);
	waitpid(pid, NULL, 0);
}

/* --- What sandbox-exec does with a filter. */

struct outcome {
	int status;
	bool hung;
	char report[8];
	char message[512];
};

static size_t read_all(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);

	text[n > 0 ? n : 0] = 0;
	return n > 0 ? (size_t)n : 0;
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void await(pid_t pid, struct outcome *outcome)
{
	alarm(PATIENCE_SECONDS);
	while (waitpid(pid, &outcome->status, 0) < 0) {
		outcome->hung = true;
		kill(pid, SIGKILL);
	}
	alarm(0);
}

static void run(const char *loader, const char *target,
		const struct sock_filter *code, size_t size,
		struct outcome *outcome)
{
	static const struct rlimit none = { 0, 0 };
	int filter = memfd_create("filter", 0), report = memfd_create("r", 0);
	int err = memfd_create("err", 0);
	char file[32], number[16];
	pid_t pid;

	if (filter < 0 || report < 0 || err < 0 ||
	    write(filter, code, size) != (ssize_t)size)
		exit(2);
	snprintf(file, sizeof(file), "/proc/self/fd/%d", filter);
	snprintf(number, sizeof(number), "%d", report);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		dup2(err, STDERR_FILENO);
		execl(loader, loader, file, target, "first", number, "0",
		      (char *)NULL);
		_exit(2);
	}
	await(pid, outcome);
	read_all(report, outcome->report, sizeof(outcome->report));
	read_all(err, outcome->message, sizeof(outcome->message));
	close(filter);
	close(report);
	close(err);
}

/* --- Checks. */

static void fail(const char *what, unsigned int number,
		 const struct sock_filter *code, size_t size,
		 const struct outcome *outcome)
{
	size_t i;

	failed++;
	printf("FAILED: filter %u: %s: status %x, kernel %s, result %ld, "
	       "report '%s', stderr '%s'\n ",
	       number, what, (unsigned int)outcome->status,
	       trial->accepted ? "takes it" : "refuses it", trial->result,
	       outcome->report, outcome->message);
	for (i = 0; i < size / sizeof(*code); i++)
		printf(" {%x,%u,%u,%x}", code[i].code, code[i].jt, code[i].jf,
		       code[i].k);
	printf("\n");
}

/*
 * Results may differ if the filter reads more than the number and three
 * arguments.
 */
static bool is_comparable(const struct sock_filter *code, size_t size)
{
	size_t i;

	for (i = 0; i < size / sizeof(*code); i++)
		if (code[i].code == (BPF_LD | BPF_W | BPF_ABS) &&
		    code[i].k != OFFSET(nr) && code[i].k != OFFSET(arch) &&
		    (code[i].k < OFFSET(args[0]) ||
		     code[i].k >= OFFSET(args[3])))
			return false;
	return true;
}

static bool was_refused(const struct outcome *outcome)
{
	const char *line = strchr(outcome->message, '\n');

	return WIFEXITED(outcome->status) &&
	       WEXITSTATUS(outcome->status) == STATUS_OWN_FAILURE &&
	       !outcome->report[0] && line && !line[1];
}

static void judge(unsigned int number, const struct sock_filter *code,
		  size_t size, const struct outcome *outcome)
{
	bool got_through = strchr(outcome->report, 'U') != NULL;
	unsigned int before = failed;

	if (outcome->hung)
		fail("hangs", number, code, size, outcome);
	if (!trial->accepted && !was_refused(outcome))
		fail("was not refused", number, code, size, outcome);
	if (trial->accepted && was_refused(outcome))
		fail("was refused", number, code, size, outcome);
	if (trial->accepted && is_comparable(code, size) && got_through &&
	    (!trial->called || trial->result < 0))
		fail("the call got through", number, code, size, outcome);
	accepted += trial->accepted;
	refused += !trial->accepted;
	through += got_through;
	if (failed == before)
		passed++;
}

int main(int argc, char **argv)
{
	/* No SA_RESTART: the signal must interrupt waitpid(). */
	struct sigaction action = { .sa_handler = on_alarm };
	unsigned int count = 300, number;
	uint64_t seed = (uint64_t)time(NULL);
	int option;

	while ((option = getopt(argc, argv, "n:s:")) != -1) {
		if (option == 'n')
			count = (unsigned int)strtoul(optarg, NULL, 10);
		else if (option == 's')
			seed = strtoull(optarg, NULL, 10);
		else
			return 2;
	}
	if (argc - optind != 2)
		return 2;
	trial = mmap(NULL, sizeof(*trial), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (trial == MAP_FAILED)
		return 2;
	sigaction(SIGALRM, &action, NULL);
	printf("seed %llu, %u filters\n", (unsigned long long)seed, count);
	state = seed;
	for (number = 0; number < count; number++) {
		struct sock_filter code[MOST] = { 0 };
		struct outcome outcome = { 0 };
		size_t size = make_filter(code);

		ask_kernel(code, size);
		run(argv[optind], argv[optind + 1], code, size, &outcome);
		judge(number, code, size, &outcome);
	}
	printf("%u taken by the kernel, %u refused; the call got through %u "
	       "times\n",
	       accepted, refused, through);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
