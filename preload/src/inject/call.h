/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

struct tracee;

/*
 * Makes the target set no_new_privs and the filter before its next call,
 * verifies that the filter is in force, and detaches from the target, which
 * then makes its own call. Returns 0 or -errno.
 */
int install_filter(struct tracee *tracee);

/* Like install_filter(), at libsandbox.so's own load, which is skipped as 0. */
int install_filter_for_library(struct tracee *tracee);
