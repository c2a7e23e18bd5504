/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPERVISE_OUTPUT_H
#define SUPERVISE_OUTPUT_H

#include <stdbool.h>

/*
 * Descriptors of the standard output of the last two runs, kept in memory for
 * comparison; -1 for none.
 */
struct kept_output {
	int last;
	int before;
};

enum output_verdict {
	OUTPUT_SAME,
	OUTPUT_DIFFERENT,
	OUTPUT_FIRST, /* there was no previous run */
};

/* Makes @last a new file for the next run's output. Returns 0 or -errno. */
int begin_output(struct kept_output *output);

/*
 * Writes the output of the last run to @fd, and compares it with the previous
 * run's. Returns an output_verdict, or -errno if reading or writing fails.
 */
int show_output(const struct kept_output *output, int fd);

#endif
