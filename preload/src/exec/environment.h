/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_ENVIRONMENT_H
#define EXEC_ENVIRONMENT_H

#include <sys/types.h>

/*
 * @environment without the variables that hold a policy, the others in their
 * order. Allocated; NULL when memory is short.
 */
char **environment_without_policy(char *const environment[]);

/*
 * The same with @variable (NAME=VALUE) in place of one of that name, or at the
 * end; without it if it is empty.
 */
char **environment_with(char *const environment[], const char *variable);

/*
 * The environment that makes the dynamic linker load the library at @library,
 * and the library allow what is on @list and do @action to every other call.
 * Allocated; NULL when memory is short. The library takes all of it out again
 * before the program can see it.
 */
char **preloading_environment(char *const environment[], const char *library,
			      const char *list, const char *action);

/*
 * The service manager tells a process by its number which variables are meant
 * for it (sd_listen_fds(3), sd_watchdog_enabled(3), systemd.exec(5)). For a
 * child that is to be what the process @meant was started as: each of these
 * variables of @environment that names @meant names the child. After a fork,
 * in the child.
 */
void take_over_variables(char **environment, pid_t meant);

#endif
