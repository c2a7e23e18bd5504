/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of the environment variables, read without memory of its own.
 *
 * LIST  := [ENTRY] (":" [ENTRY])*
 * ENTRY := (NAME | NUMBER) ["(" COND ("," COND)* ")"] ["=" ERRNO]
 * COND  := "arg"DIGIT ["&" INT] OP INT
 * ERRNO := name of errno.h | INT
 *
 * NAME is [a-z_][a-z0-9_]*, DIGIT 0 to 5, OP one of == != < <= > >=, and INT
 * and NUMBER are decimal without leading zeros (010 means 8 to some readers
 * and 10 to others) or 0x-hex. An INT as ERRNO is from 1 to 4095. tests/vectors
 * holds the Java reader to the same grammar.
 *
 * Nothing here knows system calls or the environment, and nothing
 * reads past the given length. The text may hold any byte.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_ARGUMENTS 6

enum policy_operator {
	POLICY_EQ,
	POLICY_NE,
	POLICY_LT,
	POLICY_LE,
	POLICY_GT,
	POLICY_GE,
};

struct policy_condition {
	unsigned int argument; /* 0 to 5 */
	bool masked;	       /* only with POLICY_EQ */
	enum policy_operator op;
	uint64_t mask; /* all ones unless masked */
	uint64_t value;
};

/* One entry; name points into the list's text and is not terminated. */
struct policy_entry {
	const char *name; /* as written, also of a number */
	size_t name_length;
	bool is_number;
	unsigned int number; /* below 2^30; only if is_number */
	unsigned int condition_count;
	struct policy_condition conditions[POLICY_ARGUMENTS];
	unsigned int error; /* that the call fails with; 0 if none is given */
};

enum policy_mistake_kind {
	POLICY_BAD_NAME,
	POLICY_BAD_NUMBER,
	POLICY_LEADING_ZERO,
	POLICY_NUMBER_OVERFLOW,
	POLICY_X32_NUMBER,
	POLICY_UNEXPECTED_CHARACTER,
	POLICY_EMPTY_CONDITIONS,
	POLICY_BAD_ARGUMENT,
	POLICY_BAD_OPERATOR,
	POLICY_MASK_NEEDS_EQ,
	POLICY_VALUE_OUTSIDE_MASK,
	POLICY_MISSING_CLOSE,
	POLICY_DUPLICATE_ARGUMENT,
	POLICY_BAD_ACTION,
	POLICY_BAD_ERRNO,
	POLICY_ERRNO_RANGE,
};

/* What is wrong, and the offset of the first byte that cannot be right. */
struct policy_mistake {
	enum policy_mistake_kind kind;
	size_t offset;
};

/* A cursor over a list. */
struct policy_list {
	const char *text;
	size_t length;
	size_t offset;
};

void policy_list_start(struct policy_list *list, const char *text,
		       size_t length);

/*
 * The next entry that is not empty: 1, at the end 0, and -EINVAL with the
 * mistake, after which the list must not be read on.
 */
int policy_list_next(struct policy_list *list, struct policy_entry *entry,
		     struct policy_mistake *mistake);

enum policy_action_kind {
	POLICY_KILL,
	POLICY_KILL_THREAD,
	POLICY_TRAP,
	POLICY_ERRNO,
	POLICY_LOG,
};

struct policy_action {
	enum policy_action_kind kind;
	unsigned int error; /* 1 to 4095; only with POLICY_ERRNO */
};

/* Reads a value of SECCOMP_DEFAULT_ACTION: 0, or -EINVAL with the mistake. */
int policy_action_parse(const char *text, size_t length,
			struct policy_action *action,
			struct policy_mistake *mistake);

/* Newer than all kernels. */
#define POLICY_NEWEST UINT32_MAX

/*
 * Reads a value of SECCOMP_UNKNOWN: 0 and the version, a byte for each of its
 * up to four numbers, or POLICY_NEWEST without one; -EINVAL for a mistake.
 */
int policy_unknown_parse(const char *text, size_t length, uint32_t *newest);

/* What to tell people. */
const char *policy_mistake_reason(enum policy_mistake_kind kind);
