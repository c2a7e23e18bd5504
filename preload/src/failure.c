// SPDX-License-Identifier: Apache-2.0
/*
 * Makes failure messages for the library and for sandbox-exec, without
 * allocation or system calls. Each prints them in its own way: the library
 * writes to the stderr of a program that is not ours, so it must not wait long
 * or raise a signal.
 */
#include "failure.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#define DELETE 0x7f /* the ASCII character */

/* In UTF-8, a control character of ISO 8859-1, which terminals obey too. */
static bool is_high_control(const char *at)
{
	return (unsigned char)at[0] == 0xc2 && (unsigned char)at[1] >= 0x80 &&
	       (unsigned char)at[1] < 0xa0;
}

int set_failure(struct failure *why, int status, const char *format, ...)
{
	va_list args;
	char *at;

	why->status = status;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	for (at = why->text; *at; at++) {
		if (is_high_control(at))
			at[0] = at[1] = '?';
		if ((unsigned char)*at < ' ' || *at == DELETE)
			*at = '?';
	}
	return -1;
}
