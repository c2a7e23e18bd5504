/* SPDX-License-Identifier: Apache-2.0 */
/* A thread calls getppid; prints "alive" if the main thread outlives that. */
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *run(void *unused)
{
	syscall(SYS_getppid);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, run, NULL);
	pthread_join(thread, NULL);
	puts("alive");
	return 0;
}
