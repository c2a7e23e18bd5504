/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

/* Whether this variable (NAME=VALUE) holds a policy. */
bool holds_policy(const char *entry);

/*
 * Copies @environment without the variables that hold a policy, and keeps the
 * order of the others. The result is allocated; NULL if memory is short.
 */
char **environment_without_policy(char *const environment[]);

/*
 * Copies @environment with @variable (NAME=VALUE) in place of the variable of that
 * name, or at the end. If @variable is empty, nothing changes. The result is
 * allocated; NULL if memory is short.
 */
char **environment_with(char *const environment[], const char *variable);

/*
 * Copies @environment so that the dynamic linker loads a library of ours, first of all. NULL
 * with @why filled in if that is not possible.
 */
char **environment_loading(char *const environment[], const char *library,
			   struct failure *why);

/*
 * Returns an environment that makes the dynamic linker load libsandbox.so, and makes
 * the library allow the calls on @list and apply @action to all others. The
 * library removes these variables before the program can see them. NULL with @why
 * filled in if that is not possible.
 */
char **preloading_environment(char *const environment[], const char *list,
			      const char *action, struct failure *why);

/*
 * Replaces the number of the process @meant by the caller's own in the
 * variables by which the service manager addresses a process (sd_listen_fds(3),
 * sd_watchdog_enabled(3), systemd.exec(5)). Call it after a fork, in the child
 * that takes the place of @meant.
 */
void take_over_variables(char **environment, pid_t meant);
