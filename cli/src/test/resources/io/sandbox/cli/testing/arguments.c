// SPDX-License-Identifier: Apache-2.0
/* Prints its arguments, each on a line, byte by byte in hex. */
#include <stdio.h>

int main(int argc, char **argv)
{
	const unsigned char *at;
	int i;

	for (i = 0; i < argc; i++) {
		putchar('=');
		for (at = (const unsigned char *)argv[i]; *at; at++)
			printf(" %02x", *at);
		putchar('\n');
	}
	return 0;
}
