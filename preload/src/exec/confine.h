/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_CONFINE_H
#define EXEC_CONFINE_H

#include <linux/filter.h>
#include <stdbool.h>
#include <sys/types.h>

#include "process/program.h"

/* Where a filter starts to judge the calls of the program. */
enum start {
	START_EXEC,
	START_ENTRY,
	START_HERE, /* load now, then execute: it must allow execve */
};

/*
 * A compiled filter that has come from somewhere else.
 * @length: instructions, 0 as long as there is none
 * @log: refused calls leave audit records
 */
struct compiled_filter {
	struct sock_filter code[BPF_MAXINSNS];
	unsigned short length;
	bool log;
	enum start start;
};

/* "exec", "entry" or "here"; false for any other word. */
bool parse_start(const char *word, enum start *start);

/*
 * Takes the instructions that follow the first newline of @message. Returns
 * false when there are none, or not a whole number of them.
 */
bool receive_code(const char *message, ssize_t length,
		  struct compiled_filter *filter);

/*
 * Becomes the program under the filter. Returns only when it did not: the exit
 * status, after one line for the user.
 */
int become_program(const char *name, const struct execution *execution,
		   const struct compiled_filter *filter);

/*
 * The same with a compiled filter from the file @filter; @argv is the program
 * and its arguments.
 */
int confine_by_file(const char *name, const char *filter, char **argv);

#endif
