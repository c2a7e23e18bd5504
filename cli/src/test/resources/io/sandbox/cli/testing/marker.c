// SPDX-License-Identifier: Apache-2.0
/* Makes the file that its argument names: proof that it ran. */
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	return argc == 2 && open(argv[1], O_WRONLY | O_CREAT, 0600) >= 0 ? 0
									 : 1;
}
