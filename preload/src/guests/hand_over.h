/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

/*
 * @socket: where sandbox listen listens
 * @name: the name of the recording; NULL for the name of the program
 * @join: have the calls counted in the kernel, without any filter
 * @or_run: whether the program also runs if nobody listens at the socket
 * @filter: a file with a filter that asks; NULL to ask about every call
 * @argv0: the name that the program gets as its own; NULL for the first of @argv
 * @argv: the program and its arguments
 */
struct hand_over {
	const char *socket;
	const char *name;
	bool join;
	bool or_run;
	const char *filter;
	char *argv0;
	char **argv;
};

/*
 * Executes the program under a filter that asks about calls. The listener of the
 * filter goes to the process that listens at the socket, as a container runtime
 * would hand it over (OCI's container process state). With @join, there is neither,
 * and the program is executed when that process has answered. Returns only if this fails:
 * the exit status, after one line for the user.
 */
int hand_over(const char *name, const struct hand_over *wanted);
