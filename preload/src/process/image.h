/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_IMAGE_H
#define PROCESS_IMAGE_H

#include <elf.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "process/program.h"

/* BINPRM_BUF_SIZE: how much of a file the kernel looks at. */
#define IMAGE_HEAD_SIZE 256

#if defined(__x86_64__)
#define NATIVE_MACHINE EM_X86_64
#define NATIVE_NAME    "x86_64"
#elif defined(__aarch64__)
#define NATIVE_MACHINE EM_AARCH64
#define NATIVE_NAME    "aarch64"
#else
#error "sandbox-exec is not ported to this architecture yet"
#endif

/*
 * The file that the kernel maps in the end: the program itself, or what runs a
 * script.
 * @head, @length: its first bytes, and a zero byte behind them; none if it
 *	cannot be read
 */
struct image {
	char path[PATH_MAX];
	bool readable;
	unsigned char head[IMAGE_HEAD_SIZE + 1];
	size_t length;
};

/*
 * Follows "#!" lines from @path. A file that cannot be read ends the walk,
 * since that is no obstacle to running it. Returns 0, or -1 with @why filled
 * in.
 */
int find_image(const char *path, struct image *image, struct failure *why);

/* Whether it begins as an ELF file does, and whether it has the header too. */
bool image_has_elf_magic(const struct image *image);
bool image_is_elf(const struct image *image);

/* As shells judge it: no text has a zero byte in its first line. */
bool image_is_text(const struct image *image);

/* The machine (EM_) that an ELF file is for, and the name of its call table. */
unsigned int image_machine(const struct image *image);
const char *machine_name(unsigned int machine);

/*
 * The machine whose code the program consists of, by the name of its system
 * call table; this machine's if the file cannot be read.
 */
const char *program_machine(const struct program *program);

/*
 * Reads which dynamic linker a native ELF file wants, into @linker of PATH_MAX
 * bytes: "" when none. Returns 0 or -errno.
 */
int read_image_linker(const struct image *image, char *linker);

#endif
