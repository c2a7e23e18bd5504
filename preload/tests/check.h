/* SPDX-License-Identifier: Apache-2.0 */
/* Counts checks; check_summary() prints the closing line of a test program. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long checks_passed;
static unsigned long checks_failed;

__attribute__((format(printf, 2, 3), unused)) static bool
check(bool good, const char *format, ...)
{
	va_list arguments;

	if (good) {
		checks_passed++;
		return true;
	}
	checks_failed++;
	if (checks_failed > 50)
		return false;
	fputs("FAILED: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return false;
}

static int check_summary(void)
{
	printf("%lu passed, %lu failed\n", checks_passed, checks_failed);
	return checks_failed || !checks_passed ? EXIT_FAILURE : EXIT_SUCCESS;
}
