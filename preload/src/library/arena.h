/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for building the filter without using the program's heap.
 *
 * Whether the program needs brk or mmap depends on the state of its heap. That
 * state must not depend on the length of the list, because a list is learned
 * with an empty one and enforced with a long one. Therefore everything linked
 * into libsandbox.so, including libseccomp, allocates here: the linker replaces
 * malloc and similar functions by the __wrap_ functions of library/arena.c
 * (--wrap, see the Makefile). This does not cover libc's own allocations, so
 * functions that allocate (qsort, stdio) must not be called while a filter is
 * built.
 *
 * Not thread-safe: only the constructor allocates.
 */
#pragma once

/* Frees everything at once. Nothing allocated here may be used afterwards. */
void arena_release(void);

/*
 * Makes the program's own malloc do now, and always in the same way, what it
 * does at its first use (brk, getrandom), so that no filter has to allow that.
 */
void arena_warm_program_heap(void);
