/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the text of a list into rules by system call number. */
#pragma once

#include <stddef.h>

#include "failure.h"
#include "library/filter_program.h"
#include "library/policy_text.h"

/* A system call, conditions that all hold, by argument, and the result. */
struct rule {
	int syscall;
	uint32_t returned;
	unsigned int condition_count;
	struct policy_condition conditions[POLICY_ARGUMENTS];
};

/* @room: how many rules the memory is for, which is not of the program's heap */
struct rule_set {
	struct rule *rules;
	size_t count;
	size_t room;
};

/* What a filter returns for the action, SECCOMP_RET_*. */
uint32_t rules_action(const struct policy_action *action);

/*
 * Returns 0 and the rules, which rules_free() frees, or -1 with the failure: a
 * mistake in the text or a call that this architecture does not have. The rules
 * are sorted by system call and unique. Those of one call begin with the
 * strictest, so that of several that match the first one decides, and a rule
 * without conditions is the last one. Conditions that always hold and entries
 * that never match are left out.
 */
int rules_read(const struct filter_policy *policy, struct rule_set *set,
	       struct failure *failure);
void rules_free(struct rule_set *set);
