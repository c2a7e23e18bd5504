/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_HAND_OVER_H
#define EXEC_HAND_OVER_H

#include <stdbool.h>

/*
 * @socket: where sandbox-learn --listen listens
 * @name: what the recording is called; NULL for that of the program
 * @or_run: whether the program runs all the same when nobody listens there
 * @filter: a file with a filter that asks; NULL to ask about every call
 * @argv0: what the program gets as its own name; NULL for its first word
 * @argv: the program and its arguments
 */
struct hand_over {
	const char *socket;
	const char *name;
	bool or_run;
	const char *filter;
	char *argv0;
	char **argv;
};

/*
 * Becomes the program under a filter that asks about calls, whose listener
 * goes to whoever listens at the socket, in the form in which a container
 * runtime hands it over (OCI's container process state). Returns only when it
 * did not: the exit status, after one line for the user.
 */
int hand_over(const char *name, const struct hand_over *wanted);

#endif
