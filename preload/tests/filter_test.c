/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests verdicts without the kernel: compiles random lists, interprets the BPF
 * program, and compares its verdict with that of the list. The values are at
 * the limits where 64-bit comparisons made of 32-bit ones go wrong.
 */
#include "library/filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include "check.h"
#include "random.h"

#define POLICIES 1500
#define CALLS	 400

#if defined(__x86_64__)
#define FOREIGN_ARCH AUDIT_ARCH_I386
#define NATIVE_ARCH  AUDIT_ARCH_X86_64
#else
#define FOREIGN_ARCH AUDIT_ARCH_ARM
#define NATIVE_ARCH  AUDIT_ARCH_AARCH64
#endif
#define X32 0x40000000

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

#define TEXT_OF(number)	 TEXT_OF_(number)
#define TEXT_OF_(number) #number

static const struct {
	const char *text;
	int number;
} calls[] = {
	{ "read", SYS_read },
	{ "write", SYS_write },
	{ "openat", SYS_openat },
	{ "close", SYS_close },
	{ "pread", SYS_pread64 },
	{ "pread64", SYS_pread64 },
	{ TEXT_OF(__NR_pread64), SYS_pread64 },
	{ "0x11", 17 },
	{ "fcntl", SYS_fcntl },
	{ "getpid", SYS_getpid },
	{ "exit_group", SYS_exit_group },
	{ "socket", SYS_socket },
	{ "mmap", SYS_mmap },
	{ "prctl", SYS_prctl },
	{ "ioctl", SYS_ioctl },
	{ "7777", 7777 },
	{ "0x3ffffffe", 0x3ffffffe },
	{ "mseal", 462 }, /* newer than some libseccomp */
};
#define CALL_COUNT (sizeof(calls) / sizeof(*calls))

static const uint64_t edges[] = {
	0,
	1,
	2,
	3,
	0x7fffffff,
	0x80000000,
	0xfffffffe,
	0xffffffff,
	0x100000000,
	0x100000001,
	0x1ffffffff,
	0x200000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xfffffffeffffffff,
	0xffffffff00000000,
	0xfffffffffffffffe,
	0xffffffffffffffff,
};
#define EDGE_COUNT (sizeof(edges) / sizeof(*edges))

static uint64_t edge(void)
{
	return edges[below(EDGE_COUNT)];
}

/* The expected meaning of a list, made beside its text. */
struct expectation {
	int number;
	unsigned int error; /* 0 for none */
	unsigned int count;
	struct {
		unsigned int argument;
		unsigned int op;
		uint64_t mask;
		uint64_t value;
	} conditions[6];
};

static const char *const operators[] = { "==", "!=", "<", "<=", ">", ">=" };

static bool holds(unsigned int op, uint64_t value, uint64_t than)
{
	switch (op) {
	case 0:
		return value == than;
	case 1:
		return value != than;
	case 2:
		return value < than;
	case 3:
		return value <= than;
	case 4:
		return value > than;
	default:
		return value >= than;
	}
}

static bool matches(const struct expectation *e,
		    const struct seccomp_data *data)
{
	if (data->nr != e->number)
		return false;
	for (unsigned int i = 0; i < e->count; i++) {
		uint64_t value = data->args[e->conditions[i].argument];

		if (!holds(e->conditions[i].op, value & e->conditions[i].mask,
			   e->conditions[i].value))
			return false;
	}
	return true;
}

static const unsigned int errors[] = { 1, 12, 13, ENOSYS, 4094, 4095 };
#define ERROR_COUNT (sizeof(errors) / sizeof(*errors))

