// SPDX-License-Identifier: Apache-2.0
/*
 * Puts into words what went wrong, for the library and for sandbox-exec. Each
 * of them prints it in its own way: the library writes into the stderr of a
 * program that is not ours, so it neither waits for long nor raises a signal.
 * There is no allocation in it, and no system call.
 */
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

#define DELETE 0x7f /* of ASCII */

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
