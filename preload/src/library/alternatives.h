/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls with more than one conditional entry, or an entry with an errno.
 *
 * libseccomp merges conditional entries into one tree, incorrectly: with
 * "read(arg2<0xfffffffe):read(arg2>=0x8000000000000000)" version 2.6 allows
 * arg2 = 0xffffffff, and for some lists it never ends (tests/filter_test.c). So
 * their code is made here, entry by entry, and put in front of libseccomp's
 * program. libseccomp gets at most one conditional entry per system call.
 */
#ifndef LIBRARY_ALTERNATIVES_H
#define LIBRARY_ALTERNATIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "library/filter_program.h"
#include "library/rules.h"

/* Appends a test: code up to alternatives_end() is only for @arch. */
void alternatives_begin(struct filter_program *program, uint32_t arch);

/*
 * Appends the code for @count rules of one system call. The first of them that
 * holds decides, else it returns @otherwise. Returns 0 or -E2BIG.
 */
int alternatives_add(struct filter_program *program, const struct rule *rules,
		     size_t count, uint32_t otherwise);

/* Code that is appended after this applies to every architecture. */
void alternatives_end(struct filter_program *program);

#endif
