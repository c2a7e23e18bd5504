/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inject/regs.h"
#include "process/proc.h"

struct tracee;

/*
 * A target that is stopped to load a filter.
 * @before: the filters that it had before
 * @skipped: its own call must not be made
 * @replaced: its own call has been replaced by the first remote call
 * @memory: its /proc/PID/mem, or -errno if that is closed to the tracer
 * @address, @size: the filter image in its memory
 * @borrowed: the image covers the target's own memory, which is saved
 * @in_force: the filter has been set and verified
 * @listener: the filter's listener, or -1
 */
struct injection {
	struct tracee *tracee;
	struct filtering before;
	struct own_call own;
	uint64_t stack_pointer;
	uint64_t signal_mask;
	bool skipped;
	bool replaced;
	int memory;
	uint64_t address;
	size_t size;
	bool borrowed;
	bool in_force;
	int listener;
};

/* Returns @err, after fail_tracee(). */
int fail_injection(struct injection *injection, int err, const char *what);

/* Whether the filter to load has a listener. */
bool has_listener(const struct injection *injection);

/* The target makes @call; @result may be -errno. Returns 0 if it was made. */
int call_remotely(struct injection *injection, enum remote_call call,
		  const uint64_t args[6], int64_t *result);

/* Calls as call_remotely() does, and fails with @what unless the result is @expected. */
int expect_remotely(struct injection *injection, enum remote_call call,
		    const uint64_t args[6], int64_t expected, const char *what);
