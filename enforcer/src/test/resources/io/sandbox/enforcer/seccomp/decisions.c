/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel decides about calls under filters. Reads from stdin, for each
 * filter, in the machine's byte order: the number of its instructions (4
 * bytes), the number of calls (4 bytes), the instructions, and for each call
 * its number and six arguments (8 bytes each). Writes 8 bytes for each call:
 * what it returned, or KILLED.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
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

__attribute__((noreturn)) static void make_calls(struct sock_fprog *filter,
						 const struct call *calls,
						 uint32_t count,
						 struct results *results)
{
	static const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter))
		_exit(2);
	while (results->done < count) {
		results->values[results->done] = make(&calls[results->done]);
		results->done++;
	}
	for (;;)
		__builtin_trap();
}

static void decide(struct sock_fprog *filter, const struct call *calls,
		   uint32_t count, struct results *results)
{
	int status;
	pid_t pid;

	results->done = 0;
	while (results->done < count) {
		pid = fork();
		if (pid == 0)
			make_calls(filter, calls, count, results);
		if (waitpid(pid, &status, 0) != pid || WIFEXITED(status))
			exit(2);
		if (results->done < count)
			results->values[results->done++] = KILLED;
	}
}

int main(void)
{
	static struct sock_filter code[BPF_MAXINSNS];
	static struct call calls[MOST_CALLS];
	struct results *results =
		mmap(NULL, sizeof(*results), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint32_t sizes[2];

	if (results == MAP_FAILED)
		return 2;
	while (fread(sizes, sizeof(sizes), 1, stdin) == 1) {
		struct sock_fprog filter = { (unsigned short)sizes[0], code };

		if (sizes[0] > BPF_MAXINSNS || sizes[1] > MOST_CALLS ||
		    fread(code, sizeof(*code), sizes[0], stdin) != sizes[0] ||
		    fread(calls, sizeof(*calls), sizes[1], stdin) != sizes[1])
			return 2;
		decide(&filter, calls, sizes[1], results);
		if (fwrite(results->values, sizeof(int64_t), sizes[1],
			   stdout) != sizes[1])
			return 2;
	}
	return fflush(stdout) != 0;
}
