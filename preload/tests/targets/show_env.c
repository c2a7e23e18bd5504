/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints its environment, or, given an argument, that of a program it executes.
 */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc > 1)
		execv(argv[1], (char *[]){ argv[1], NULL });
	for (char **string = environ; *string; string++)
		puts(*string);
	return 0;
}
