/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPERVISE_START_H
#define SUPERVISE_START_H

/*
 * Prepares a program as Java asks for it, up to the gate where it waits. Functions
 * with a @why return 0, or -1 with @why filled in. Functions that prepare a program
 * tell Java the number of its process.
 */

#include "supervise/state.h"

/* How to run the program. Only the library uses @list. */
struct run_request {
	int count;
	bool stdout_to_stderr;
	bool keep_output;
	enum filter_start from;
	const char *action;
	const char *list;
	int entry_mark;
	/* NAME=VALUE for its environment; empty or NULL for none. */
	const char *variable;
	/* For a program without a filter of ours; else NULL. */
	char **argv;
};

/* Returns our last @count words, the target's; NULL if there are fewer. */
char **target_arguments(const struct supervisor *self, int count);

/* Finds the program that our last @count words run. */
int inspect_target(struct supervisor *self, int count, enum filter_start from,
		   struct failure *why);

/* Whether the tracer can put a filter into the program. */
int check_traceable(const struct program *program, struct failure *why);

/* Whether the program can have an audit session of its own. */
int check_session(struct failure *why);

/* Prepares the program in an audit session of its own, under @filter; NULL logs all
 * calls. */
int run_target(struct supervisor *self, const struct run_request *request,
	       const struct filter_image *filter, struct failure *why);

/* Prepares it in an audit session, under the supervisor's filter, with a listener. */
int guard_target(struct supervisor *self, const struct run_request *request,
		 struct failure *why);

/* Prepares it under the supervisor's filter, whose listener Java reads. */
int watch_target(struct supervisor *self, const struct run_request *request,
		 struct failure *why);

/*
 * Prepares it to be recorded in the kernel. If @filter is empty, the program gets a
 * filter that allows all calls.
 */
int count_target(struct supervisor *self, const struct run_request *request,
		 struct filter_image *filter, struct failure *why);

/* Prepares it without a filter of ours. */
int start_target(struct supervisor *self, const struct run_request *request,
		 struct failure *why);

#endif
