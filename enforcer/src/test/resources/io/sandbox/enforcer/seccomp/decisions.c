/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel decides about calls under filters. Reads from stdin, for each
 * filter, in the machine's byte order: the number of its instructions (4
 * bytes), the number of calls (4 bytes), the instructions, and for each call
 * its number and six arguments (8 bytes each). Writes 8 bytes for each call:
 * what it returned, or KILLED. With an argument, no call is made: those that the
 * filter lets through fail with error PASSED.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_CALLS 4096
#define KILLED	   (-100000)
#define PASSED	   4095

struct call {
	int64_t number;
	uint64_t arguments[6];
};

/* Shared: under a filter there may be no other way to tell. */
struct results {
	uint32_t done;
	int64_t values[MOST_CALLS];
};

static int64_t make(const struct call *call)
{
	register uint64_t r10 __asm__("r10") = call->arguments[3];
	register uint64_t r8 __asm__("r8") = call->arguments[4];
	register uint64_t r9 __asm__("r9") = call->arguments[5];
	int64_t result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(call->number), "D"(call->arguments[0]),
			   "S"(call->arguments[1]), "d"(call->arguments[2]),
			   "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/*
 * Of two filters that refuse a call with an error, the kernel takes the error of
 * the one that was loaded last. Only the loading of that one is let through.
 */
static void load_refusal(const struct sock_fprog *last)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(uintptr_t)last,
			 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | PASSED),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(*code), code };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		_exit(2);
}

__attribute__((noreturn)) static void
make_calls(struct sock_fprog *filter, const struct call *calls, uint32_t count,
	   bool refuse_all, struct results *results)
{
	static const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		_exit(2);
	if (refuse_all)
		load_refusal(filter);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter))
		_exit(2);
	while (results->done < count) {
		results->values[results->done] = make(&calls[results->done]);
		results->done++;
	}
	for (;;)
		__builtin_trap();
}

static void decide(struct sock_fprog *filter, const struct call *calls,
		   uint32_t count, bool refuse_all, struct results *results)
{
	int status;
	pid_t pid;

	results->done = 0;
	while (results->done < count) {
		pid = fork();
		if (pid == 0)
			make_calls(filter, calls, count, refuse_all, results);
		if (waitpid(pid, &status, 0) != pid || WIFEXITED(status))
			exit(2);
		if (results->done < count)
			results->values[results->done++] = KILLED;
	}
}

int main(int argc, char **argv)
{
	static struct sock_filter code[BPF_MAXINSNS];
	static struct call calls[MOST_CALLS];
	struct results *results =
		mmap(NULL, sizeof(*results), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint32_t sizes[2];

	(void)argv;
	if (results == MAP_FAILED)
		return 2;
	while (fread(sizes, sizeof(sizes), 1, stdin) == 1) {
		struct sock_fprog filter = { (unsigned short)sizes[0], code };

		if (sizes[0] > BPF_MAXINSNS || sizes[1] > MOST_CALLS ||
		    fread(code, sizeof(*code), sizes[0], stdin) != sizes[0] ||
		    fread(calls, sizeof(*calls), sizes[1], stdin) != sizes[1])
			return 2;
		decide(&filter, calls, sizes[1], argc > 1, results);
		if (fwrite(results->values, sizeof(int64_t), sizes[1],
			   stdout) != sizes[1])
			return 2;
	}
	return fflush(stdout) != 0;
}