static size_t make_entry(char *text, struct expectation *e,
			 unsigned int condition_odds)
{
	unsigned int call = below(CALL_COUNT);
	unsigned int used = 0;
	size_t length;

	e->number = calls[call].number;
	e->count = 0;
	length = sprintf(text, "%s", calls[call].text);
	for (int more = below(100) < condition_odds ? 1 + below(3) : 0; more;
	     more--) {
		unsigned int argument = below(6);
		unsigned int op = below(6);
		uint64_t mask = UINT64_MAX;
		uint64_t value = edge();

		if (used & 1u << argument)
			continue;
		used |= 1u << argument;
		length += sprintf(text + length, "%carg%u",
				  e->count ? ',' : '(', argument);
		if (op == 0 && below(2)) {
			mask = edge();
			value &= mask;
			length += sprintf(text + length, "&%#llx",
					  (unsigned long long)mask);
		}
		length +=
			sprintf(text + length, below(2) ? "%s%llu" : "%s0x%llx",
				operators[op], (unsigned long long)value);
		e->conditions[e->count].argument = argument;
		e->conditions[e->count].op = op;
		e->conditions[e->count].mask = mask;
		e->conditions[e->count].value = value;
		e->count++;
	}
	if (e->count)
		length += sprintf(text + length, ")");
	e->error = below(8) ? 0 : errors[below(ERROR_COUNT)];
	if (e->error)
		length += sprintf(text + length,
				  e->error == ENOSYS ? "=ENOSYS" : "=%u",
				  e->error);
	return length;
}

static const struct {
	int number;
	uint32_t version;
	unsigned int error;
	unsigned int argument;
	uint64_t mask;
	uint64_t value;
} newer[] = {
#define NEWER(number, version, error, argument, mask, value) \
	{ number, version, error, argument, mask, value },
#if defined(__x86_64__)
#include "newer_x86_64.inc"
#else
#include "newer_aarch64.inc"
#endif
#undef NEWER
};
#define NEWER_COUNT (sizeof(newer) / sizeof(*newer))

static void make_call(struct seccomp_data *data, const struct expectation *e,
		      size_t count)
{
	memset(data, 0, sizeof(*data));
	data->arch = NATIVE_ARCH;
	data->nr = calls[below(CALL_COUNT)].number + (below(10) == 0);
	for (int i = 0; i < 6; i++)
		data->args[i] = edge() + below(3) - 1;
	if (count == 0 || below(3) == 0)
		return;
	if (below(8) == 0) {
		unsigned int value = below(NEWER_COUNT);

		data->nr = newer[value].number;
		data->args[newer[value].argument] = newer[value].value;
		return;
	}
	/* Makes a match likely. */
	e += below(count);
	data->nr = e->number;
	for (unsigned int i = 0; i < e->count; i++) {
		unsigned int argument = e->conditions[i].argument;

		data->args[argument] = e->conditions[i].value + below(3) - 1;
		if (below(2))
			data->args[argument] =
				e->conditions[i].value |
				(random_bits() & ~e->conditions[i].mask);
	}
}

static const struct {
	struct policy_action action;
	uint32_t value;
	uint32_t foreign;
} actions[] = {
	{ { POLICY_KILL, 0 },
	  SECCOMP_RET_KILL_PROCESS,
	  SECCOMP_RET_KILL_PROCESS },
	{ { POLICY_KILL_THREAD, 0 },
	  SECCOMP_RET_KILL_THREAD,
	  SECCOMP_RET_KILL_PROCESS },
	{ { POLICY_TRAP, 0 }, SECCOMP_RET_TRAP, SECCOMP_RET_KILL_PROCESS },
	{ { POLICY_ERRNO, 13 },
	  SECCOMP_RET_ERRNO | 13,
	  SECCOMP_RET_KILL_PROCESS },
	{ { POLICY_ERRNO, 4095 },
	  SECCOMP_RET_ERRNO | 4095,
	  SECCOMP_RET_KILL_PROCESS },
	{ { POLICY_LOG, 0 }, SECCOMP_RET_LOG, SECCOMP_RET_LOG },
};
#define ACTION_COUNT (sizeof(actions) / sizeof(*actions))

