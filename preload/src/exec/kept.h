/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#include "exec/confine.h"
#include "exec/kept_key.h"

/* Loads the filter that is kept for this key. Returns false if there is none. */
bool load_kept(const struct kept *kept, struct compiled_filter *filter);

/*
 * Keeps the filter, if Java wants that and made it from the same policy.
 * @argv: the program's words, where Java has found them
 */
void keep_filter(const struct kept *kept, const struct compiled_filter *filter,
		 char **argv);
