// SPDX-License-Identifier: Apache-2.0
/* Reads information about a process from /proc. */
#include "process/proc.h"

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

/* Tests use a name that does not exist, to simulate an old kernel. */
#ifndef FILTER_COUNT
#define FILTER_COUNT "Seccomp_filters"
#endif

/* Longer lines are cut, because nothing here needs their ends. */
#define LINE_SIZE 128

int open_proc_file(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	else
		snprintf(path, sizeof(path), "/proc/thread-self/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int read_number_file(const char *path, long *number)
{
	char text[32], *end;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return n < 0 ? -errno : -ESRCH;
	text[n] = 0;
	*number = strtol(text, &end, 10);
	return end == text ? -EINVAL : 0;
}

/*
 * Calls @visit for each line until it returns a value other than 0. Reads in
 * pieces, because the groups in "status" alone can fill half a megabyte.
 */
static int for_each_line(int fd, int (*visit)(const char *line, void *context),
			 void *context)
{
	char buffer[4096], line[LINE_SIZE];
	size_t length = 0;
	off_t offset = 0;
	ssize_t n;
	int result;

	while ((n = pread(fd, buffer, sizeof(buffer), offset)) > 0) {
		offset += n;
		for (ssize_t i = 0; i < n; i++) {
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

/* The decimal number after "NAME:"; -1 if there is no such line. */
struct status_number {
	const char *name;
	long number;
};

struct wanted_numbers {
	struct status_number *numbers;
	size_t count;
};

static int match_numbers(const char *line, void *context)
{
	const struct wanted_numbers *wanted = context;
	struct status_number *number = wanted->numbers;
	size_t length;
	char *end;

	for (size_t i = 0; i < wanted->count; i++, number++) {
		length = strlen(number->name);
		if (strncmp(line, number->name, length) != 0 ||
		    line[length] != ':')
			continue;
		number->number = strtol(line + length + 1, &end, 10);
		if (end == line + length + 1)
			return -EINVAL;
		return i == wanted->count - 1;
	}
	return 0;
}

/* All in one pass: the kernel composes the text each time. In line order. */
static int read_status_numbers(int status, struct status_number *numbers,
			       size_t count)
{
	struct wanted_numbers wanted = { .numbers = numbers, .count = count };
	int result;

	for (size_t i = 0; i < count; i++)
		numbers[i].number = -1;
	result = for_each_line(status, match_numbers, &wanted);
	return result < 0 ? result : 0;
}

int read_status_number(int status, const char *name, long *number)
{
	struct status_number wanted = { .name = name };
	int err = read_status_numbers(status, &wanted, 1);

	if (err)
		return err;
	*number = wanted.number;
	return wanted.number < 0 ? -ENODATA : 0;
}

int read_status_of(pid_t pid, const char *name, long *number)
{
	int status = open_proc_file(pid, "status"), err;

	if (status < 0)
		return status;
	err = read_status_number(status, name, number);
	close(status);
	return err;
}

int read_filtering(int status, struct filtering *now)
{
	struct status_number numbers[] = { { .name = "TracerPid" },
					   { .name = "NoNewPrivs" },
					   { .name = "Seccomp" },
					   { .name = FILTER_COUNT } };
	int err = read_status_numbers(status, numbers, 4);

	if (err)
		return err;
	if (numbers[0].number < 0 || numbers[1].number < 0 ||
	    numbers[2].number < 0)
		return -ENODATA;
	now->tracer = numbers[0].number;
	now->privs = numbers[1].number;
	now->mode = numbers[2].number;
	now->filters = numbers[3].number;
	return 0;
}

struct range {
	uint64_t start;
	uint64_t end;
};

/* A line is START-END PERMISSIONS ..., see proc_pid_maps(5). */
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
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, vector, sizeof(vector));
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return (int)n;
	for (size_t at = 0; at + 2 * size <= (size_t)n; at += 2 * size) {
		if (word_at(vector + at, size) == type) {
			*value = word_at(vector + at + size, size);
			return 0;
		}
		if (word_at(vector + at, size) == AT_NULL)
			break;
	}
	return -ENODATA;
}

/* Uses getdents64(2), because opendir(3) would allocate. */
int for_each_number(int folder, int (*visit)(int number, void *context),
		    void *context)
{
	char buffer[4096] __attribute__((aligned(8)));
	int result;
	long n;

	while ((n = syscall(SYS_getdents64, folder, buffer, sizeof(buffer))) >
	       0) {
		for (long at = 0; at < n;) {
			struct dirent *entry = (void *)(buffer + at);

			if (entry->d_name[0] != '.') {
				result = visit(atoi(entry->d_name), context);
				if (result)
					return result;
			}
			at += entry->d_reclen;
		}
	}
	return n < 0 ? -errno : 0;
}

int for_each_thread(int proc, int (*visit)(pid_t pid, void *context),
		    void *context)
{
	int fd = openat(proc, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return -errno;
	result = for_each_number(fd, visit, context);
	close(fd);
	return result;
}
