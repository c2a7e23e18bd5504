// SPDX-License-Identifier: Apache-2.0
/* All that decides about a filter, as bytes that can be compared. */
#include "exec/kept_key.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "exec/environment.h"
#include "exec/java_words.h"
#include "process/image.h"
#include "process/search.h"

/* Larger policies are compiled each time. */
#define MOST_POLICY (256 << 10)

extern char **environ;

/* With its length, so that no two different keys have the same bytes. */
static void add_part(FILE *key, const char *bytes, size_t size)
{
	fprintf(key, "%zu:", size);
	fwrite(bytes, 1, size, key);
}

static void add_word(FILE *key, const char *word)
{
	add_part(key, word, strlen(word));
}

void stamp_file(int folder, const char *name, char *text)
{
	struct stat st;

	if (fstatat(folder, name, &st, 0))
		memset(&st, 0, sizeof(st));
	snprintf(text, STAMP_SIZE, "%lx %lx %lx %lx.%lx %lx.%lx",
		 (unsigned long)st.st_dev, (unsigned long)st.st_ino,
		 (unsigned long)st.st_size, (unsigned long)st.st_mtim.tv_sec,
		 (unsigned long)st.st_mtim.tv_nsec,
		 (unsigned long)st.st_ctim.tv_sec,
		 (unsigned long)st.st_ctim.tv_nsec);
}

static void add_file(FILE *key, int folder, const char *name)
{
	char stamp[STAMP_SIZE];

	stamp_file(folder, name, stamp);
	add_word(key, name);
	add_word(key, stamp);
}

/* Returns false if it cannot be read. */
static bool add_folder(FILE *key, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	add_word(key, path);
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			add_file(key, dirfd(folder), entry->d_name);
	return folder && closedir(folder) == 0;
}

/* Our own files: this one and those beside it, the jars, and Java's options. */
static bool add_versions(FILE *key, char **java)
{
	char self[PATH_MAX], jars[PATH_MAX] = "";
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	/* Which Java it is does not matter. */
	for (java++; java[0] && strcmp(java[0], "-cp") != 0; java++) {
		/* It is there or not by JAVA_HOME, and decides about no filter. */
		if (strncmp(java[0], NATIVE_OPTION, strlen(NATIVE_OPTION)) != 0)
			add_word(key, java[0]);
	}
	if (length < 0 || !java[0] || !java[1])
		return false;
	self[length] = 0;
	snprintf(jars, sizeof(jars), "%s", java[1]);
	/* Where libseccomp is found depends on this file. */
	add_file(key, AT_FDCWD, "/etc/ld.so.cache");
	dirname(self);
	dirname(jars);
	return add_folder(key, self) &&
	       (strcmp(self, jars) == 0 || add_folder(key, jars));
}

/* Rules of a policy may depend on the kernel and on capabilities. */
static bool add_machine(FILE *key, const struct program *program)
{
	struct utsname name;
	char held[65] = "";
	int has = 0;

	if (uname(&name))
		return false;
	add_word(key, name.release);
	add_word(key, name.version);
	add_word(key, name.machine);
	for (int i = 0; i < 64 && has >= 0; i++) {
		has = prctl(PR_CAPBSET_READ, (unsigned long)i);
		held[i] = has > 0 ? '1' : '0';
	}
	add_word(key, held);
	add_word(key, program_machine(program));
	return true;
}

/* How many words the option at @words takes; 0 if we do not know it. */
static size_t option_size(char **words, const char **policy)
{
	static const char *const flags[] = { "-q", "--quiet",
					     "--load-then-exec" };
	static const char *const valued[] = { "--policy", "--from-format",
					      "--allow",  "--deny",
					      "--action", "--from" };
	size_t i, length = strcspn(*words, "=");
	bool joined = (*words)[length];
	const char *value = joined ? *words + length + 1 : words[1];

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(*words, flags[i]) == 0)
			return 1;
	for (i = 0; value && i < sizeof(valued) / sizeof(valued[0]); i++) {
		if (strlen(valued[i]) != length ||
		    strncmp(*words, valued[i], length) != 0)
			continue;
		if (i == 0)
			*policy = value;
		return joined ? 1 : 2;
	}
	return 0;
}

/*
 * The program among the words. NULL if there is none, or an option that we do not
 * know or that wants more than to run it. How Java reads the options is known from
 * the run whose filter was kept: it has found the program at the same place.
 */
static char **find_words(char **words, const char **policy)
{
	size_t size;

	for (; *words && **words == '-'; words += size) {
		if (strcmp(*words, "--") == 0)
			return words[1] ? words + 1 : NULL;
		size = option_size(words, policy);
		if (size == 0)
			return NULL;
	}
	return *words ? words : NULL;
}

/*
 * Whoever can write to the cache could choose a filter, and a program under one
 * may have its user's rights. So there must be no filter that this user could not
 * choose anyway: root can, and others can if the policy's file is theirs.
 */
static bool is_theirs(const struct stat *st, int fd)
{
	struct statvfs mount;

	return (geteuid() == 0 || st->st_uid == geteuid()) &&
	       fstatvfs(fd, &mount) == 0 && !(mount.f_flag & ST_RDONLY);
}

/* Returns the number of bytes that were added, or -1. */
static ssize_t add_policy(FILE *key, const char *path)
{
	struct stat st;
	char *bytes = NULL;
	ssize_t size = -1;
	int fd;

	/* What a descriptor gives depends on where it stands. */
	if (strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0)
		return -1;
	fd = open_regular(path);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_size <= MOST_POLICY &&
	    is_theirs(&st, fd))
		bytes = malloc((size_t)st.st_size + 1);
	if (bytes)
		size = read(fd, bytes, (size_t)st.st_size);
	if (size >= 0)
		add_part(key, bytes, (size_t)size);
	free(bytes);
	close(fd);
	return size;
}

/* Returns the size of the policy's file, 0 without one, or -1 if nothing is kept. */
static ssize_t write_key(FILE *key, const struct kept *kept, char **java,
			 char **words, const char *policy)
{
	char **entry;

	if (!add_versions(key, java) || !add_machine(key, &kept->program))
		return -1;
	for (entry = environ; *entry; entry++)
		if (holds_policy(*entry))
			add_word(key, *entry);
	fprintf(key, "%zd words:", kept->argv - words);
	for (; words < kept->argv; words++)
		add_word(key, *words);
	if (policy)
		return add_policy(key, policy);
	return geteuid() == 0 ? 0 : -1;
}

void find_key(struct kept *kept, char **java, char **words)
{
	const char *policy = NULL;
	struct failure unused;
	ssize_t size;
	FILE *key;

	kept->argv = find_words(words, &policy);
	if (!kept->argv || find_program(kept->argv[0], &kept->program, &unused))
		return;
	kept->begun = time(NULL);
	key = open_memstream(&kept->key, &kept->size);
	if (!key)
		return;
	size = write_key(key, kept, java, words, policy);
	if (ferror(key) || fclose(key) || size < 0) {
		kept->key = NULL;
		return;
	}
	kept->policy_size = (size_t)size;
	kept->policy = kept->key + kept->size - size;
}

void compare_policy(struct kept *kept, const char *bytes, size_t size)
{
	if (!kept->key)
		return;
	if (size <= kept->policy_size - kept->seen &&
	    memcmp(kept->policy + kept->seen, bytes, size) == 0)
		kept->seen += size;
	else
		kept->key = NULL;
}
