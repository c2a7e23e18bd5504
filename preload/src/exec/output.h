/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_OUTPUT_H
#define EXEC_OUTPUT_H

#include <stdbool.h>

/*
 * The standard output of runs of a program, kept in memory so that that of one
 * run can be compared with that of the run before. Descriptors, or -1.
 */
struct kept_output {
	int last;
	int before;
};

enum output_verdict {
	OUTPUT_SAME,
	OUTPUT_DIFFERENT,
	OUTPUT_FIRST, /* there was none before */
};

/* Begins to keep another run's output, in @last. Returns 0 or -errno. */
int begin_output(struct kept_output *output);

/*
 * Writes what was kept of the last run to @fd, and compares it with the run
 * before. Returns an output_verdict, or -errno when it could not be written.
 */
int show_output(const struct kept_output *output, int fd);

#endif
