/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout; every jump is forward:
 *
 *	ld arch; jeq ARCH, 1, 0; ret FOREIGN; ld nr; TREE
 *
 * TREE of many segments is "jge FIRST, 0, 1; ja RIGHT; TREE; RIGHT: TREE". A few
 * segments without rules are a CHAIN, from the last to the first:
 *
 *	jge FIRST, to its ret, 0; jeq SINGLE, to its ret, 0; ...; ret; ...
 *
 * A segment with rules is "RULE...; ret VERDICT", where RULE is a test for each
 * condition, each going to the next test or to the next rule, and a ret. The
 * verdict for all other calls is known from arch and nr alone, so the kernel can
 * keep it in its bitmap.
 *
 * libseccomp is not used: it merges conditional entries of one call incorrectly.
 * With "read(arg2<0xfffffffe):read(arg2>=0x8000000000000000)" version 2.6 allows
 * arg2 = 0xffffffff, and for some lists it never ends (tests/filter_test.c).
 */
#include "library/program.h"

#include <endian.h>
#include <errno.h>
#include <linux/seccomp.h>

#define LOAD	    (BPF_LD | BPF_W | BPF_ABS)
#define MASK	    (BPF_ALU | BPF_AND | BPF_K)
#define RETURN	    (BPF_RET | BPF_K)
#define JUMP	    (BPF_JMP | BPF_JA)
#define IF_EQUAL    (BPF_JMP | BPF_JEQ | BPF_K)
#define IF_GREATER  (BPF_JMP | BPF_JGT | BPF_K)
#define IF_AT_LEAST (BPF_JMP | BPF_JGE | BPF_K)

/* Stand for jump targets that are unknown while a rule is written. */
#define NEXT_INSTRUCTION 0
#define NEXT_TEST	 0xfe
#define NEXT_RULE	 0xff

/* With a mask: ld, and, jeq for each half. Else up to ld, jgt, jeq, ld, jgt. */
#define TEST_LIMIT 6
#define RULE_LIMIT (TEST_LIMIT * POLICY_ARGUMENTS + 1)
_Static_assert(RULE_LIMIT < NEXT_TEST, "jumps inside a rule are 8 bits");

/* Short chains make a filter quick, and long ones make it short. */
#define CHAIN_MIN 8
#define CHAIN_MAX 128

/* The instruction after the last possible one is written, too, but not counted. */
static void emit(struct filter_program *program, uint16_t code, uint32_t k,
		 uint8_t if_true, uint8_t if_false)
{
	program->code[program->length] = (struct sock_filter){
		.code = code, .jt = if_true, .jf = if_false, .k = k
	};
	if (program->length < BPF_MAXINSNS)
		program->length++;
	else
		program->too_long = true;
}

static void emit_masked(struct filter_program *program, uint32_t offset,
			uint32_t mask, uint32_t value)
{
	if (mask == 0)
		return;
	emit(program, LOAD, offset, 0, 0);
	if (mask != UINT32_MAX)
		emit(program, MASK, mask, 0, 0);
	emit(program, IF_EQUAL, value, NEXT_INSTRUCTION, NEXT_RULE);
}

/* The low halves matter only if the high halves are equal. */
static void emit_ordered(struct filter_program *program, uint32_t low_offset,
			 uint32_t high_offset, uint64_t value,
			 uint16_t low_compare, bool when_greater)
{
	uint8_t greater = when_greater ? NEXT_TEST : NEXT_RULE;
	uint8_t less = when_greater ? NEXT_RULE : NEXT_TEST;

	emit(program, LOAD, high_offset, 0, 0);
	emit(program, IF_GREATER, value >> 32, greater, NEXT_INSTRUCTION);
	emit(program, IF_EQUAL, value >> 32, NEXT_INSTRUCTION, less);
	emit(program, LOAD, low_offset, 0, 0);
	emit(program, low_compare, (uint32_t)value, greater, less);
}

static void emit_test(struct filter_program *program,
		      const struct policy_condition *condition)
{
	bool little = __BYTE_ORDER == __LITTLE_ENDIAN;
	uint32_t first =
		offsetof(struct seccomp_data, args) + 8 * condition->argument;
	uint32_t low = little ? first : first + 4;
	uint32_t high = little ? first + 4 : first;
	uint64_t value = condition->value;

	switch (condition->op) {
	case POLICY_EQ:
		emit_masked(program, high, condition->mask >> 32, value >> 32);
		emit_masked(program, low, (uint32_t)condition->mask,
			    (uint32_t)value);
		break;
	case POLICY_NE:
		emit(program, LOAD, high, 0, 0);
		emit(program, IF_EQUAL, value >> 32, NEXT_INSTRUCTION,
		     NEXT_TEST);
		emit(program, LOAD, low, 0, 0);
		emit(program, IF_EQUAL, (uint32_t)value, NEXT_RULE, NEXT_TEST);
		break;
	case POLICY_GT:
		emit_ordered(program, low, high, value, IF_GREATER, true);
		break;
	case POLICY_GE:
		emit_ordered(program, low, high, value, IF_AT_LEAST, true);
		break;
	case POLICY_LE:
		emit_ordered(program, low, high, value, IF_GREATER, false);
		break;
	case POLICY_LT:
		emit_ordered(program, low, high, value, IF_AT_LEAST, false);
		break;
	}
}

