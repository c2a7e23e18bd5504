/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#define MAX_WORDS 24

/* Absolute paths of our parts and of what the modes need. */
struct places {
	const char *programs; /* target, target-bare, enter */
	const char *dist;     /* sandbox-learn and the like, or NULL */
	const char *loader;   /* sandbox-exec */
	const char *library;  /* libsandbox.so */
};

/* A way to start a program. */
struct mode {
	const char *name;
	bool learns;	 /* prints a list, instead of enforcing one */
	bool checks;	 /* says whether a policy allows all calls */
	bool takes_java; /* so takes 100 times as long as the others */
	bool lifts_limit;
	bool takes_bpf;
	const char *list; /* the list goes to a file, beside "recording" */
	bool needs_root;
	const char *words[14];
};

extern const struct mode modes[];
extern const unsigned int mode_count;

/* Whether everything that @mode needs is there. */
bool is_possible(const struct mode *mode, const struct places *places);

/*
 * Executes @mode in a child. The target writes to @report; @spin and @first are
 * its arguments (target.c). Does not return.
 */
__attribute__((noreturn)) void execute_mode(const struct mode *mode,
					    const struct places *places,
					    int report, unsigned int spin,
					    bool first);

/* The files that execute_mode() needs, in the current folder. */
int write_mode_files(void);
