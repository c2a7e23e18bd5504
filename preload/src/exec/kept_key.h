/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <limits.h>
#include <stddef.h>
#include <time.h>

#include "process/program.h"

/*
 * Filters of earlier runs are kept in the user's cache folder, each with all that
 * decided about it. If nothing of that is different, "sandbox run" needs no Java.
 * When in doubt, and after each mistake, nothing is kept and Java finds out.
 *
 * @key, @size: all that decides about the filter; NULL: nothing is kept
 * @policy, @policy_size: the bytes of the policy's file, at the end of @key
 * @seen: how many of these Java has read too
 * @program, @argv: what is to run
 * @begun: when this process looked for all that
 * @library: the file of libseccomp that made the filter; empty until Java wants
 *	the filter kept
 */
struct kept {
	char *key;
	size_t size;
	const char *policy;
	size_t policy_size;
	size_t seen;
	struct program program;
	char **argv;
	time_t begun;
	char library[PATH_MAX];
};

/* More than the texts below. */
#define STAMP_SIZE 160

/* Writes into @text (STAMP_SIZE) the last change's time, set by the kernel. */
void stamp_file(int folder, const char *name, char *text);

/*
 * Finds out all that decides what filter these words of "sandbox run" ask for.
 * @java: the command that would be executed
 */
void find_key(struct kept *kept, char **java, char **words);

/* Takes the next bytes of the policy that Java has read. */
void compare_policy(struct kept *kept, const char *bytes, size_t size);
