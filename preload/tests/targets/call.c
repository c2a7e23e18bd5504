/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: call NUMBER [ARGUMENT...]
 * Makes the system call and prints "ok", or its errno value. It also needs
 * fstat, write and exit_group. getppid ignores its arguments, so use it to test
 * conditions.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	unsigned long a[7] = { 0 };

	for (int i = 1; i < argc && i <= 7; i++)
		a[i - 1] = strtoull(argv[i], NULL, 0);
	if (syscall(a[0], a[1], a[2], a[3], a[4], a[5], a[6]) == -1)
		printf("%d\n", errno);
	else
		puts("ok");
	return 0;
}
