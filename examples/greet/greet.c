// SPDX-License-Identifier: Apache-2.0
/* Greets people. Its tests are in it: greet --self-test */
#include <stdio.h>
#include <string.h>

static int greet(FILE *out, const char *name)
{
	return fprintf(out, "hello, %s\n", name) < 0;
}

static int self_test(void)
{
	char text[64];
	FILE *out = fmemopen(text, sizeof(text), "w");

	if (!out || greet(out, "Ada") || fclose(out))
		return 1;
	if (strcmp(text, "hello, Ada\n") != 0)
		return 1;
	return greet(stdout, "tests") || fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--self-test") == 0)
		return self_test();
	return greet(stdout, argc == 2 ? argv[1] : "world");
}
