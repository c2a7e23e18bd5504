/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_CONFINE_H
#define EXEC_CONFINE_H

/*
 * Becomes the program named in the last words of @arguments, under the filter
 * that @compiler (a NULL-terminated Java command) builds from the policy.
 * Returns only when it did not: the exit status for the user.
 *
 * The compiler speaks first, as exec_java.h says; COUNT is the number of last
 * arguments that are the program and its arguments.
 *
 *   compiler asks                     answers
 *   target COUNT                      target ARCH | refused STATUS TEXT
 *   filter COUNT START LOG<newline>   ok | refused STATUS TEXT
 *     and the BPF program's bytes
 *   done STATUS                       nothing: the exit status it will have
 *
 * START is exec, entry or here (load now, then execute: no tracing, but the
 * filter must allow execve). LOG is 1 if refused calls leave audit records.
 * When the compiler then ends with status 0, the filter is used.
 */
int confine(const char *name, char **compiler, char **arguments);

/*
 * The same with a compiled filter from the file @filter; @argv is the program
 * and its arguments.
 */
int confine_by_file(const char *name, const char *filter, char **argv);

#endif
