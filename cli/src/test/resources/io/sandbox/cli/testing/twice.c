// SPDX-License-Identifier: Apache-2.0
/*
 * Usage: twice NAME=VALUE NAME=VALUE PROGRAM [ARGUMENT...]
 * Executes the program with both in its environment, in front of the rest.
 */
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
	char **environment;
	int count = 0;

	if (argc < 4)
		return 99;
	while (environ[count])
		count++;
	environment = calloc(count + 3, sizeof(*environment));
	environment[0] = argv[1];
	environment[1] = argv[2];
	for (int i = 0; i < count; i++)
		environment[i + 2] = environ[i];
	execve(argv[3], argv + 3, environment);
	return 99;
}
