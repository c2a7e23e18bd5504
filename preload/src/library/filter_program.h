/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled filter, and what it is compiled from. */
#ifndef LIBRARY_FILTER_PROGRAM_H
#define LIBRARY_FILTER_PROGRAM_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

#include "library/policy_text.h"

/*
 * A compiled filter. Large: keep it static. Loading it must need no system
 * call but the load, and its memory must outlive that.
 */
struct filter_program {
	struct sock_filter code[BPF_MAXINSNS];
	unsigned short length;
};

/*
 * What is compiled: with allow, the listed calls are allowed and the action
 * is what happens to the others; without, the other way round.
 *
 * A call of a foreign architecture (32-bit, x32) is logged if the action is
 * log, and otherwise kills the process, kill_thread included: a filter by
 * native numbers cannot say anything about it.
 */
struct filter_policy {
	bool allow;
	struct policy_action action;
	const char *variable; /* where the list came from, for messages */
	const char *list;
	size_t length;
};

#endif
