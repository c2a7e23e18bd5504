// SPDX-License-Identifier: Apache-2.0
/* Finds out how the kernel would execute a file: as a script or an ELF file. */
#include "process/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel follows five "#!" lines (fs/exec.c, exec_binprm). */
#define MAX_INTERPRETERS 5

/* The first descriptor only names the file, so nobody can exchange it in between. */
int open_regular(const char *path)
{
	char same[32];
	struct stat st;
	int fd, named = open(path, O_PATH | O_CLOEXEC);

	if (named < 0)
		return -errno;
	snprintf(same, sizeof(same), "/proc/self/fd/%d", named);
	if (fstat(named, &st))
		fd = -errno;
	else if (!S_ISREG(st.st_mode))
		fd = -EACCES;
	else if ((fd = open(same, O_RDONLY | O_CLOEXEC)) < 0)
		fd = -errno;
	close(named);
	return fd;
}

/* Returns 0 or -errno. */
static int read_head(struct image *image)
{
	int fd = open_regular(image->path);
	ssize_t n;

	image->readable = false;
	image->length = 0;
	image->head[0] = 0;
	if (fd < 0)
		return fd;
	n = pread(fd, image->head, IMAGE_HEAD_SIZE, 0);
	close(fd);
	if (n < 0)
		return -errno;
	image->readable = true;
	image->length = (size_t)n;
	image->head[n] = 0;
	return 0;
}

bool image_has_elf_magic(const struct image *image)
{
	return image->length >= SELFMAG &&
	       memcmp(image->head, ELFMAG, SELFMAG) == 0;
}

bool image_is_elf(const struct image *image)
{
	return image->length >= sizeof(Elf32_Ehdr) &&
	       image_has_elf_magic(image);
}

static bool is_script(const struct image *image)
{
	return image->length >= 2 && memcmp(image->head, "#!", 2) == 0;
}

bool image_is_text(const struct image *image)
{
	const char *text = (const char *)image->head;
	size_t line = strcspn(text, "\n");

	return text[line] == '\n' || line == image->length;
}

/* e_machine is at the same place in both classes. */
unsigned int image_machine(const struct image *image)
{
	Elf64_Ehdr header;

	memcpy(&header, image->head, sizeof(header));
	return header.e_machine;
}

const char *machine_name(unsigned int machine)
{
	static const struct {
		unsigned int machine;
		const char *name;
	} names[] = {
		{ EM_X86_64, "x86_64" },   { EM_386, "i386" },
		{ EM_AARCH64, "aarch64" }, { EM_ARM, "arm" },
		{ EM_RISCV, "riscv" },	   { EM_PPC, "ppc" },
		{ EM_PPC64, "ppc64" },	   { EM_S390, "s390" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return "another machine";
}

/* Extracts the interpreter of a "#!" line like binfmt_script. */
static bool script_interpreter(const struct image *image, char *path)
{
	const char *line = (const char *)image->head + 2;
	size_t length;

	line += strspn(line, " \t");
	length = strcspn(line, " \t\n");
	if (length == 0 || length >= PATH_MAX)
		return false;
	memcpy(path, line, length);
	path[length] = 0;
	return true;
}

int find_image(const char *path, struct image *image, struct failure *why)
{
	char next[PATH_MAX];
	int err;

	snprintf(image->path, PATH_MAX, "%s", path);
	for (int depth = 0; depth <= MAX_INTERPRETERS; depth++) {
		err = read_head(image);
		if (err == -ENOENT)
			return set_failure(why, STATUS_NOT_EXECUTABLE,
					   "%s: interpreter %s: not found",
					   path, image->path);
		if (err || !is_script(image))
			return 0;
		if (!script_interpreter(image, next))
			return set_failure(why, STATUS_NOT_EXECUTABLE,
					   "%s: no interpreter after #!",
					   image->path);
		memcpy(image->path, next, sizeof(next));
	}
	return set_failure(why, STATUS_NOT_EXECUTABLE,
			   "%s: too many interpreters, each started by #!",
			   path);
}

int read_image_linker(const struct image *image, char *linker)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	int fd = open_regular(image->path);
	int err = -ENOEXEC;

	if (fd < 0)
		return fd;
	linker[0] = 0;
	if (pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    header.e_phentsize != sizeof(segment))
		goto out;
	for (int i = 0; i < header.e_phnum; i++) {
		off_t at = (off_t)(header.e_phoff + i * sizeof(segment));

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			goto out;
		if (segment.p_type != PT_INTERP)
			continue;
		if (segment.p_filesz == 0 || segment.p_filesz >= PATH_MAX ||
		    pread(fd, linker, segment.p_filesz,
			  (off_t)segment.p_offset) != (ssize_t)segment.p_filesz)
			goto out;
		linker[segment.p_filesz] = 0;
		break;
	}
	err = 0;
out:
	close(fd);
	return err;
}

const char *program_machine(const struct program *program)
{
	struct image image;
	struct failure why;

	if (find_image(executed_file(program), &image, &why) ||
	    !image_is_elf(&image))
		return NATIVE_NAME;
	return machine_name(image_machine(&image));
}
