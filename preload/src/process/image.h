/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <elf.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "process/program.h"

/* BINPRM_BUF_SIZE: how much of a file the kernel reads. */
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
 * The file that the kernel finally maps: the program itself, or a script's
 * interpreter.
 * @head, @length: its first bytes, followed by a zero byte; empty if it cannot
 *	be read
 */
struct image {
	char path[PATH_MAX];
	bool readable;
	unsigned char head[IMAGE_HEAD_SIZE + 1];
	size_t length;
};

/*
 * Opens a file that somebody else may have named, such as the author of a script
 * its interpreter: only if it is a regular file, as execve(2) does, since opening a
 * device can have an effect (/dev/watchdog). Returns a descriptor, or -errno.
 */
int open_regular(const char *path);

/* Follows "#!" lines up to what cannot be read. Returns 0, or -1 with @why. */
int find_image(const char *path, struct image *image, struct failure *why);

/* Whether it begins like an ELF file, and whether it has a whole header. */
bool image_has_elf_magic(const struct image *image);
bool image_is_elf(const struct image *image);

/* Whether shells take it for text: its first line has no zero byte. */
bool image_is_text(const struct image *image);

/* The machine (EM_) of an ELF file, and the name of its system call table. */
unsigned int image_machine(const struct image *image);
const char *machine_name(unsigned int machine);

/* The name of the program's system call table; the native one if unreadable. */
const char *program_machine(const struct program *program);

/* A native ELF file's @linker (PATH_MAX bytes), or "". Returns 0 or -errno. */
int read_image_linker(const struct image *image, char *linker);
