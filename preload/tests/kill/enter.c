/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enter PROGRAM ARGUMENT...: runs it under the filter of the kill test from its
 * entry point, like sandboxify --from entry but without Java.
 */
#include <stdio.h>
#include <unistd.h>

#include "forbidding.h"
#include "inject/inject.h"
#include "process/report.h"

extern char **environ;

static void execute(const void *context)
{
	char *const *argv = context;

	execve(argv[0], argv, environ);
}

int main(int argc, char **argv)
{
	static const struct sock_filter code[] = { FORBIDDING_FILTER };
	struct filtered_start start = {
		.name = "enter",
		.path = argv[1],
		.execute = execute,
		.context = argv + 1,
		.filter = { .code = code,
			    .length = sizeof(code) / sizeof(code[0]) },
		.start = FILTER_FROM_ENTRY,
	};
	struct failure why = { 0 };

	if (argc < 2)
		return 2;
	execute_filtered(&start, &why);
	return print_failure("enter", &why);
}
