/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <sys/types.h>

#include "inject/start.h"
#include "process/program.h"

/*
 * A compiled filter that was received or read.
 * @length: number of instructions, 0 if there is no filter yet
 * @log: refused calls leave audit records
 * @start: not FILTER_FROM_PRELOAD
 * @text: what to write to standard error just before execve(2), or NULL
 */
struct compiled_filter {
	struct sock_filter code[BPF_MAXINSNS];
	unsigned short length;
	bool log;
	enum filter_start start;
	char *text;
};

/* Takes the instructions behind @message's first newline; false if cut. */
bool receive_code(const char *message, ssize_t length,
		  struct compiled_filter *filter);

/* Takes these instructions. Returns false if they are none, or too many. */
bool take_code(const char *code, size_t size, struct compiled_filter *filter);

/* Reads a filter of 1 to 4096 whole instructions. NULL, or what is wrong. */
const char *read_filter(const char *path, struct compiled_filter *filter);

/* Appends @length bytes of @text to the filter's text. Returns 0 or -errno. */
int add_text(struct compiled_filter *filter, const char *text, size_t length);

/* Becomes the program under the filter, or says why not; returns a status. */
int become_program(const char *name, const struct execution *execution,
		   const struct compiled_filter *filter);

/* Does what become_program() does, without the variables that hold a policy. */
int become_program_alone(const char *name, const struct program *program,
			 char **argv, const struct compiled_filter *filter);

/*
 * Becomes the program under a compiled filter from the file @filter; @argv is
 * the program and its arguments. Fails like become_program().
 */
int confine_by_file(const char *name, const char *filter, char **argv);
