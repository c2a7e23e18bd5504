/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that nobody could judge who wrote the list: those of newer kernels,
 * and numbers that no table has. A C library tries a new call first, and goes
 * on with the older one if it fails with ENOSYS.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "library/filter_program.h"
#include "library/rules.h"

/*
 * Appends code that refuses them with ENOSYS, unless a rule is for them. The
 * rules are sorted. 0 or -E2BIG.
 */
int unknown_add(struct filter_program *program, const struct rule *rules,
		size_t count, uint32_t newest);
