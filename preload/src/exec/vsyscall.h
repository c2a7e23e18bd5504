/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_VSYSCALL_H
#define EXEC_VSYSCALL_H

#include "process/program.h"

/*
 * Says, in the first call that finds it so, that this program can make calls
 * which no filter of ours sees: its file cannot be read, so the filter starts
 * at its first call that has an instruction (inject/call.c), and this
 * kernel has a vsyscall page, by which calls are made without one.
 */
void warn_of_vsyscalls(const char *name, const struct program *program);

#endif
