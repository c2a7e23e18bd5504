/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the result of getppid in the main thread and in the early one. */
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "early_thread.h"

int main(void)
{
	int own = syscall(SYS_getppid) == -1 ? errno : 0;

	printf("%d %d\n", own, early_thread_result());
	return 0;
}
