// SPDX-License-Identifier: Apache-2.0
/* Makes the call that its argument names, and prints the errno of its failure, or 0. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *call = argc > 1 ? argv[1] : "";
	struct utsname name;
	int result = 0;

	if (!strcmp(call, "uname"))
		result = uname(&name);
	else if (!strcmp(call, "unix"))
		result = socket(AF_UNIX, SOCK_STREAM, 0);
	else if (!strcmp(call, "inet"))
		result = socket(AF_INET, SOCK_STREAM, 0);
	else if (!strcmp(call, "fchmodat2")) /* since Linux 6.6 */
		result = syscall(452, -1, "x", 0, 0);
	else if (!strcmp(call, "open_tree_attr")) /* since Linux 6.15 */
		result = syscall(467, -1, "x", 0, NULL, 0);
	else if (!strcmp(call, "above")) /* no kernel has it */
		result = syscall(4000);
	else if (!strcmp(call, "chmod"))
		result = fchmodat(AT_FDCWD, argv[2], 0600, AT_SYMLINK_NOFOLLOW);
	printf("%d\n", result < 0 ? errno : 0);
	return 0;
}
