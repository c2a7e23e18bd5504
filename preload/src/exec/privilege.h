/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/*
 * Takes all capabilities but these from this process and from whatever it will
 * execute: no file can give others, since no_new_privs is set. A bit for each.
 * Returns 0 or -errno.
 */
int hold_to(uint64_t capabilities);
