/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_ENVIRONMENT_H
#define EXEC_ENVIRONMENT_H

/*
 * @environment without the variables that hold a policy, the others in their
 * order. Allocated; NULL when memory is short.
 */
char **environment_without_policy(char *const environment[]);

/*
 * The environment that makes the dynamic linker load the library at @library,
 * and the library allow what is on @list and do @action to every other call.
 * Allocated; NULL when memory is short. The library takes all of it out again
 * before the program can see it.
 */
char **preloading_environment(char *const environment[], const char *library,
			      const char *list, const char *action);

#endif
