// SPDX-License-Identifier: Apache-2.0
/* Explains why the kernel does not execute a program. */
#include "process/explain.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What the user may have meant by a name that was not found; "" if unknown. */
static const char *hint_of(const char *name)
{
	static const char *const builtins[] = { "alias",  "cd",	    "eval",
						"exec",	  "export", "set",
						"source", "ulimit", "umask" };
	size_t i;

	for (i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (strcmp(name, builtins[i]) == 0)
			return " (it is built into the shell: sh -c '...')";
	if (strchr(name, ' '))
		return " (a program and its arguments are separate words: "
		       "leave the quotes out, or write sh -c '...')";
	return "";
}

int explain_errno(const char *name, int err, struct failure *why)
{
	switch (err) {
	case -ENOENT:
	case -ENOTDIR:
		return set_failure(why, STATUS_NOT_FOUND, "%s: not found%s",
				   name, hint_of(name));
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