static void check_foreign(const char *text, unsigned int action)
{
	struct seccomp_data data = { .nr = 1, .arch = FOREIGN_ARCH };
	static const int numbers[] = { X32, X32 + 1, X32 + 512, 0x7fffffff };

	check(interpret(&data) == actions[action].foreign,
	      "foreign arch: %s: %#x", text, interpret(&data));
	if (NATIVE_ARCH != AUDIT_ARCH_X86_64)
		return;
	data.arch = NATIVE_ARCH;
	for (int i = 0; i < 4; i++) {
		data.nr = numbers[i];
		check(interpret(&data) == actions[action].foreign,
		      "x32 number %#x: %s: %#x", data.nr, text,
		      interpret(&data));
	}
}

static const struct {
	int number;
	uint32_t version;
} kernels[] = {
#define KERNEL(number, version) { number, version },
#if defined(__x86_64__)
#include "kernels_x86_64.inc"
#else
#include "kernels_aarch64.inc"
#endif
#undef KERNEL
};

static bool is_never(const struct expectation *e)
{
	for (unsigned int i = 0; i < e->count; i++) {
		bool less = strcmp(operators[e->conditions[i].op], "<") == 0;
		bool more = strcmp(operators[e->conditions[i].op], ">") == 0;

		if ((less && e->conditions[i].value == 0) ||
		    (more && e->conditions[i].value == UINT64_MAX))
			return true;
	}
	return false;
}

/* Whether nobody could judge the call, and no entry is for it. */
static bool is_unknown(const struct filter_policy *policy, int number,
		       const struct expectation *e, size_t count)
{
	if (!policy->refuses_unknown)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (e[i].number == number && !is_never(&e[i]))
			return false;
	}
	for (size_t i = 0; i < sizeof(kernels) / sizeof(*kernels); i++) {
		if (kernels[i].number == number)
			return kernels[i].version > policy->newest;
	}
	return true;
}

/* Whether a value alone makes it certain that the entry does not match. */
static bool excludes(const struct expectation *e, unsigned int value)
{
	for (unsigned int i = 0; i < e->count; i++) {
		uint64_t both = e->conditions[i].mask & newer[value].mask;

		if (e->conditions[i].op == 0 &&
		    e->conditions[i].argument == newer[value].argument &&
		    (e->conditions[i].value & both) !=
			    (newer[value].value & both))
			return true;
	}
	return is_never(e);
}

/* The error of an old kernel for a value that nobody could judge, or 0. */
static unsigned int newer_error(const struct filter_policy *policy,
				const struct seccomp_data *data,
				const struct expectation *e, size_t count)
{
	unsigned int error = 0;

	for (unsigned int i = 0; i < NEWER_COUNT; i++) {
		bool listed = false, excluded = true;

		if (!policy->refuses_unknown ||
		    newer[i].version <= policy->newest ||
		    newer[i].number != data->nr ||
		    (data->args[newer[i].argument] & newer[i].mask) !=
			    newer[i].value)
			continue;
		for (size_t j = 0; j < count; j++) {
			if (e[j].number != data->nr)
				continue;
			listed |= !is_never(&e[j]);
			excluded &= excludes(&e[j], i);
		}
		if (listed && excluded && (!error || newer[i].error < error))
			error = newer[i].error;
	}
	return error;
}

/* Which of two answers refuses more; of two errnos, the smaller one. */
static uint32_t stricter(uint32_t one, uint32_t other)
{
	static const uint32_t order[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_TRAP,	  SECCOMP_RET_ERRNO,
		SECCOMP_RET_LOG,	  SECCOMP_RET_ALLOW,
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		bool first = (one & SECCOMP_RET_ACTION_FULL) == order[i];
		bool second = (other & SECCOMP_RET_ACTION_FULL) == order[i];

		if (first && second)
			return one < other ? one : other;
		if (first || second)
			return first ? one : other;
	}
	abort();
}

/* What an entry says about a call that it matches. */
static uint32_t answer(const struct filter_policy *policy, uint32_t action,
		       const struct expectation *e)
{
	if (e->error)
		return action == SECCOMP_RET_LOG ? action
						 : SECCOMP_RET_ERRNO | e->error;
	return policy->allow ? SECCOMP_RET_ALLOW : action;
}

