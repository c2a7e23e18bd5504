/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPERVISE_VSYSCALL_H
#define SUPERVISE_VSYSCALL_H

#include "process/program.h"

/*
 * Warns once if this program can make calls that no filter of ours sees. That
 * is the case if its file cannot be read, so the filter starts at the first
 * call that has an instruction (inject/call.c), and if the kernel has a
 * vsyscall page, through which calls are made without one.
 */
void warn_of_vsyscalls(const char *name, const struct program *program);

#endif
