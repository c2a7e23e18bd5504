/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled filter and its source. */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

#include "library/policy_text.h"

/*
 * A compiled filter. It is large, and loading it must need no other system
 * call, so keep it static. The code has room for one instruction too many.
 */
struct filter_program {
	struct sock_filter code[BPF_MAXINSNS + 1];
	unsigned short length;
	bool too_long;
};

/*
 * The source of a filter: with allow, the listed calls are allowed and the
 * action applies to all others. Without it, the action applies to the listed
 * calls and all others are allowed.
 *
 * A call of another architecture (32-bit, x32) is logged if the action is log,
 * and otherwise kills the process (even with kill_thread), because the list has
 * only native numbers.
 */
struct filter_policy {
	bool allow;
	struct policy_action action;
	bool refuses_unknown; /* with ENOSYS; see library/filter.h */
	uint32_t newest;      /* as policy_unknown_parse() has it */
	const char *variable; /* the source of the list, for messages */
	const char *list;
	size_t length;
};
