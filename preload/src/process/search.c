// SPDX-License-Identifier: Apache-2.0
/* Finds the program that the user named, like execvp(3). */
#include "process/search.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/explain.h"
#include "process/runnable.h"

/* Checks the file at @path like execve(2). Returns 0 or -errno. */
static int check_executable(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS))
		return -errno;
	return 0;
}

/*
 * Looks @name up in PATH. Like execvp(3) (POSIX 2.9.1.4), it goes on after a
 * file that cannot be executed, and reports that only if it finds nothing
 * better.
 */
static int search_path(const char *name, char *path)
{
	const char *dir = getenv("PATH");
	int found = -ENOENT;

	if (!dir)
		dir = "/bin:/usr/bin";
	for (;;) {
		size_t length = strcspn(dir, ":");
		int n = length == 0 ? snprintf(path, PATH_MAX, "%s", name)
				    : snprintf(path, PATH_MAX, "%.*s/%s",
					       (int)length, dir, name);
		int err = n < PATH_MAX ? check_executable(path) : -ENAMETOOLONG;

		if (err == 0)
			return 0;
		if (err == -EACCES)
			found = err;
		if (dir[length] == 0)
			return found;
		dir += length + 1;
	}
}

int find_program(const char *name, struct program *program, struct failure *why)
{
	int err;

	if (strchr(name, '/')) {
		if (strlen(name) >= PATH_MAX)
			return explain_errno("program", -ENAMETOOLONG, why);
		strcpy(program->path, name);
		err = check_executable(name);
	} else {
		err = *name ? search_path(name, program->path) : -ENOENT;
	}
	if (err)
		return explain_errno(*name ? name : "''", err, why);
	return check_runnable(program, why);
}
