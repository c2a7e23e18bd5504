/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout; every jump is forward, none but "ja" goes further than a rule:
 *
 *	ld arch; jeq ARCH, 1, 0; ja END; ld nr
 *	jeq NR, 1, 0; ja NEXT; RULE...; ret OTHERWISE	for each system call
 *
 * RULE is a test for each condition, each going to the next test or to the
 * next rule, and "ret VALUE". The verdict for other system calls is known
 * from arch and nr alone, so the kernel can keep it in its bitmap.
 */
#include "library/alternatives.h"

#include <endian.h>
#include <errno.h>

#include "library/emit.h"

/* Stand for jump targets that are unknown while a rule is written. */
#define NEXT_INSTRUCTION 0
#define NEXT_TEST	 0xfe
#define NEXT_RULE	 0xff

/*
 * With a mask: ld, and, jeq for each half. Else at most ld, jgt, jeq, ld, jgt.
 */
#define TEST_LIMIT 6
#define RULE_LIMIT (TEST_LIMIT * POLICY_ARGUMENTS + 1)
_Static_assert(RULE_LIMIT < NEXT_TEST, "jumps inside a rule are 8 bits");

static uint32_t low_half(unsigned int argument)
{
	uint32_t offset = offsetof(struct seccomp_data, args) + 8 * argument;

	return __BYTE_ORDER == __LITTLE_ENDIAN ? offset : offset + 4;
}

static uint32_t high_half(unsigned int argument)
{
	uint32_t offset = offsetof(struct seccomp_data, args) + 8 * argument;

	return __BYTE_ORDER == __LITTLE_ENDIAN ? offset + 4 : offset;
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
	uint32_t low = low_half(condition->argument);
	uint32_t high = high_half(condition->argument);
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

void alternatives_begin(struct filter_program *program, uint32_t arch)
{
	program->length = 0;
	emit(program, LOAD, offsetof(struct seccomp_data, arch), 0, 0);
	emit(program, IF_EQUAL, arch, 1, 0);
	emit(program, JUMP, 0, 0, 0); /* alternatives_end() sets the target */
	emit(program, LOAD, offsetof(struct seccomp_data, nr), 0, 0);
}

int alternatives_add(struct filter_program *program, const struct rule *rules,
		     size_t count, uint32_t otherwise)
{
	struct sock_filter *over;

	if (!has_room(program, 2))
		return -E2BIG;
	emit(program, IF_EQUAL, rules->syscall, 1, 0);
	over = &program->code[program->length];
	emit(program, JUMP, 0, 0, 0);
	for (size_t i = 0; i < count; i++) {
		if (!has_room(program, RULE_LIMIT))
			return -E2BIG;
		emit_rule(program, &rules[i]);
	}
	if (!has_room(program, 1))
		return -E2BIG;
	emit(program, RETURN, otherwise, 0, 0);
	over->k = &program->code[program->length] - over - 1;
	return 0;
}

void alternatives_end(struct filter_program *program)
{
	program->code[2].k = program->length - 3;
}
