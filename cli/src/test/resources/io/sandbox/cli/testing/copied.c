// SPDX-License-Identifier: Apache-2.0
/* copied PROGRAM WORD...: executes a copy of the program that has the name of a runtime's copy of itself. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int from = open(argv[1], O_RDONLY);
	int copy = memfd_create("runc_cloned:/copy", MFD_CLOEXEC);

	while (sendfile(copy, from, NULL, 1 << 20) > 0)
		;
	return fexecve(copy, argv + 2, environ);
}
