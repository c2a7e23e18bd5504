/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "process/session.h"

/*
 * The processes of a program, for a state that is about one of them, or about their
 * files: those of its process group, and those of its sessions.
 */
struct group {
	pid_t first;
	const struct sessions *sessions;
};

/* The process group gets the signal; SIGKILL is for its sessions too. */
void strike_group(const struct group *group, int signal);

/*
 * Kills the one that has the most memory, as the kernel does when there is none left.
 * The first process is spared if there are others.
 */
void kill_largest(const struct group *group);

/*
 * Gives each file to which one of them appends another name in the caller's file
 * systems, as logrotate(8) does.
 */
void rotate_logs(const struct group *group);
