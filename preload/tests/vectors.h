/* SPDX-License-Identifier: Apache-2.0 */
/* The escapes of tests/vectors, whose README.md explains them. */
#ifndef VECTORS_H
#define VECTORS_H

#include <string.h>

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Decodes \\, \t, \n and \xNN in place; returns the length, or -1. */
static long decode(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		switch (*++from) {
		case '\\':
			*to++ = '\\';
			break;
		case 't':
			*to++ = '\t';
			break;
		case 'n':
			*to++ = '\n';
			break;
		case 'x':
			if (hex_digit(from[1]) < 0 || hex_digit(from[2]) < 0)
				return -1;
			*to++ = (char)(hex_digit(from[1]) << 4 |
				       hex_digit(from[2]));
			from += 2;
			break;
		default:
			return -1;
		}
	}
	return to - text;
}

#endif
