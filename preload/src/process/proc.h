/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Information about a process from /proc. @proc is a descriptor of its
 * directory there, which is correct even if the numbers in /proc are those of
 * another PID namespace. @status is a descriptor of its "status", which, once
 * open, stays readable whatever the process becomes (proc(5), hidepid).
 *
 * Functions of type int return 0 or -errno.
 */

/* Opens a file of a process (0: the calling thread). Returns a descriptor. */
int open_proc_file(pid_t pid, const char *name);

/* Reads a file that holds one decimal number. */
int read_number_file(const char *path, long *number);

/*
 * A thread's filters and tracer.
 * @filters: -1 if the kernel does not count them (before Linux 5.9)
 */
struct filtering {
	long tracer;
	long privs;
	long mode;
	long filters;
};

int read_filtering(int status, struct filtering *now);

/* Reads the decimal number after "NAME:"; -ENODATA if there is no such line. */
int read_status_number(int status, const char *name, long *number);

/* Reads it from the status of a process, or of the calling thread if @pid is 0. */
int read_status_of(pid_t pid, const char *name, long *number);

/* Whether private, writable memory covers [@start, @end) in one mapping. */
bool memory_covers(int proc, uint64_t start, uint64_t end);

/* Reads an entry of the auxiliary vector of a target with pointers of @size. */
int read_auxiliary(int proc, uint64_t type, size_t size, uint64_t *value);

/* Calls @visit for each number in an open directory while it returns 0. */
int for_each_number(int folder, int (*visit)(int number, void *context),
		    void *context);

/* Calls @visit for each thread until it returns a value other than 0. */
int for_each_thread(int proc, int (*visit)(pid_t pid, void *context),
		    void *context);
