/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: syscalls_test TABLES_DIR
 * Each name and audit name of this architecture's table gives its number, and
 * similar words give none.
 */
#include "library/syscalls.h"

#include <string.h>

#include "check.h"

static void test_name(const char *name, int number)
{
	char longer[64];

	check(syscall_number(name) == number, "%s is %d, not %d", name,
	      syscall_number(name), number);
	snprintf(longer, sizeof(longer), "%s_", name);
	check(syscall_number(longer) == -1, "%s is %d", longer,
	      syscall_number(longer));
}

static void test_row(char *row)
{
	char *number = strtok(row, ",");
	char *name = strtok(NULL, ",");
	char *audit_name = strtok(NULL, ",");

	if (!check(audit_name != NULL, "not a row: %s", row))
		return;
	test_name(name, atoi(number));
	if (strcmp(audit_name, "same") != 0 &&
	    strcmp(audit_name, "absent") != 0)
		test_name(audit_name, atoi(number));
}

static void test_table(const char *path)
{
	char row[256];
	FILE *file = fopen(path, "r");

	if (!check(file != NULL, "%s: cannot open", path))
		return;
	while (fgets(row, sizeof(row), file)) {
		if (row[0] >= '0' && row[0] <= '9')
			test_row(row);
	}
	fclose(file);
}

int main(int argc, char **argv)
{
	static const char *const unknown[] = { "",	 "a",	 "same",
					       "absent", "READ", "rea",
					       "0",	 "zzz",	 "socketcall" };
	char path[4096];

	if (argc != 2)
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/" ARCH_NAME ".csv", argv[1]);
	test_table(path);
	check(is_syscall_somewhere("socketcall"), "socketcall of i386");
	check(is_syscall_somewhere("write"), "write");
	check(!is_syscall_somewhere("nop"), "nop of io_uring");
	check(!is_syscall_somewhere(""), "the empty name");
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		check(syscall_number(unknown[i]) == -1, "'%s' is %d",
		      unknown[i], syscall_number(unknown[i]));
	return check_summary();
}
