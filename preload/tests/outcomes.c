/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parses texts like libsandbox.so, for tests that compare this with Java. Reads
 * from stdin, for each text, 'l' for a list or 'a' for an action, the length (4
 * bytes, little-endian), and the text; writes the outcome in the form of the
 * vectors, and a newline. 'f' is for a policy (filter_policy.h), of which it
 * writes the filter, in hexadecimal digits.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "filter_policy.h"
#include "render.h"

/* Allocates the exact size, so that a sanitizer detects reads past it. */
static char *read_text(size_t *length)
{
	unsigned char size[4];
	char *text;

	if (fread(size, 1, 4, stdin) != 4)
		return NULL;
	*length = size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 |
		  (size_t)size[3] << 24;
	text = malloc(*length ? *length : 1);
	if (text && fread(text, 1, *length, stdin) == *length)
		return text;
	free(text);
	return NULL;
}

static int write_filter(char *text, size_t length)
{
	static struct filter_program program;
	struct filter_policy policy;
	const unsigned char *bytes = (const unsigned char *)program.code;
	struct failure failure;

	if (!read_policy(text, length, &policy) ||
	    filter_build(&policy, &program, &failure))
		return -1;
	for (size_t i = 0; i < program.length * sizeof(*program.code); i++)
		printf("%02x", bytes[i]);
	putchar('\n');
	return 0;
}

int main(void)
{
	char *text, *outcome;
	size_t length;
	int kind;

	while ((kind = getchar()) != EOF) {
		text = read_text(&length);
		if (!text)
			return 2;
		if (kind == 'f') {
			if (write_filter(text, length))
				return 1;
		} else {
			if (kind == 'l')
				render_list(text, length, &outcome);
			else
				render_action(text, length, &outcome);
			puts(outcome);
			free(outcome);
		}
		free(text);
	}
	return fflush(stdout) != 0;
}
