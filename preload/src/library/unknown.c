/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout; the second line is there on x86_64, for calls of x32, of which -1, by
 * which a tracer skips a call, is none:
 *
 *	ld arch; jeq ARCH, 1, 0; ja END; ld nr
 *	jge BIT, 0, 2; jeq -1, 1, 0; ja END
 *	jgt LAST, 3, 0; jge FIRST, 0, 1; ja END; ret ENOSYS	for each run
 *	ret ENOSYS
 *
 * A run is of numbers that are known or listed, with no other in between. The
 * verdict is known from arch and nr alone, so the kernel can keep it in its
 * bitmap.
 */
#include "library/unknown.h"

#include <errno.h>
#include <seccomp.h>

#include "library/emit.h"

/* Made by the Makefile: KERNEL(number, version), sorted by number. */
#if defined(__x86_64__)
#define KERNELS "kernels_x86_64.inc"
#else
#define KERNELS "kernels_aarch64.inc"
#endif

#define X32_BIT	      0x40000000U
#define SKIPPED	      0xffffffffU
#define ENOSYS_RETURN (SECCOMP_RET_ERRNO | ENOSYS)
#define HEAD_LIMIT    7
#define RUN_LENGTH    4

/* version: a byte for each of its up to four numbers */
static const struct {
	uint32_t number;
	uint32_t version;
} calls[] = {
#define KERNEL(number, version) { number, version },
#include KERNELS
#undef KERNEL
};

#define COUNT (sizeof(calls) / sizeof(*calls))

/* The numbers of calls that are known or listed, ascending. */
struct numbers {
	const struct rule *rules;
	size_t count;
	size_t rule;
	size_t call;
	uint32_t newest;
};

static bool next_number(struct numbers *numbers, uint32_t *number)
{
	bool has_rule;

	while (numbers->call < COUNT &&
	       calls[numbers->call].version > numbers->newest)
		numbers->call++;
	has_rule = numbers->rule < numbers->count;
	if (!has_rule && numbers->call == COUNT)
		return false;
	if (has_rule && (numbers->call == COUNT ||
			 (uint32_t)numbers->rules[numbers->rule].syscall <
				 calls[numbers->call].number))
		*number = numbers->rules[numbers->rule++].syscall;
	else
		*number = calls[numbers->call++].number;
	return true;
}

static int add_run(struct filter_program *program, uint32_t first,
		   uint32_t last)
{
	if (!has_room(program, RUN_LENGTH + 1))
		return -E2BIG;
	emit(program, IF_GREATER, last, RUN_LENGTH - 1, 0);
	emit(program, IF_AT_LEAST, first, 0, 1);
	emit(program, JUMP, 0, 0, 0);
	emit(program, RETURN, ENOSYS_RETURN, 0, 0);
	return 0;
}

int unknown_add(struct filter_program *program, const struct rule *rules,
		size_t count, uint32_t newest)
{
	struct numbers numbers = { .rules = rules,
				   .count = count,
				   .newest = newest };
	size_t start = program->length;
	uint32_t first, last, number;

	if (!has_room(program, HEAD_LIMIT))
		return -E2BIG;
	emit(program, LOAD, offsetof(struct seccomp_data, arch), 0, 0);
	emit(program, IF_EQUAL, seccomp_arch_native(), 1, 0);
	emit(program, JUMP, 0, 0, 0);
	emit(program, LOAD, offsetof(struct seccomp_data, nr), 0, 0);
#if defined(__x86_64__)
	emit(program, IF_AT_LEAST, X32_BIT, 0, 2);
	emit(program, IF_EQUAL, SKIPPED, 1, 0);
	emit(program, JUMP, 0, 0, 0);
#endif
	if (!next_number(&numbers, &first))
		return -EINVAL; /* every kernel has calls */
	last = first;
	while (next_number(&numbers, &number)) {
		if (number > last + 1) {
			if (add_run(program, first, last))
				return -E2BIG;
			first = number;
		}
		last = number;
	}
	if (add_run(program, first, last) || !has_room(program, 1))
		return -E2BIG;
	emit(program, RETURN, ENOSYS_RETURN, 0, 0);
	for (size_t at = start; at < program->length; at++) {
		if (program->code[at].code == JUMP)
			program->code[at].k = program->length - at - 1;
	}
	return 0;
}
