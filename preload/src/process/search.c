// SPDX-License-Identifier: Apache-2.0
/*
 * Finds the program that the user named, like execvp(3), and explains why the kernel
 * does not execute it. What is explained before anything runs only serves better
 * messages: the kernel decides, so it does no harm if the file changes meanwhile.
 */
#include "process/search.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/image.h"

/* What the user may have meant by a name that was not found; "" if unknown. */
static const char *hint_of(const char *name)
{
	static const char *const builtins[] = { "alias",  "cd",	    "eval",
						"exec",	  "export", "set",
						"source", "ulimit", "umask" };

	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (strcmp(name, builtins[i]) == 0)
			return " (it is built into the shell: sh -c '...')";
	if (strchr(name, ' '))
		return " (a program and its arguments are separate words: "
		       "leave the quotes out, or write sh -c '...')";
	return "";
}

static int explain_errno(const char *name, int err, struct failure *why)
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

/*
 * Whether the kernel may run this machine's code. For i386 and 32-bit arm that
 * depends on its configuration, so they are left to the kernel.
 */
static bool may_run_here(unsigned int machine)
{
#if defined(__x86_64__)
	return machine == EM_X86_64 || machine == EM_386;
#else
	return machine == EM_AARCH64 || machine == EM_ARM;
#endif
}

static int check_machine(const struct image *image, struct failure *why)
{
	unsigned int machine = image_machine(image);

	if (may_run_here(machine))
		return 0;
	return set_failure(why, STATUS_NOT_EXECUTABLE,
			   "%s: built for %s, this machine is " NATIVE_NAME,
			   image->path, machine_name(machine));
}

/* The kernel would report ENOENT, as if the program were missing. */
static int check_linker(const struct image *image, struct failure *why)
{
	char linker[PATH_MAX];

	if (image_machine(image) != NATIVE_MACHINE ||
	    read_image_linker(image, linker) || !linker[0] ||
	    access(linker, F_OK) == 0)
		return 0;
	return set_failure(why, STATUS_NOT_EXECUTABLE,
			   "%s: dynamic linker %s: not found", image->path,
			   linker);
}

/* Also sets the program's @via_shell. */
static int check_runnable(struct program *program, struct failure *why)
{
	struct image image;

	program->via_shell = false;
	if (find_image(program->path, &image, why))
		return -1;
	if (image_is_elf(&image))
		return check_machine(&image, why) ? -1
						  : check_linker(&image, why);
	if (image_has_elf_magic(&image))
		return set_failure(
			why, STATUS_NOT_EXECUTABLE,
			"%s: cut off: an ELF file without its header",
			image.path);
	if (!image_is_text(&image))
		return set_failure(why, STATUS_NOT_EXECUTABLE,
				   "%s: neither a program for Linux nor a text",
				   image.path);
	/* If unreadable, the kernel decides. If empty or a text, sh runs it. */
	program->via_shell =
		image.readable && strcmp(image.path, program->path) == 0;
	return 0;
}

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
