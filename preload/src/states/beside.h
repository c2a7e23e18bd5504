/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Processes of ours beside a program, for a state of a series (steps.h has the steps
 * that change the program itself):
 *
 *   terminal           the program has one, at which somebody types q and Ctrl-D
 *   drained            its output goes to a pipe whose reader only reads
 *   busy N             so many processes that compute
 *   cgroup MIB         a cgroup with so much memory for the program (cgroup.h)
 *   beside MICROS      another copy of the program begins as long before, and is
 *                      killed as long after the program has begun
 *   strike MICROS SIGNAL [MICROS SIGNAL]
 *                      the program's process group, or a daemon that has left it,
 *                      gets the signal so long after its start, and perhaps
 *                      another one later
 *   largest            the strike takes the largest of its processes (group.h)
 *   rotate             before the strike, its logs get other names
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "process/program.h"
#include "process/session.h"
#include "states/cgroup.h"
#include "states/copy.h"

#define MAX_HELPERS 64
#define STEPS_SIZE  1024

/* What becomes of a helper when the program has ended, and if we end before. */
enum helper_end {
	IS_KILLED,
	ENDS_ORDERLY, /* by SIGTERM */
	ENDS_SOON,    /* by itself */
	IS_LEFT,      /* what the program has left may need it */
	LASTS,	      /* the same, and then by SIGTERM */
};

struct helper {
	pid_t pid;
	enum helper_end end;
};

/*
 * What differs for the next programs.
 * @steps: up to @end, which is NULL before the first, texts that end with a zero byte each
 * @output: becomes descriptors 1 and 2 of the program, and 0 too if @is_terminal;
 *	-1 between programs and if it is not needed
 * @cgroup: where the program goes, if its path is not empty
 */
struct surroundings {
	struct copy copy;
	char steps[STEPS_SIZE];
	const char *end;
	int output;
	bool is_terminal;
	struct cgroup cgroup;
	struct helper helpers[MAX_HELPERS];
	size_t count;
};

#define SURROUNDINGS_INIT { .copy = COPY_INIT, .output = -1 }

/* What follows this word in the steps, or NULL. */
const char *find_step(const struct surroundings *self, const char *word);

/* Starts what the program @execution needs beside it. Returns 0 or -errno. */
int begin_surroundings(struct surroundings *self,
		       const struct execution *execution);

/* In the child: changes it and @execution. Returns 0 or -errno. */
int enter_surroundings(const struct surroundings *self,
		       struct execution *execution);

/*
 * Begins to count the time of a strike. If there are steps, the program is killed as soon
 * as we are. It has just begun.
 */
void begin_strike(struct surroundings *self, pid_t target,
		  const struct sessions *sessions);

/* Ends all helpers: the program has ended. */
void end_surroundings(struct surroundings *self);
