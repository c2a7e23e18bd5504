/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the code of a filter. */
#pragma once

#include "library/filter_program.h"
#include "library/rules.h"

/*
 * What the filter does with the calls whose numbers begin with @first and end
 * before the next segment: it returns @verdict, unless one of the @count @rules,
 * which are for one system call, says something else.
 */
struct segment {
	uint32_t first;
	uint32_t verdict;
	const struct rule *rules;
	size_t count;
};

/*
 * Writes a filter for calls of @arch. The first segment begins with 0. Calls of
 * another architecture get @foreign. Returns 0 or -E2BIG.
 */
int program_write(struct filter_program *program, uint32_t arch,
		  uint32_t foreign, const struct segment *segments,
		  size_t count);
