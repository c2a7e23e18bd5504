// SPDX-License-Identifier: Apache-2.0
/*
 * Waits where no signal but a deadly one interrupts it: for a child of vfork(2)
 * that opens argv[1], a FIFO.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	pid_t child;

	if (argc != 2)
		return 1;
	child = vfork();
	if (child == 0) {
		open(argv[1], O_RDONLY);
		_exit(0);
	}
	puts(child > 0 ? "goes on" : "no child");
	return 0;
}