static uint32_t expected_for(const struct filter_policy *policy,
			     uint32_t action, const struct seccomp_data *data,
			     const struct expectation *e, size_t count)
{
	uint32_t expected = SECCOMP_RET_ALLOW;
	bool matched = false;

	for (size_t i = 0; i < count; i++) {
		if (!matches(&e[i], data))
			continue;
		matched = true;
		expected = stricter(expected, answer(policy, action, &e[i]));
	}
	if (!matched && policy->allow)
		expected = action;
	if (!matched && newer_error(policy, data, e, count))
		expected =
			SECCOMP_RET_ERRNO | newer_error(policy, data, e, count);
	return is_unknown(policy, data->nr, e, count)
		       ? SECCOMP_RET_ERRNO | ENOSYS
		       : expected;
}

static void test_random_policy(unsigned int condition_odds, size_t limit)
{
	static char text[65536];
	static struct expectation expectations[400];
	struct failure failure;
	unsigned int action = below(ACTION_COUNT);
	struct filter_policy policy = {
		.allow = below(4) > 0,
		.action = actions[action].action,
		.variable = "TEST",
		.list = text,
		.refuses_unknown = below(3) == 0,
		.newest = below(2) ? POLICY_NEWEST : 0x02061e00, /* 2.6.30 */
	};
	size_t count = below(limit + 1);
	size_t length = 0;
	int rc;

	text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (i)
			text[length++] = ':';
		length += make_entry(text + length, &expectations[i],
				     condition_odds);
	}
	policy.length = length;
	rc = filter_build(&policy, &program, &failure);
	if (!check(rc == 0, "build: %s", failure.text))
		return;

	check_foreign(text, action);
	for (int i = 0; i < CALLS; i++) {
		struct seccomp_data data;
		uint32_t expected;

		make_call(&data, expectations, count);
		expected = expected_for(&policy, actions[action].value, &data,
					expectations, count);
		if (!check(interpret(&data) == expected,
			   "%s list %s: nr %d args %#llx %#llx %#llx %#llx "
			   "%#llx %#llx: %#x, not %#x",
			   policy.allow ? "allow" : "deny", text, data.nr,
			   data.args[0], data.args[1], data.args[2],
			   data.args[3], data.args[4], data.args[5],
			   interpret(&data), expected))
			return;
	}
}

/* More entries than a variable can hold; all are one rule. */
static void test_manyEntries(void)
{
	static char text[500000];
	struct failure failure;
	struct filter_policy policy = {
		.allow = true,
		.action = { POLICY_KILL, 0 },
		.variable = "TEST",
		.list = text,
		.length = sizeof(text) - 1,
	};
	struct seccomp_data data = { .nr = SYS_read, .arch = NATIVE_ARCH };

	for (size_t i = 0; i < sizeof(text); i += 5)
		memcpy(text + i, "read:", 5);
	text[sizeof(text) - 1] = '\0';
	check(filter_build(&policy, &program, &failure) == 0, "100000 entries");
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
	struct failure failure;
	struct filter_policy policy = {
		.allow = true,
		.action = { POLICY_KILL, 0 },
		.variable = "TEST",
		.list = text,
	};
	struct seccomp_data data = { .arch = NATIVE_ARCH };
	uint32_t expected;

	for (int i = 0; i < count; i++)
		policy.length += snprintf(
			text + policy.length, sizeof(text) - policy.length,
			"%d%s:", 2 * i + 1, i % 3 ? "" : "=5");
	if (!check(filter_build(&policy, &program, &failure) == 0,
		   "%d single numbers: %s", count, failure.text))
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

int main(void)
{
	static const int single_numbers[] = { 1, 2,  3,	  4,	5,
					      9, 50, 300, 1000, 3000 };

	test_manyEntries();
	for (size_t i = 0; i < sizeof(single_numbers) / sizeof(int); i++)
		test_singleNumbers(single_numbers[i]);
	for (int i = 0; i < POLICIES; i++) {
		test_random_policy(0, 100);
		test_random_policy(100, 1);
		test_random_policy(100, 4);
		test_random_policy(50, 12);
		test_random_policy(30, 60);
	}
	return check_summary();
}
