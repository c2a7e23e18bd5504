// SPDX-License-Identifier: Apache-2.0
/* The program of constructor.c; its own calls are write and exit_group. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

extern int program_runs, thread_is_awaited, thread_is_done;

int main(void)
{
	/* A call: the filter is in force before the thread goes on. */
	syscall(SYS_write, 1, "main\n", 5);
	__atomic_store_n(&program_runs, 1, __ATOMIC_RELEASE);
	if (thread_is_awaited) {
		while (!__atomic_load_n(&thread_is_done, __ATOMIC_ACQUIRE))
			;
		syscall(SYS_write, 1, "thread done\n", 12);
	}
	syscall(SYS_exit_group, 0);
	return 1;
}
