// SPDX-License-Identifier: Apache-2.0
/* Explains, before anything runs, why libsandbox.so cannot reach a program. */
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

int check_preloadable(const struct program *program, struct failure *why)
{
	char linker[PATH_MAX];
	struct image image;
	const char *base;
	int err;

	if (find_image(executed_file(program), &image, why))
		return -1;
	if (getuid() != geteuid() || getgid() != getegid() ||
	    gains_privileges(image.path))
		return set_failure(
			why, STATUS_OWN_FAILURE,
			"%s: runs with other privileges than yours, so "
			"the dynamic linker ignores libsandbox.so "
			"(--from exec runs it without them)",
			image.path);
	err = image.length ? 0 : -EACCES;
	if (!err && !image_is_elf(&image))
		err = -ENOEXEC;
	if (!err && image_machine(&image) != NATIVE_MACHINE)
		return set_failure(
			why, STATUS_OWN_FAILURE,
			"%s: a program for %s, libsandbox.so is for " NATIVE_NAME
			"%s",
			image.path, machine_name(image_machine(&image)),
			NATIVE_MACHINE == EM_X86_64 &&
					image_machine(&image) == EM_386
				? " (use --from exec)"
				: "");
	if (!err)
		err = read_image_linker(&image, linker);
	if (err)
		return set_failure(
			why, STATUS_OWN_FAILURE,
			"%s: cannot tell whether libsandbox.so can reach "
			"it: %s",
			image.path, strerror(-err));
	if (!linker[0])
		return set_failure(
			why, STATUS_OWN_FAILURE,
			"%s: statically linked, so libsandbox.so cannot "
			"reach it (--from exec can)",
			image.path);
	base = strrchr(linker, '/');
	base = base ? base + 1 : linker;
	if (strncmp(base, "ld-linux", 8) != 0)
		return set_failure(
			why, STATUS_OWN_FAILURE,
			"%s: uses the dynamic linker %s, so libsandbox.so, "
			"which needs glibc's, cannot reach it "
			"(--from exec can)",
			image.path, linker);
	return 0;
}
