/* SPDX-License-Identifier: Apache-2.0 */
/* The normalised text of a parse, in the form of the vectors. */
#pragma once

#include <stddef.h>

/*
 * Writes the outcome for a list or an action: normalised text, "(empty)", or
 * "error OFFSET KEYWORD". Returns 0 if the text was right, or -EINVAL. The
 * caller frees the outcome.
 */
int render_list(const char *text, size_t length, char **outcome);
int render_action(const char *text, size_t length, char **outcome);
int render_unknown(const char *text, size_t length, char **outcome);
