/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * fstatat(2). What is linked with that function, or with stat, needs glibc 2.33;
 * x86_64 and aarch64 have the kernel's struct stat.
 */
static inline int query_file_status(int folder, const char *path,
				    struct stat *status, int flags)
{
	return (int)syscall(SYS_newfstatat, folder, path, status, flags);
}
