// SPDX-License-Identifier: Apache-2.0
/* Explains why the kernel does not execute a program. */
#include "process/explain.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int explain_errno(const char *name, int err, struct failure *why)
{
	switch (err) {
	case -ENOENT:
	case -ENOTDIR:
		return set_failure(why, STATUS_NOT_FOUND, "%s: not found",
				   name);
	case -EISDIR:
		return set_failure(why, STATUS_NOT_EXECUTABLE,
				   "%s: is a directory", name);
	case -EACCES:
		return set_failure(why, STATUS_NOT_EXECUTABLE,
				   "%s: not executable (permission denied)",
				   name);
	default:
		return set_failure(why, STATUS_NOT_EXECUTABLE, "%s: %s", name,
				   strerror(-err));
	}
}

int explain_execve(const char *path, int err, struct failure *why)
{
	if (err == -ENOENT && access(path, F_OK) == 0)
		return set_failure(
			why, STATUS_NOT_EXECUTABLE,
			"%s: its interpreter or dynamic linker: not found",
			path);
	return explain_errno(path, err, why);
}
