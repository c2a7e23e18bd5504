// SPDX-License-Identifier: Apache-2.0
/*
 * Explains, before anything runs, why the kernel would not execute a file. This
 * only serves better messages: the kernel decides, so it does no harm if the
 * file changes meanwhile.
 */
#include "process/runnable.h"

#include <string.h>
#include <unistd.h>

#include "process/image.h"

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

int check_runnable(struct program *program, struct failure *why)
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
