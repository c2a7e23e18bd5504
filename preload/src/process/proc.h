/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_PROC_H
#define PROCESS_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What /proc tells about a process. @proc is a descriptor of its directory,
 * which stays right when the numbers in /proc are those of another PID
 * namespace, and @status one of its "status", which remains readable once it
 * is open, whatever the process becomes (proc(5), hidepid).
 *
 * Functions that return int give 0 or -errno.
 */

/*
 * How a thread is filtered and traced.
 * @filters: -1 where the kernel does not count them (before Linux 5.9)
 */
struct filtering {
	long tracer;
	long privs;
	long mode;
	long filters;
};

int read_filtering(int status, struct filtering *now);

/* Reads a decimal number after "NAME:"; -ENODATA without such a line. */
int read_status_number(int status, const char *name, long *number);

/* Whether private, writable memory covers [@start, @end) in one mapping. */
bool memory_covers(int proc, uint64_t start, uint64_t end);

/* An entry of the auxiliary vector; @size is the target's pointer size. */
int read_auxiliary(int proc, uint64_t type, size_t size, uint64_t *value);

/*
 * Calls @visit for each entry of an open directory of numbers until that
 * returns something but 0.
 */
int for_each_number(int folder, int (*visit)(int number, void *context),
		    void *context);

/* Calls @visit for each thread until that returns something but 0. */
int for_each_thread(int proc, int (*visit)(pid_t pid, void *context),
		    void *context);

#endif
