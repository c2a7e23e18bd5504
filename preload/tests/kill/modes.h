/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KILL_MODES_H
#define KILL_MODES_H

#include <stdbool.h>

#define MAX_WORDS 24

/* Where the parts lie, and what the modes need; absolute paths. */
struct places {
	const char *programs; /* target, target-bare, enter */
	const char *dist;     /* sandbox-learn and the like, or NULL */
	const char *loader;   /* sandbox-exec */
	const char *library;  /* libsandbox.so */
};

/* A way to start a program. */
struct mode {
	const char *name;
	bool learns;	 /* prints a list; otherwise it enforces one */
	bool checks;	 /* says whether a policy holds all that was called */
	bool takes_java; /* and so 100 times as long as the others */
	bool lifts_limit;
	const char *list; /* the file it goes to, beside "recording" */
	bool needs_root;
	const char *words[14];
};

extern const struct mode modes[];
extern const unsigned int mode_count;

/* Whether everything is there that it takes. */
bool is_possible(const struct mode *mode, const struct places *places);

/*
 * Executes it, in a child: @report is the descriptor that the target writes
 * to, @spin and @first are for the target (target.c). Does not return.
 */
__attribute__((noreturn)) void execute_mode(const struct mode *mode,
					    const struct places *places,
					    int report, unsigned int spin,
					    bool first);

/* The files that execute_mode() needs, in the current folder. */
int write_mode_files(void);

#endif
