/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "supervise/state.h"

/* Prepare a program, up to the gate where it waits. The last has no word. */
extern const struct request_handler start_requests[];

/* Reads the word for a start. Returns false for other words. */
bool parse_from(const char *word, enum filter_start *from);

/* Returns our last @count words, the target's; NULL if there are fewer. */
char **target_arguments(const struct supervisor *self, int count);

/* The functions below return 0, or -1 with @why filled in. */

/* Finds the program that our last @count words run. */
int inspect_target(struct supervisor *self, int count, enum filter_start from,
		   struct failure *why);

/* Whether the tracer can put a filter into the program. */
int check_traceable(const struct program *program, struct failure *why);

/* Whether the program can have an audit session of its own. */
int check_session(struct failure *why);
