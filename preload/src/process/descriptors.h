/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

/*
 * Calls close_range(2) without flags. If the kernel does not have it (before
 * Linux 5.9) or a filter refuses it, closes what /proc/self/fd lists. Allocates
 * nothing.
 */
int close_descriptors(unsigned int first, unsigned int last);

/* Closes all but the @count in @keep, some -1. See close_descriptors. */
int close_all_but(const int *keep, size_t count);
