/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* The output of the last two runs, in memory, for comparison; -1 for none. */
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

/*
 * Standard input, which each run reads.
 * @start: its position before the first run, or -1
 * @is_used_up: it is a pipe, and a run can read nothing more
 */
struct shared_input {
	off_t start;
	bool is_used_up;
};

/* Remembers where standard input is. */
struct shared_input note_input(void);

/*
 * Lets the next run find the same input. The data of a pipe are gone after the
 * first run; then the others may show less of the program, and nobody would notice.
 * Returns true when a run finds that for the first time.
 */
bool offer_input(struct shared_input *input);
