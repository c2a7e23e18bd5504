/* SPDX-License-Identifier: Apache-2.0 */
/* Reads tests/vectors, whose README.md explains them. */
#pragma once

#include <string.h>

#include "check.h"

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

/* Calls @test for each row: its place, its input of @length, the outcome. */
static void test_vectors(const char *directory, const char *name, int least,
			 void (*test)(const char *place, char *input,
				      long length, const char *outcome,
				      void *context),
			 void *context)
{
	char path[4096], place[64], *row = NULL;
	int line = 0, rows = 0;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	if (!check(file != NULL, "%s: cannot open", path))
		return;
	while (getline(&row, &size, file) > 0) {
		char *outcome = strchr(row, '\t');
		char *remark = outcome ? strchr(outcome + 1, '\t') : NULL;
		long length;

		snprintf(place, sizeof(place), "%s:%d", name, ++line);
		if (row[0] == '#' ||
		    !check(remark != NULL, "%s: not three columns", place))
			continue;
		*outcome++ = *remark = '\0';
		length = decode(row);
		rows++;
		if (check(length >= 0, "%s: bad escape", place))
			test(place, row, length, outcome, context);
	}
	check(rows >= least, "%s: only %d rows", path, rows);
	free(row);
	fclose(file);
}
