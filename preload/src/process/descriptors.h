/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_DESCRIPTORS_H
#define PROCESS_DESCRIPTORS_H

/*
 * Calls close_range(2) without flags. If the kernel does not have it (before
 * Linux 5.9) or a filter refuses it, closes what /proc/self/fd lists. Allocates
 * nothing.
 */
int close_descriptors(unsigned int first, unsigned int last);

#endif
