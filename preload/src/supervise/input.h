/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPERVISE_INPUT_H
#define SUPERVISE_INPUT_H

#include <stdbool.h>
#include <sys/types.h>

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

#endif
