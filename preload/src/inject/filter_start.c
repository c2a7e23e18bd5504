// SPDX-License-Identifier: Apache-2.0
/* The words that Java sends for enum filter_start. */
#include "inject/filter_start.h"

#include <stddef.h>
#include <string.h>

static const char *const words[] = {
	[FILTER_FROM_EXEC] = "exec",
	[FILTER_FROM_ENTRY] = "entry",
	[FILTER_FROM_PRELOAD] = "preload",
	[FILTER_FROM_HERE] = "here",
};

bool parse_filter_start(const char *word, enum filter_start *start)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) == 0) {
			*start = (enum filter_start)i;
			return true;
		}
	}
	return false;
}
