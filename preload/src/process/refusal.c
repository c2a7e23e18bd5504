// SPDX-License-Identifier: Apache-2.0
/* Says in words for the user why a program is not run. */
#include "process/refusal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int set_refusal(struct refusal *why, int status, const char *format, ...)
{
	va_list args;
	char *at;

	why->status = status;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	/* A file's name may hold what a terminal would obey. */
	for (at = why->text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	return -1;
}

int print_refusal(const char *name, const struct refusal *why)
{
	char line[sizeof(why->text) + 256];
	int length = snprintf(line, sizeof(line), "%s: %s\n", name, why->text);
	ssize_t written;

	if (length >= (int)sizeof(line)) {
		length = sizeof(line);
		line[length - 1] = '\n';
	}
	written = write(STDERR_FILENO, line, (size_t)length);
	(void)written; /* There is nobody else to tell. */
	return why->status;
}

int explain_errno(const char *name, int err, struct refusal *why)
{
	switch (err) {
	case -ENOENT:
	case -ENOTDIR:
		return set_refusal(why, STATUS_NOT_FOUND, "%s: not found",
				   name);
	case -EISDIR:
		return set_refusal(why, STATUS_NOT_EXECUTABLE,
				   "%s: is a directory", name);
	case -EACCES:
		return set_refusal(why, STATUS_NOT_EXECUTABLE,
				   "%s: not executable (permission denied)",
				   name);
	default:
		return set_refusal(why, STATUS_NOT_EXECUTABLE, "%s: %s", name,
				   strerror(-err));
	}
}

int explain_execve(const char *path, int err, struct refusal *why)
{
	if (err == -ENOENT && access(path, F_OK) == 0)
		return set_refusal(
			why, STATUS_NOT_EXECUTABLE,
			"%s: its interpreter or dynamic linker: not found",
			path);
	return explain_errno(path, err, why);
}
