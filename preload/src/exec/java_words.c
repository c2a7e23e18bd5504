// SPDX-License-Identifier: Apache-2.0
/*
 * How Java is started. Java could read the options itself (@FILE), but it cannot
 * take a path relative to that file. We read them here, so that the folder of all
 * our files can be moved.
 */
#include "exec/java_words.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process/report.h"

/* How many options a file may have. */
#define MOST_OPTIONS 64

/* If the file that this names is missing, Java does not use its own archive either. */
#define ARCHIVE_OPTION "-XX:SharedArchiveFile="

static bool is_missing_archive(const char *word)
{
	size_t length = sizeof(ARCHIVE_OPTION) - 1;

	return strncmp(word, ARCHIVE_OPTION, length) == 0 &&
	       access(word + length, R_OK) != 0;
}

/*
 * archive-classes has left a file beside the archive, which is the first of @options, if
 * the installed Java is early. Another Java says nothing of the kind.
 */
static bool is_needless(const char *word, char **options)
{
	size_t length = sizeof(ARCHIVE_OPTION) - 1;
	char early[PATH_MAX + 8];

	if (strncmp(word, NATIVE_OPTION, sizeof(NATIVE_OPTION) - 1) != 0 ||
	    strncmp(options[0], ARCHIVE_OPTION, length) != 0 ||
	    getenv("JAVA_HOME"))
		return false;
	snprintf(early, sizeof(early), "%s.early", options[0] + length);
	return access(early, F_OK) == 0;
}

/* @line with @home for "{}"; NULL without memory */
static char *with_home(const char *line, const char *home)
{
	const char *place = strstr(line, "{}");
	char *word;

	if (!place)
		return strdup(line);
	if (asprintf(&word, "%.*s%s%s", (int)(place - line), line, home,
		     place + 2) < 0)
		return NULL;
	return word;
}

/* The options in @file, one in each line. Returns how many, or -errno. */
static int read_options(FILE *file, const char *home, char **words)
{
	char line[PATH_MAX];
	int n = 0;

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		if (n == MOST_OPTIONS)
			return -E2BIG;
		words[n] = with_home(line, home);
		if (!words[n])
			return -ENOMEM;
		if (!is_missing_archive(words[n]) &&
		    !is_needless(words[n], words))
			n++;
	}
	return ferror(file) ? -EIO : n;
}

/* Returns how many options @path has, or -errno. */
static int read_options_of(const char *path, const char *home, char **words)
{
	FILE *file = fopen(path, "re");
	int n = file ? read_options(file, home, words) : -errno;

	if (file)
		fclose(file);
	return n;
}

/* Our folder, without colons (for Java's class path); NULL after a message. */
static char *find_home(const char *command)
{
	static char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *home;

	if (length < 0) {
		print_own_failure(command, "/proc/self/exe", strerror(errno));
		return NULL;
	}
	self[length] = 0;
	home = dirname(self);
	if (!strchr(home, ':'))
		return home;
	print_own_failure(command, home, "the path must have no colon");
	return NULL;
}

char **java_words(const char *command, const char *options_name,
		  const char *java_class, char **arguments)
{
	static char java[PATH_MAX], options[PATH_MAX + 64];
	const char *java_home = getenv("JAVA_HOME");
	const char *home = find_home(command);
	size_t count = 0;
	char **words;
	int n;

	if (!home)
		return NULL;
	while (arguments[count])
		count++;
	words = calloc(count + MOST_OPTIONS + 3, sizeof(*words));
	snprintf(options, sizeof(options), "%s/%s.options", home, options_name);
	n = words ? read_options_of(options, home, words + 1) : -ENOMEM;
	if (n < 0) {
		print_own_failure(command, options, strerror(-n));
		return NULL;
	}
	snprintf(java, sizeof(java), "%s%sjava", java_home ? java_home : "",
		 java_home ? "/bin/" : "");
	words[0] = java;
	words[n + 1] = (char *)java_class;
	memcpy(words + n + 2, arguments, count * sizeof(*words));
	return words;
}
