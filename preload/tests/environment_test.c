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

static void *made[1024];
static size_t made_count;

/* Remembered, because nobody else frees the strings removed from a block. */
static void *remember(void *memory)
{
	if (!memory || made_count == sizeof(made) / sizeof(*made))
		abort();
	made[made_count++] = memory;
	return memory;
}

/* A block in writable memory, until the end of the test. */
static char **block_make(const char *const *strings)
{
	char **block = remember(calloc(LIMIT, sizeof(*block)));

	for (int i = 0; strings[i]; i++)
		block[i] = remember(strdup(strings[i]));
	return block;
}

static void check_block(const char *name, char *const *block,
			const char *const *expected)
{
	int i;

	for (i = 0; block[i] && expected[i]; i++)
		check(strcmp(block[i], expected[i]) == 0, "%s: %s, not %s",
		      name, block[i], expected[i]);
	check(!block[i] && !expected[i], "%s: length", name);
}

static void read_givesValues(void)
{
	static const char *const strings[] = {
		"SECCOMP_SYSCALL_ALLOW=a=b",
		"SECCOMP_QUIET=",
		"SECCOMP_SYSCALL_ALLOW=a=b",
		"SECCOMP_LOG_DENIALS",
		NULL,
	};
	char **block = block_make(strings);
	struct failure failure;
	struct environment environment;

	check(environment_read(block, &environment, &failure) == 0,
	      "equal copies are refused");
	check(environment.allow && strcmp(environment.allow, "a=b") == 0,
	      "value with an equals sign");
	check(environment.quiet && !*environment.quiet, "empty value");
	check(!environment.deny && !environment.action &&
		      !environment.log_denials,
	      "absent variables");
}

/* The strings of @block, each with a NUL at its end, up to @end. */
static char **split(char *block, const char *end)
{
	char **strings = remember(calloc(LIMIT, sizeof(*strings)));

	for (int i = 0; block < end && i < LIMIT - 1; i++) {
		strings[i] = block;
		block += strlen(block) + 1;
	}
	return strings;
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
	char entry[4096];
	const char *strings[] = { entry, NULL };
	const char *none[] = { NULL };
	const char *base = strrchr(program, '/');
	char **block;

	if (!check(base != NULL, "%s has no directory", program))
		return;
	snprintf(entry, sizeof(entry), "LD_PRELOAD=%.*s/./%s",
		 (int)(base - program), program, base + 1);
	block = block_make(strings);
	environment_clean_preload(block, program);
	check_block("same file", block, none);
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
	while (made_count)
		free(made[--made_count]);
	return check_summary();
}
