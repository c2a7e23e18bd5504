// SPDX-License-Identifier: Apache-2.0
/* Explains, before anything runs, why no library of ours can be loaded into a program. */
#include "process/preloadable.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "process/image.h"

/* Whether execve(2) of it sets secure-execution mode; for root, no bits do. */
static bool gains_privileges(const char *path)
{
	char capability[64];
	struct stat st;

	if (stat(path, &st))
		return false;
	if ((st.st_mode & S_ISUID) && st.st_uid != getuid())
		return true;
	if ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) &&
	    st.st_gid != getgid())
		return true;
	return getuid() != 0 && getxattr(path, "security.capability",
					 capability, sizeof(capability)) > 0;
}

/* @linker: has room for the path of the program's own */
static const char *obstacle(const struct image *image, char *linker)
{
	const char *base;
	int err = image->length ? 0 : -EACCES;

	if (getuid() != geteuid() || getgid() != getegid() ||
	    gains_privileges(image->path))
		return "runs with other privileges than yours, so the dynamic "
		       "linker loads no library of ours into it";
	if (!err && !image_is_elf(image))
		err = -ENOEXEC;
	if (!err && image_machine(image) != NATIVE_MACHINE)
		return "a program for another machine than " NATIVE_NAME;
	if (!err)
		err = read_image_linker(image, linker);
	if (err)
		return strerror(-err);
	if (!linker[0])
		return "statically linked, so no library can be loaded into it";
	base = strrchr(linker, '/');
	return strncmp(base ? base + 1 : linker, "ld-linux", 8) == 0
		       ? NULL
		       : "does not use the dynamic linker of glibc, which our "
			 "libraries need";
}

int check_preloadable(const struct program *program, struct failure *why)
{
	char linker[PATH_MAX];
	struct image image;
	const char *reason;

	if (find_image(executed_file(program), &image, why))
		return -1;
	reason = obstacle(&image, linker);
	return reason ? set_failure(why, STATUS_OWN_FAILURE, "%s: %s",
				    image.path, reason)
		      : 0;
}
