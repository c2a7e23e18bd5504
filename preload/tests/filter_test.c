/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: filter_test VECTORS_DIR
 * Tests verdicts without the kernel: compiles lists, interprets the BPF program,
 * and compares its verdict with that of the list. PolicyTextFuzzIT does so for
 * thousands of random lists.
 */
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include "filter_policy.h"
#include "vectors.h"

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#define DECISIONS   "decisions_x86_64.tsv"
#else
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#define DECISIONS   "decisions_aarch64.tsv"
#endif

static struct filter_program program;

/* Interprets the classic BPF that filters are made of. */
static uint32_t interpret(const struct seccomp_data *data)
{
	uint32_t a = 0;
	unsigned int at = 0;

	for (;;) {
		const struct sock_filter *i = &program.code[at++];
		bool jump;

		if (at > program.length)
			abort();
		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)data + i->k, sizeof(a));
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= i->k;
			continue;
		case BPF_RET | BPF_K:
			return i->k;
		case BPF_JMP | BPF_JA:
			at += i->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			jump = a == i->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			jump = a > i->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			jump = a >= i->k;
			break;
		default:
			fprintf(stderr, "BPF code %#x\n", i->code);
			abort();
		}
		at += jump ? i->jt : i->jf;
	}
}

/* Calls and their answers: "ARCH:NUMBER:ARGUMENT,... ANSWER;", in hex. */
static void test_row(const char *place, char *text, long length,
		     const char *outcome, void *unused)
{
	struct filter_policy policy;
	struct failure failure;
	int calls = 0;

	if (!check(read_policy(text, length, &policy), "%s: policy", place) ||
	    !check(filter_build(&policy, &program, &failure) == 0, "%s: %s",
		   place, failure.text))
		return;
	for (const char *at = outcome; *at; at++, calls++) {
		struct seccomp_data data = { 0 };
		unsigned long answer;
		char *end;

		data.arch = strtoul(at, &end, 16);
		data.nr = (int)strtoul(end + 1, &end, 16);
		for (int i = 0; *end != ' '; i++)
			data.args[i] = strtoull(end + 1, &end, 16);
		answer = strtoul(end, &end, 16);
		check(interpret(&data) == answer, "%s: call %d: %#x, not %#lx",
		      place, calls, interpret(&data), answer);
		at = end;
	}
	check(calls > 0, "%s: no calls", place);
}

/* Compiles a list whose calls are allowed. */
static bool compile(char *list, size_t length)
{
	struct failure failure;
	struct filter_policy policy = {
		.allow = true,
		.action = { POLICY_KILL, 0 },
		.variable = "TEST",
		.list = list,
		.length = length,
	};

	return check(filter_build(&policy, &program, &failure) == 0,
		     "list of %zu bytes: %s", length, failure.text);
}

/* More entries than a variable can hold; all are one rule. */
static void test_manyEntries(void)
{
	static char text[500000];
	struct seccomp_data data = { .nr = SYS_read, .arch = NATIVE_ARCH };

	for (size_t i = 0; i < sizeof(text); i += 5)
		memcpy(text + i, "read:", 5);
	text[sizeof(text) - 1] = '\0';
	compile(text, sizeof(text) - 1);
	check(program.length < 12, "100000 entries: %u instructions",
	      program.length);
	check(interpret(&data) == SECCOMP_RET_ALLOW, "100000 entries, read");
	data.nr = SYS_write;
	check(interpret(&data) == SECCOMP_RET_KILL_PROCESS,
	      "100000 entries, write");
}

/* A list of odd numbers, of which each third one has an errno of its own. */
static void test_singleNumbers(int count)
{
	static char text[65536];
	struct seccomp_data data = { .arch = NATIVE_ARCH };
	size_t length = 0;
	uint32_t expected;

	for (int i = 0; i < count; i++)
		length += snprintf(text + length, sizeof(text) - length,
				   "%d%s:", 2 * i + 1, i % 3 ? "" : "=5");
	if (!compile(text, length))
		return;
	for (data.nr = 0; data.nr < 2 * count + 20; data.nr++) {
		expected = data.nr % 2 == 0 || data.nr > 2 * count
				   ? SECCOMP_RET_KILL_PROCESS
			   : data.nr / 2 % 3 ? SECCOMP_RET_ALLOW
					     : SECCOMP_RET_ERRNO | 5;
		check(interpret(&data) == expected,
		      "%d single numbers: %d: %#x", count, data.nr,
		      interpret(&data));
	}
}

int main(int argc, char **argv)
{
	static const int single_numbers[] = { 1, 2,  3,	  4,	5,
					      9, 50, 300, 1000, 3000 };

	if (argc != 2)
		return EXIT_FAILURE;
	test_manyEntries();
	for (size_t i = 0; i < sizeof(single_numbers) / sizeof(int); i++)
		test_singleNumbers(single_numbers[i]);
	test_vectors(argv[1], DECISIONS, 100, test_row, NULL);
	return check_summary();
}
