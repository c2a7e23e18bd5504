/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks for any bytes: nothing outside of them is read, a mistake has a name
 * and lies within or just after them, and the normalised text of a valid list
 * or action is parsed as itself.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library/policy_text.h"
#include "render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static void check_one(const char *text, size_t size,
		      int (*render)(const char *, size_t, char **))
{
	char *outcome, *again;
	unsigned long offset;

	if (render(text, size, &outcome) < 0) {
		require(sscanf(outcome, "error %lu ", &offset) == 1,
			"mistake without offset");
		require(offset <= size, "mistake behind the end");
	} else if (strcmp(outcome, "(empty)") != 0) {
		require(render(outcome, strlen(outcome), &again) == 0,
			"normalised text is refused");
		require(strcmp(outcome, again) == 0,
			"normalised text reads differently");
		free(again);
	}
	free(outcome);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of the exact size, so that a sanitizer sees reads past it. */
	char *text = malloc(size ? size : 1);

	require(text != NULL, "out of memory");
	if (size)
		memcpy(text, data, size);
	check_one(text, size, render_list);
	check_one(text, size, render_action);
	free(text);
	return 0;
}
