// SPDX-License-Identifier: Apache-2.0
/*
 * calls plain|thread|rename READY GO NUMBER...
 *
 * Makes the file READY, waits for the file GO, then makes the system calls of
 * these numbers, all with zeros as arguments: in main, in a thread, or in main
 * after a change of name that looks like a field of an audit record. With
 * "-" for READY it starts at once.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static char **numbers;

static void *make_calls(void *unused)
{
	(void)unused;
	for (; *numbers; numbers++)
		syscall(atol(*numbers), 0, 0, 0, 0, 0, 0);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc < 4)
		return 2;
	numbers = argv + 4;
	if (strcmp(argv[2], "-") != 0) {
		close(open(argv[2], O_WRONLY | O_CREAT, 0600));
		/* Not for ever: the test takes both files away. */
		while (access(argv[3], F_OK) && access(argv[2], F_OK) == 0)
			usleep(10000);
	}
	if (strcmp(argv[1], "rename") == 0)
		prctl(PR_SET_NAME, "x\" syscall=163");
	if (strcmp(argv[1], "thread") != 0)
		make_calls(NULL);
	else if (pthread_create(&thread, NULL, make_calls, NULL) == 0)
		pthread_join(thread, NULL);
	return 0;
}
