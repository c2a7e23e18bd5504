/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* The processes of a command, to which signals are sent. */
enum member {
	LAUNCHER, /* what the user started */
	TRACER,	  /* its parent has ended, so it is our child */
	JAVA,
	PROGRAM, /* the launcher's other child: the program, or on its way */
	GROUP,	 /* all of them, like Ctrl-C */
	MEMBERS
};

extern const char *const member_names[MEMBERS];

/*
 * Makes this process the parent of orphaned descendants. Returns false if the
 * kernel does not list children (CONFIG_PROC_CHILDREN).
 */
bool adopt_orphans(void);

/* Returns a process to signal (negative for a group), or 0 if there is none. */
pid_t find_member(pid_t launcher, enum member member);

/* Whether @launcher has ended. It still has to be reaped. */
bool has_ended(pid_t launcher);

/* Reaps other processes than the launcher. Returns false if none is left. */
bool others_live(pid_t launcher);

/* Describes what all processes are doing, if a command hangs. */
void describe_family(FILE *out);

void kill_family(void);
