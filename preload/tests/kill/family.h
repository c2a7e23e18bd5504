/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KILL_FAMILY_H
#define KILL_FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* Who a command is made of, as a signal finds them. */
enum member {
	LAUNCHER, /* what the user started */
	TRACER,	  /* its parent has ended, so it is a child of ours */
	JAVA,
	PROGRAM, /* the launcher's other child: the program, or on its way */
	GROUP,	 /* all of them, as by Ctrl-C */
	MEMBERS
};

extern const char *const member_names[MEMBERS];

/*
 * Makes this process the parent of whatever loses its own. Returns false where
 * the kernel does not list children (CONFIG_PROC_CHILDREN).
 */
bool adopt_orphans(void);

/* A process to signal (negative for a group), or 0: there is none now. */
pid_t find_member(pid_t launcher, enum member member);

/* Whether it has ended, which leaves it to be waited for. */
bool has_ended(pid_t launcher);

/* Reaps what is not the launcher; false if nobody else is left. */
bool others_live(pid_t launcher);

/* What everybody does at this moment: for a command that hangs. */
void describe_family(FILE *out);

void kill_family(void);

#endif
