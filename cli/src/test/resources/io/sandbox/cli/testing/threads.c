// SPDX-License-Identifier: Apache-2.0
/* Four threads add up numbers, and the calls that they make do not depend on who comes first. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THREADS 4

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;

static void *add(void *data)
{
	long *numbers = malloc(1000 * sizeof(*numbers));
	long i, sum = 0;

	for (i = 0; i < 1000; i++)
		numbers[i] = i * (long)data;
	for (i = 0; i < 1000; i++)
		sum += numbers[i];
	free(numbers);
	pthread_mutex_lock(&lock);
	total += sum;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	int word = 0;
	long i;

	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, add, (void *)(i + 1)))
			return 1;
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	/* Joining and locking make this call only when they have to wait. */
	if (syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0) != 0)
		return 2;
	printf("%ld\n", total);
	return 0;
}
