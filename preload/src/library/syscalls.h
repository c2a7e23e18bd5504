/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#if defined(__x86_64__)
#define ARCH_NAME "x86_64"
#elif defined(__aarch64__)
#define ARCH_NAME "aarch64"
#else
#error "no table of system calls for this architecture"
#endif

#include <stdbool.h>

/* A system call's number here, by its name or audit name, or -1. */
int syscall_number(const char *name);

/* Whether any architecture of syscall-db has a system call of this name. */
bool is_syscall_somewhere(const char *name);
