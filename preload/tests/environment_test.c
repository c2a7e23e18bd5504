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
#define VECTORS "environment.tsv"

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

static void clean_removesAllCopiesOnly(void)
{
	static const char *const before[] = {
		"A=1",
		"SECCOMP_SYSCALL_ALLOW=read",
		"SECCOMP_SYSCALL_ALLOWED=stays",
		"SECCOMP_SYSCALL_DENY=",
		"SECCOMP_DEFAULT_ACTION=log",
		"SECCOMP_QUIET=1",
		"SECCOMP_LOG_DENIALS=0",
		"SECCOMP_SYSCALL_ALLOW=read",
		"SECCOMP_QUIET",
		"XSECCOMP_QUIET=1",
		"SECCOMP_QUIET=1",
		NULL,
	};
	static const char *const after[] = { "A=1",
					     "SECCOMP_SYSCALL_ALLOWED=stays",
					     "SECCOMP_QUIET",
					     "XSECCOMP_QUIET=1", NULL };
	char **block = block_make(before);

	environment_clean(block);
	check_block("clean", block, after);
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

static void read_differentCopies_refused(void)
{
	static const char *const variables[] = {
		"SECCOMP_SYSCALL_ALLOW",  "SECCOMP_SYSCALL_DENY",
		"SECCOMP_DEFAULT_ACTION", "SECCOMP_QUIET",
		"SECCOMP_LOG_DENIALS",
	};
	char first[64], second[64], expected[128];
	const char *strings[] = { first, "A=1", second, NULL };
	struct environment environment;

	for (int i = 0; i < 5; i++) {
		struct failure failure;

		snprintf(first, sizeof(first), "%s=1", variables[i]);
		snprintf(second, sizeof(second), "%s=", variables[i]);
		check(environment_read(block_make(strings), &environment,
				       &failure) == -1,
		      "%s twice", variables[i]);
		snprintf(expected, sizeof(expected),
			 "%s: \"\": set twice, and differently", variables[i]);
		check(strcmp(failure.text, expected) == 0, "%s, not %s",
		      failure.text, expected);
	}
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

static void read_row(int line, char *row)
{
	struct failure failure;
	struct environment environment;
	char *outcome = strchr(row, '\t');
	char *remark = outcome ? strchr(outcome + 1, '\t') : NULL;
	char actual[64] = "ok";
	long length;

	if (!check(remark != NULL, VECTORS ":%d: not three columns", line))
		return;
	*outcome++ = '\0';
	*remark = '\0';
	length = decode(row);
	if (!check(length >= 0, VECTORS ":%d: bad escape", line))
		return;
	if (environment_read(split(row, row + length), &environment, &failure))
		snprintf(actual, sizeof(actual), "twice %.*s",
			 (int)strcspn(failure.text, ":"), failure.text);
	check(strcmp(actual, outcome) == 0,
	      VECTORS ":%d: got '%s', expected '%s'", line, actual, outcome);
}

static void read_vectors(const char *directory)
{
	char path[4096], row[1024];
	int line = 0, rows = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/" VECTORS, directory);
	file = fopen(path, "r");
	if (!check(file != NULL, "%s: cannot open", path))
		return;
	while (fgets(row, sizeof(row), file)) {
		line++;
		row[strcspn(row, "\n")] = '\0';
		if (row[0] == '#')
			continue;
		rows++;
		read_row(line, row);
	}
	check(rows >= 10, "%s: only %d rows", path, rows);
	fclose(file);
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

static void cleanPreload_cutsOwnEntryOnly(void)
{
	static const struct {
		const char *before;
		const char *after; /* NULL: the variable is gone */
	} cases[] = {
		{ LIBRARY, NULL },
		{ LIBRARY ":", NULL },
		{ ":" LIBRARY, NULL },
		{ " " LIBRARY " ", NULL },
		{ LIBRARY ":" LIBRARY, NULL },
		{ LIBRARY " " LIBRARY ":libsandbox.so", NULL },
		{ "libsandbox.so", NULL },
		{ "/usr/$LIB/libsandbox.so", NULL },
		{ "${ORIGIN}/libsandbox.so", NULL },
		{ LIBRARY ":/a.so", "/a.so" },
		{ "/a.so:" LIBRARY, "/a.so" },
		{ "/a.so " LIBRARY, "/a.so" },
		{ "/a.so:" LIBRARY ":/b.so", "/a.so:/b.so" },
		{ "/a.so " LIBRARY " /b.so", "/a.so /b.so" },
		{ "/a.so:" LIBRARY " /b.so", "/a.so:/b.so" },
		{ LIBRARY ":/a.so:" LIBRARY ":/b.so:" LIBRARY, "/a.so:/b.so" },
		{ "", "" },
		{ "/a.so", "/a.so" },
		{ ":", ":" },
		{ "/other/libsandbox.so", "/other/libsandbox.so" },
		{ LIBRARY ".1", LIBRARY ".1" },
		{ "x" LIBRARY, "x" LIBRARY },
		{ "libsandbox.so.1", "libsandbox.so.1" },
	};
	char before[256], after[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *strings[] = { "A=1", before, "B=2", NULL };
		const char *kept[] = { "A=1", after, "B=2", NULL };
		const char *gone[] = { "A=1", "B=2", NULL };
		char **block;

		snprintf(before, sizeof(before), "LD_PRELOAD=%s",
			 cases[i].before);
		if (cases[i].after)
			snprintf(after, sizeof(after), "LD_PRELOAD=%s",
				 cases[i].after);
		block = block_make(strings);
		environment_clean_preload(block, LIBRARY);
		check_block(before, block, cases[i].after ? kept : gone);
	}
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
	clean_removesAllCopiesOnly();
	read_givesValues();
	read_differentCopies_refused();
	read_noEnvironment();
	read_vectors(argv[1]);
	cleanPreload_cutsOwnEntryOnly();
	cleanPreload_sameFileByOtherName(argv[0]);
	while (made_count)
		free(made[--made_count]);
	return check_summary();
}