static uint8_t distance(uint8_t target, size_t from, size_t next_test,
			size_t next_rule)
{
	if (target == NEXT_TEST)
		return (uint8_t)(next_test - from - 1);
	if (target == NEXT_RULE)
		return (uint8_t)(next_rule - from - 1);
	return target;
}

static void emit_rule(struct filter_program *program, const struct rule *rule)
{
	size_t starts[POLICY_ARGUMENTS + 1];
	size_t test = 0;
	size_t first = program->length;
	size_t end;

	for (unsigned int i = 0; i < rule->condition_count; i++) {
		starts[i] = program->length;
		emit_test(program, &rule->conditions[i]);
	}
	starts[rule->condition_count] = program->length;
	emit(program, RETURN, rule->returned, 0, 0);
	end = program->length;

	for (size_t at = first; at + 1 < end; at++) {
		struct sock_filter *i = &program->code[at];

		if (at == starts[test + 1])
			test++;
		if (BPF_CLASS(i->code) != BPF_JMP)
			continue;
		i->jt = distance(i->jt, at, starts[test + 1], end);
		i->jf = distance(i->jf, at, starts[test + 1], end);
	}
}

/*
 * The jumps go to as many returns as there are different verdicts. A single number
 * between two segments with the same verdict takes one test.
 */
static void emit_chain(struct filter_program *program,
		       const struct segment *segments, size_t count)
{
	uint32_t verdicts[CHAIN_MAX] = { segments[0].verdict };
	size_t different = 1, which, end;
	const size_t start = program->length;
	const struct segment *tested;
	bool single;

	for (size_t i = count - 1; i > 0; i -= single ? 2 : 1) {
		single = i > 1 &&
			 segments[i - 1].first + 1 == segments[i].first &&
			 segments[i - 2].verdict == segments[i].verdict;
		tested = &segments[single ? i - 1 : i];
		for (which = 0; which < different; which++)
			if (verdicts[which] == tested->verdict)
				break;
		if (which == different)
			verdicts[different++] = tested->verdict;
		emit(program, single ? IF_EQUAL : IF_AT_LEAST, tested->first,
		     (uint8_t)which, 0);
	}
	end = program->length;
	for (size_t at = start; at < end; at++)
		program->code[at].jt += end - at - 1;
	for (which = 0; which < different; which++)
		emit(program, RETURN, verdicts[which], 0, 0);
}

static bool is_chain(const struct segment *segments, size_t count, size_t limit)
{
	for (size_t i = 0; i < count; i++)
		if (segments[i].count)
			return false;
	return count <= limit;
}

static void emit_tree(struct filter_program *program,
		      const struct segment *segments, size_t count,
		      size_t limit)
{
	const size_t left = count / 2;
	size_t over;

	if (is_chain(segments, count, limit)) {
		emit_chain(program, segments, count);
	} else if (count == 1) {
		for (size_t i = 0; i < segments->count; i++)
			emit_rule(program, &segments->rules[i]);
		emit(program, RETURN, segments->verdict, 0, 0);
	} else {
		emit(program, IF_AT_LEAST, segments[left].first, 0, 1);
		over = program->length;
		emit(program, JUMP, 0, 0, 0);
		emit_tree(program, segments, left, limit);
		program->code[over].k = program->length - over - 1;
		emit_tree(program, segments + left, count - left, limit);
	}
}

int program_write(struct filter_program *program, uint32_t arch,
		  uint32_t foreign, const struct segment *segments,
		  size_t count)
{
	for (size_t limit = CHAIN_MIN; limit <= CHAIN_MAX; limit *= 2) {
		program->length = 0;
		program->too_long = false;
		emit(program, LOAD, offsetof(struct seccomp_data, arch), 0, 0);
		emit(program, IF_EQUAL, arch, 1, 0);
		emit(program, RETURN, foreign, 0, 0);
		emit(program, LOAD, offsetof(struct seccomp_data, nr), 0, 0);
		emit_tree(program, segments, count, limit);
		if (!program->too_long)
			return 0;
	}
	return -E2BIG;
}
