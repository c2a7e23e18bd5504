/* SPDX-License-Identifier: Apache-2.0 */
/* Prints that it is built for i386. */
#include <unistd.h>

int main(void)
{
	return write(1, "i386\n", 5) == 5 ? 0 : 1;
}
