/* SPDX-License-Identifier: Apache-2.0 */
/* Built for i386; says so on stdout. */
#include <unistd.h>

int main(void)
{
	return write(1, "i386\n", 5) == 5 ? 0 : 1;
}
