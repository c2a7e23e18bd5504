/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_FILTER_START_H
#define INJECT_FILTER_START_H

#include <stdbool.h>

/*
 * Where in the program's life the filter starts to judge its calls, and who
 * loads it. In Java this is FilterStart.
 *
 * FILTER_FROM_EXEC: the tracer loads it before the program's first call.
 *	Nothing escapes.
 * FILTER_FROM_ENTRY: the tracer loads it before the first call after the
 *	dynamic linker and the constructors of the libraries are done, so their
 *	calls need no allowing. Threads they made are filtered too; a process
 *	they forked cannot be, so then the program is killed. A static program
 *	has none of this: it is filtered as with FILTER_FROM_EXEC.
 * FILTER_FROM_PRELOAD: libsandbox.so, which the program's environment names,
 *	loads it in its constructor. A tracer, if there is one, has its own
 *	filter loaded in place of the library's; the rest is as with
 *	FILTER_FROM_ENTRY. If the library is not loaded, no filter is.
 * FILTER_FROM_HERE: sandbox-exec loads it, and then executes the program: the
 *	filter must allow execve.
 */
enum filter_start {
	FILTER_FROM_EXEC,
	FILTER_FROM_ENTRY,
	FILTER_FROM_PRELOAD,
	FILTER_FROM_HERE,
};

/* Reads the word for one of them; false if it is another word. */
bool parse_filter_start(const char *word, enum filter_start *start);

#endif
