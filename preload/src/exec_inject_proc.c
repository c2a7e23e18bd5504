// SPDX-License-Identifier: Apache-2.0
#include "exec_inject_proc.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Lines longer than this are cut: no one here wants the end of one. */
#define LINE_SIZE 128

/*
 * Gives each line to @visit until that returns something but 0. Line by line,
 * because the groups in "status" alone can fill half a megabyte.
 */
static int for_each_line(int fd, int (*visit)(const char *line, void *context),
			 void *context)
{
	char buffer[4096], line[LINE_SIZE];
	size_t length = 0;
	off_t offset = 0;
	ssize_t n, i;
	int result;

	while ((n = pread(fd, buffer, sizeof(buffer), offset)) > 0) {
		offset += n;
		for (i = 0; i < n; i++) {
			if (buffer[i] != '\n') {
				if (length < sizeof(line) - 1)
					line[length++] = buffer[i];
				continue;
			}
			line[length] = 0;
			length = 0;
			result = visit(line, context);
			if (result)
				return result;
		}
	}
	return n < 0 ? -errno : 0;
}

struct wanted_number {
	const char *name;
	long *number;
};

static int match_number(const char *line, void *context)
{
	const struct wanted_number *wanted = context;
	size_t length = strlen(wanted->name);
	char *end;

	if (strncmp(line, wanted->name, length) != 0 || line[length] != ':')
		return 0;
	*wanted->number = strtol(line + length + 1, &end, 10);
	return end == line + length + 1 ? -EINVAL : 1;
}

int read_status_number(int status, const char *name, long *number)
{
	struct wanted_number wanted = { .name = name, .number = number };
	int result = for_each_line(status, match_number, &wanted);

	if (result < 0)
		return result;
	return result ? 0 : -ENODATA;
}

struct range {
	uint64_t start;
	uint64_t end;
};

/* START-END PERMISSIONS ..., see proc_pid_maps(5) */
static int match_range(const char *line, void *context)
{
	const struct range *wanted = context;
	uint64_t start, end;
	char rights[5];

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &start, &end, rights) !=
	    3)
		return -EINVAL;
	return start <= wanted->start && wanted->end <= end &&
	       rights[0] == 'r' && rights[1] == 'w' && rights[3] == 'p';
}

bool memory_covers(int proc, uint64_t start, uint64_t end)
{
	struct range wanted = { .start = start, .end = end };
	int fd = openat(proc, "maps", O_RDONLY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return false;
	result = for_each_line(fd, match_range, &wanted);
	close(fd);
	return result == 1;
}

static uint64_t word_at(const unsigned char *data, size_t size)
{
	uint32_t half;
	uint64_t word;

	if (size == sizeof(half)) {
		memcpy(&half, data, sizeof(half));
		return half;
	}
	memcpy(&word, data, sizeof(word));
	return word;
}

int read_auxiliary(int proc, uint64_t type, size_t size, uint64_t *value)
{
	unsigned char vector[1024];
	int fd = openat(proc, "auxv", O_RDONLY | O_CLOEXEC);
	size_t at;
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, vector, sizeof(vector));
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return (int)n;
	for (at = 0; at + 2 * size <= (size_t)n; at += 2 * size) {
		if (word_at(vector + at, size) == type) {
			*value = word_at(vector + at + size, size);
			return 0;
		}
		if (word_at(vector + at, size) == AT_NULL)
			break;
	}
	return -ENODATA;
}

/* getdents64(2) by hand: opendir(3) would allocate. */
int for_each_thread(int proc, int (*visit)(pid_t pid, void *context),
		    void *context)
{
	char buffer[4096] __attribute__((aligned(8)));
	int fd = openat(proc, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = 0;
	long n, at;

	if (fd < 0)
		return -errno;
	while ((n = syscall(SYS_getdents64, fd, buffer, sizeof(buffer))) > 0) {
		for (at = 0; at < n && !result;) {
			struct dirent *entry = (void *)(buffer + at);

			if (entry->d_name[0] != '.')
				result = visit(atoi(entry->d_name), context);
			at += entry->d_reclen;
		}
		if (result)
			break;
	}
	if (n < 0)
		result = -errno;
	close(fd);
	return result;
}
