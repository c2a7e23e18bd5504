/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of a list to rules by system call number. */
#ifndef LIBRARY_RULES_H
#define LIBRARY_RULES_H

#include <stddef.h>

#include "failure.h"
#include "library/filter_program.h"
#include "library/policy_text.h"

/* A system call with conditions that all must hold; by argument, ascending. */
struct rule {
	int syscall;
	unsigned int condition_count;
	struct policy_condition conditions[POLICY_ARGUMENTS];
};

/*
 * 0 and the rules, to be freed, or -1 with the failure: a mistake in the text
 * or a call that this architecture does not have. The rules are sorted by
 * system call, each is there once, and one without conditions is the only one
 * of its call. Conditions that always hold are left out, and so are entries
 * that never match.
 */
int rules_read(const struct filter_policy *policy, struct rule **rules,
	       size_t *count, struct failure *failure);

#endif
