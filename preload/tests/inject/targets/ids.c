// SPDX-License-Identifier: Apache-2.0
/* Prints its user IDs, to test set-user-ID files. */
#include <stdio.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(void)
{
	uid_t real, effective, saved;

	getresuid(&real, &effective, &saved);
	printf("%d %d %d secure %lu\n", (int)real, (int)effective, (int)saved,
	       getauxval(AT_SECURE));
	return 0;
}
