/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_CAPABILITIES_H
#define BPF_CAPABILITIES_H

#include <stdint.h>

#include "bpf/shared.h"

/*
 * Finds the functions of the kernel that ask for a capability without an audit
 * record. Returns 0, or -1 if the kernel does not tell their addresses.
 */
int find_quiet_sites(struct code_range *sites);

/* The capabilities that a file gives to who executes it; 0 if it gives none. */
uint64_t capabilities_of_file(const char *path);

#endif
