/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the number of a system call by binary search. */
#include "library/syscalls.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The Makefile generates these files: CALL(name, number), sorted by name. */
#if defined(__x86_64__)
#define CALLS "syscalls_x86_64.inc"
#else
#define CALLS "syscalls_aarch64.inc"
#endif

/* One string without pointers, which every program would have to relocate. */
static const struct {
#define CALL(name, number) char name_##name[sizeof(#name)];
#include CALLS
#undef CALL
} names = {
#define CALL(name, number) .name_##name = #name,
#include CALLS
#undef CALL
};

static const struct {
	uint16_t name; /* where in names */
	uint16_t number;
} calls[] = {
#define CALL(name, number) { offsetof(__typeof__(names), name_##name), number },
#include CALLS
#undef CALL
};

#define COUNT (sizeof(calls) / sizeof(*calls))
_Static_assert(COUNT > 300, "the table is complete");

int syscall_number(const char *name)
{
	size_t first = 0, end = COUNT, middle;
	int order;

	while (first < end) {
		middle = first + (end - first) / 2;
		order = strcmp(name, (const char *)&names + calls[middle].name);
		if (order == 0)
			return calls[middle].number;
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
	}
	return -1;
}

bool is_syscall_somewhere(const char *name)
{
	/* Each with a zero byte at its end. */
	static const char all[] =
#include <syscall_names.inc>
		;
	const char *at = all;

	while (*at && strcmp(at, name) != 0)
		at += strlen(at) + 1;
	return *name && *at;
}
