/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for building the filter that leaves the program's heap alone.
 *
 * Whether the program needs brk or mmap depends on the state of its heap, so
 * that state must not depend on the length of the list: the list is learned
 * with an empty one and enforced with a long one. Everything linked into
 * libsandbox.so, libseccomp included, therefore allocates here: the linker
 * turns malloc and its relatives into the __wrap_ functions of library/arena.c
 * (--wrap, see the Makefile). What libc allocates inside is not turned; no
 * function that does so (qsort, stdio) may be called on the way to a filter.
 *
 * Not thread-safe: only the constructor allocates.
 */
#ifndef LIBRARY_ARENA_H
#define LIBRARY_ARENA_H

/* Gives everything back at once. Nothing allocated may be used after it. */
void arena_release(void);

/*
 * Makes the program's own malloc do now what it does at its first use (brk,
 * getrandom), the same way always, so that no filter has to allow that.
 */
void arena_warm_program_heap(void);

#endif
