// SPDX-License-Identifier: Apache-2.0
/*
 * known k|c FLOOD: makes CALLS in its threads, children and in a program that a child
 * executes, with FLOOD other calls between; with c, prints how long one of those takes.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static const long calls[] = { CALLS };
static long flood;
static void make(int part)
{
	for (int i = 15 * part; i < 15 * part + 15; i++) {
		for (long n = flood / 120; n > 0; n--)
			syscall(SYS_getppid);
		syscall(calls[i], -1L, -1L, -1L, -1L, -1L, -1L);
	}
}
static void *in_thread(void *none)
{
	make(1);
	return none;
}
int main(int argc, char **argv)
{
	struct timespec a, b;
	pthread_t thread;
	flood = atol(argv[2]);
	if (argv[1][0] == 'e') {
		make(3);
	} else if (argv[1][0] == 'c') {
		clock_gettime(CLOCK_MONOTONIC, &a);
		for (long n = flood; n > 0; n--)
			syscall(SYS_getppid);
		clock_gettime(CLOCK_MONOTONIC, &b);
		fprintf(stderr, "%.1f ns\n",
			((double)(b.tv_sec - a.tv_sec) * 1e9 +
			 (double)(b.tv_nsec - a.tv_nsec)) /
				(double)flood);
	} else {
		pthread_create(&thread, 0, in_thread, 0);
		make(0);
		if (fork() == 0) {
			make(2);
			execl(argv[0], argv[0], "e", argv[2], (char *)0);
			_exit(1);
		}
		wait(0);
		pthread_join(thread, 0);
	}
	return 0;
}
