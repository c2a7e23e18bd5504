// SPDX-License-Identifier: Apache-2.0
/*
 * Makes failure messages for the library and for sandbox-exec, without
 * allocation or system calls. Each prints them in its own way: the library
 * writes to the stderr of a program that is not ours, so it must not wait long
 * or raise a signal.
 */
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

#define DELETE 0x7f /* the ASCII character */

int set_failure(struct failure *why, int status, const char *format, ...)
{
	va_list args;
	char *at;

	why->status = status;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	for (at = why->text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == DELETE)
			*at = '?';
	return -1;
}
