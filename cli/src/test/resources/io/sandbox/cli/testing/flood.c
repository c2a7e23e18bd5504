// SPDX-License-Identifier: Apache-2.0
/* flood COUNT READY GO DONE: makes the file READY, waits for GO, makes COUNT calls, makes DONE. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void make(const char *path)
{
	close(open(path, O_WRONLY | O_CREAT, 0600));
}

int main(int argc, char **argv)
{
	long count;

	if (argc != 5)
		return 2;
	make(argv[2]);
	/* Not for ever: the test takes both files away. */
	while (access(argv[3], F_OK) && access(argv[2], F_OK) == 0)
		usleep(10000);
	for (count = atol(argv[1]); count > 0; count--)
		syscall(SYS_getppid);
	make(argv[4]);
	return 0;
}
