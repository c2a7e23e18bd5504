/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the filter for a policy: decides for each number what happens to it. */
#include "library/filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>

#include "library/messages.h"
#include "library/program.h"
#include "library/rules.h"

/* Made by the Makefile: KERNEL(number, version), sorted by number. */
#if defined(__x86_64__)
#define KERNELS	    "kernels_x86_64.inc"
#define NATIVE_ARCH AUDIT_ARCH_X86_64
/* Calls of x32 have numbers from here on, but -1, by which a tracer skips a call. */
#define X32_BIT 0x40000000U
#define SKIPPED 0xffffffffU
#else
#define KERNELS	    "kernels_aarch64.inc"
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

/* version: a byte for each of its up to four numbers */
static const struct {
	uint32_t number;
	uint32_t version;
} calls[] = {
#define KERNEL(number, version) { number, version },
#include KERNELS
#undef KERNEL
};

#define CALL_COUNT (sizeof(calls) / sizeof(*calls))

/* At most two take only one instruction, so no filter has more of them. */
#define SEGMENT_LIMIT (2 * BPF_MAXINSNS)
static struct segment segments[SEGMENT_LIMIT];
static size_t segment_count;
static bool too_many;

static void add_segment(uint32_t first, uint32_t verdict,
			const struct rule *rules, size_t count)
{
	const struct segment *last =
		segment_count ? &segments[segment_count - 1] : NULL;

	if (last && last->count == 0 && count == 0 && last->verdict == verdict)
		return;
	too_many |= segment_count == SEGMENT_LIMIT;
	if (!too_many)
		segments[segment_count++] =
			(struct segment){ first, verdict, rules, count };
}

/* Counts the rules at the start that are for the same system call. */
static size_t same_call(const struct rule *rules, size_t count)
{
	size_t same = 1;

	while (same < count && rules[same].syscall == rules[0].syscall)
		same++;
	return same;
}

/* For calls of another architecture, of which the list has no numbers. */
static uint32_t foreign_verdict(const struct filter_policy *policy)
{
	return policy->action.kind == POLICY_LOG ? SECCOMP_RET_LOG
						 : SECCOMP_RET_KILL_PROCESS;
}

/* Segments of the sorted rules, and of known calls if others are refused. */
static void add_segments(const struct filter_policy *policy,
			 const struct rule *rules, size_t count,
			 uint32_t otherwise)
{
	uint32_t gap = policy->refuses_unknown ? SECCOMP_RET_ERRNO | ENOSYS
					       : otherwise;
	size_t call = policy->refuses_unknown ? 0 : CALL_COUNT, same;
	uint32_t next = 0, number;

	for (;;) {
		while (call < CALL_COUNT &&
		       (calls[call].version > policy->newest ||
			calls[call].number < next))
			call++;
		if (call == CALL_COUNT && count == 0)
			break;
		same = 0;
		number = call < CALL_COUNT ? calls[call].number : UINT32_MAX;
		if (count && (uint32_t)rules->syscall <= number) {
			number = (uint32_t)rules->syscall;
			same = same_call(rules, count);
		}
		if (number > next)
			add_segment(next, gap, NULL, 0);
		if (same == 1 && rules->condition_count == 0)
			add_segment(number, rules->returned, NULL, 0);
		else
			add_segment(number, otherwise, rules, same);
		rules += same;
		count -= same;
		next = number + 1;
	}
	add_segment(next, gap, NULL, 0);
#ifdef X32_BIT
	add_segment(X32_BIT, foreign_verdict(policy), NULL, 0);
	add_segment(SKIPPED, gap, NULL, 0);
#endif
}

int filter_build(const struct filter_policy *policy,
		 struct filter_program *program, struct failure *failure)
{
	uint32_t otherwise = policy->allow ? rules_action(&policy->action)
					   : SECCOMP_RET_ALLOW;
	struct rule_set set;
	int err;

	if (rules_read(policy, &set, failure))
		return -1;
	segment_count = 0;
	too_many = false;
	add_segments(policy, set.rules, set.count, otherwise);
	err = program_write(program, NATIVE_ARCH, foreign_verdict(policy),
			    segments, segment_count);
	rules_free(&set);
	if (!err && !too_many)
		return 0;
	return set_failure(failure, STATUS_OWN_FAILURE,
			   "%s: %s: more than the 4096 instructions that the "
			   "kernel takes",
			   policy->variable,
			   message_value(policy->list, policy->length));
}
