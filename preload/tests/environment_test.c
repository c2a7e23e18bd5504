/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: environment_test VECTORS_DIR
 * Tests blocks made here; the live test uses the real one.
 */
#include "library/environment.h"

#include <string.h>

#include "check.h"
#include "vectors.h"

#define LIBRARY "/nowhere/lib/libsandbox.so"
#define LIMIT	16

/* The strings of @block, each with a NUL at its end, up to @end; until the next call. */
static char **split(char *block, const char *end)
{
	static char *strings[LIMIT];
	int count = 0;

	for (; block < end && count < LIMIT - 1; block += strlen(block) + 1)
		strings[count++] = block;
	strings[count] = NULL;
	return strings;
}

static void read_givesValues(void)
{
	char block[] = "SECCOMP_SYSCALL_ALLOW=a=b\0"
		       "SECCOMP_QUIET=\0"
		       "SECCOMP_SYSCALL_ALLOW=a=b\0"
		       "SECCOMP_LOG_DENIALS";
	char **strings = split(block, block + sizeof(block));
	struct failure failure;
	struct environment environment;

	check(environment_read(strings, &environment, &failure) == 0,
	      "equal copies are refused");
	check(environment.allow && strcmp(environment.allow, "a=b") == 0,
	      "value with an equals sign");
	check(environment.quiet && !*environment.quiet, "empty value");
	check(!environment.deny && !environment.action &&
		      !environment.log_denials,
	      "absent variables");
}

static void read_row(const char *place, char *block, long length,
		     const char *outcome, void *unused)
{
	struct failure failure;
	struct environment environment;
	char actual[64] = "ok";

	if (environment_read(split(block, block + length), &environment,
			     &failure))
		snprintf(actual, sizeof(actual), "twice %.*s",
			 (int)strcspn(failure.text, ":"), failure.text);
	check(strcmp(actual, outcome) == 0, "%s: got '%s', expected '%s'",
	      place, actual, outcome);
}

static void read_noEnvironment(void)
{
	struct failure failure;
	struct environment environment;
	char *empty[] = { NULL };

	check(!environment_read(NULL, &environment, &failure), "no block");
	check(!environment_read(empty, &environment, &failure), "empty block");
	environment_clean(NULL);
	environment_clean(empty);
	environment_clean_preload(NULL, LIBRARY);
	check(!empty[0], "empty block stays empty");
}

static void clean_row(const char *place, char *block, long length,
		      const char *outcome, void *unused)
{
	char **strings = split(block, block + length);
	char actual[256] = "";

	environment_clean(strings);
	environment_clean_preload(strings, LIBRARY);
	for (int i = 0; strings[i]; i++) {
		strcat(actual, i ? "," : "");
		strcat(actual, strings[i]);
	}
	check(strcmp(actual, outcome) == 0, "%s: got '%s', expected '%s'",
	      place, actual, outcome);
}

static void cleanPreload_sameFileByOtherName(const char *program)
{
	char entry[4096], *block[] = { entry, NULL };
	const char *base = strrchr(program, '/');

	if (!check(base != NULL, "%s has no directory", program))
		return;
	snprintf(entry, sizeof(entry), "LD_PRELOAD=%.*s/./%s",
		 (int)(base - program), program, base + 1);
	environment_clean_preload(block, program);
	check(!block[0], "same file: %s", block[0]);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	read_givesValues();
	read_noEnvironment();
	test_vectors(argv[1], "environment.tsv", 10, read_row, NULL);
	test_vectors(argv[1], "clean.tsv", 24, clean_row, NULL);
	cleanPreload_sameFileByOtherName(argv[0]);
	return check_summary();
}
