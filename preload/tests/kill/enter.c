/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enter PROGRAM ARGUMENT...: runs it under the filter of the kill test from its
 * entry point, like sandboxify --from entry but without Java.
 */
#include <stdio.h>
#include <unistd.h>

#include "calls.h"
#include "inject/inject.h"
#include "process/report.h"

extern char **environ;

int main(int argc, char **argv)
{
	static const struct sock_filter code[] = { FORBIDDING_FILTER };
	struct program program = { 0 };
	const struct execution execution = { .program = &program,
					     .argv = argv + 1,
					     .envp = environ };
	struct filtered_start start = {
		.name = "enter",
		.execution = &execution,
		.filter = { .code = code,
			    .length = sizeof(code) / sizeof(code[0]) },
		.start = FILTER_FROM_ENTRY,
	};
	struct failure why = { 0 };

	if (argc < 2)
		return 2;
	snprintf(program.path, sizeof(program.path), "%s", argv[1]);
	execute_filtered(&start, &why);
	return print_failure("enter", &why);
}
