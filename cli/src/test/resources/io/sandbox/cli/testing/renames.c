// SPDX-License-Identifier: Apache-2.0
/*
 * A program with paths that a test may leave out: it renames a file if it gets two
 * arguments, and makes calls by number, one of which it computes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char **words)
{
	if (count == 3)
		return rename(words[1], words[2]);
	if (count == 4)
		return syscall(SYS_sched_yield);
	if (count == 5)
		return syscall(atoi(words[1]));
	puts("hello");
	return 0;
}
