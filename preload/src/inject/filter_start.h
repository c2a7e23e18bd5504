/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_FILTER_START_H
#define INJECT_FILTER_START_H

#include <stdbool.h>

/*
 * Says when the filter takes effect and who loads it. In Java this is
 * FilterStart.
 *
 * FILTER_FROM_EXEC: the tracer loads it before the program's first call.
 * FILTER_FROM_ENTRY: the tracer loads it at the program's entry point, so the
 *	calls of the dynamic linker and of library constructors need not be
 *	allowed. Threads that they made are filtered too. A process that they
 *	forked cannot be filtered, so the program is then killed. For a static
 *	program this is the same as FILTER_FROM_EXEC.
 * FILTER_FROM_PRELOAD: libsandbox.so loads it in its constructor, if the
 *	program's environment names the library. A tracer, if there is one,
 *	replaces the library's filter by its own. Threads and forked processes
 *	are treated as with FILTER_FROM_ENTRY. If the library is not loaded,
 *	there is no filter.
 * FILTER_FROM_HERE: sandbox-exec loads it before it executes the program, so
 *	the filter must allow execve.
 */
enum filter_start {
	FILTER_FROM_EXEC,
	FILTER_FROM_ENTRY,
	FILTER_FROM_PRELOAD,
	FILTER_FROM_HERE,
};

/* Reads the word for a start. Returns false for other words. */
bool parse_filter_start(const char *word, enum filter_start *start);

#endif
