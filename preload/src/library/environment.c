/* SPDX-License-Identifier: Apache-2.0 */
/* Reads our variables and removes them. */
#include "library/environment.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>

#include "file_status.h"
#include "library/messages.h"

#define PATH_LIMIT 4096 /* PATH_MAX, linux/limits.h */

static const struct {
	const char *name;
	size_t offset;
} variables[] = {
	{ "SECCOMP_SYSCALL_ALLOW", offsetof(struct environment, allow) },
	{ "SECCOMP_SYSCALL_DENY", offsetof(struct environment, deny) },
	{ "SECCOMP_DEFAULT_ACTION", offsetof(struct environment, action) },
	{ "SECCOMP_QUIET", offsetof(struct environment, quiet) },
	{ "SECCOMP_LOG_DENIALS", offsetof(struct environment, log_denials) },
	{ "SECCOMP_UNKNOWN", offsetof(struct environment, unknown) },
};

#define VARIABLE_COUNT (sizeof(variables) / sizeof(*variables))

/* Returns the value if the string is "name=value", else NULL. */
static char *value_of(char *string, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(string, name, length) != 0 || string[length] != '=')
		return NULL;
	return string + length + 1;
}

static const char **slot(struct environment *environment, size_t variable)
{
	return (const char **)((char *)environment +
			       variables[variable].offset);
}

int environment_read(char *const *block, struct environment *environment,
		     struct failure *failure)
{
	memset(environment, 0, sizeof(*environment));
	if (!block)
		return 0;
	for (; *block; block++) {
		for (size_t i = 0; i < VARIABLE_COUNT; i++) {
			const char *value = value_of(*block, variables[i].name);
			const char **known = slot(environment, i);

			if (!value)
				continue;
			if (*known && strcmp(*known, value) != 0) {
				return set_failure(
					failure, STATUS_OWN_FAILURE,
					"%s: %s: set twice, and differently",
					variables[i].name,
					message_value(value, strlen(value)));
			}
			*known = value;
		}
	}
	return 0;
}

static bool is_ours(char *string)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		if (value_of(string, variables[i].name))
			return true;
	}
	return false;
}

void environment_clean(char **block)
{
	char **kept = block;

	if (!block)
		return;
	for (; *block; block++) {
		if (!is_ours(*block))
			*kept++ = *block;
	}
	*kept = NULL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool same_file(const char *path, const char *other)
{
	struct stat a, b;

	return query_file_status(AT_FDCWD, path, &a, 0) == 0 &&
	       query_file_status(AT_FDCWD, other, &b, 0) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/*
 * An entry without a slash, or with $ORIGIN, $LIB or $PLATFORM, is compared by
 * its file name only, because only the loader knows which path it stands for.
 */
static bool is_library(const char *entry, size_t length, const char *path)
{
	char copy[PATH_LIMIT];

	if (length == 0 || length >= sizeof(copy))
		return false;
	memcpy(copy, entry, length);
	copy[length] = '\0';
	if (!strchr(copy, '/') || strchr(copy, '$'))
		return strcmp(base_name(copy), base_name(path)) == 0;
	return strcmp(copy, path) == 0 || same_file(copy, path);
}

/*
 * Cuts the library out of the value, whose entries are separated by colons or
 * spaces (ld.so(8)). Returns whether it was there and nothing else is left.
 */
static bool cut_library(char *value, const char *path)
{
	char *entry = value;
	bool found = false, others = false;

	while (*entry) {
		size_t length = strcspn(entry, ": ");
		char *next = entry + length + (entry[length] != '\0');

		if (is_library(entry, length, path)) {
			/* The last entry has a separator only before it. */
			if (entry[length] == '\0' && entry > value)
				entry--;
			memmove(entry, next, strlen(next) + 1);
			found = true;
			continue;
		}
		others |= length > 0;
		entry = next;
	}
	return found && !others;
}

void environment_clean_preload(char **block, const char *path)
{
	char **kept = block;

	if (!block)
		return;
	for (; *block; block++) {
		char *value = value_of(*block, "LD_PRELOAD");

		if (!value || !cut_library(value, path))
			*kept++ = *block;
	}
	*kept = NULL;
}
