// SPDX-License-Identifier: Apache-2.0
/* Closes a range of descriptors. */
#include "process/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/proc.h"

#ifndef SYS_close_range /* glibc 2.32 */
#define SYS_close_range 436
#endif

struct range {
	int first, last, list;
};

static int close_if_inside(int fd, void *context)
{
	const struct range *range = context;

	if (fd >= range->first && fd <= range->last && fd != range->list)
		close(fd);
	return 0;
}

int close_descriptors(unsigned int first, unsigned int last)
{
	struct range range;
	int err;

	if (syscall(SYS_close_range, first, last, 0) == 0)
		return 0;
	range.first = (int)first;
	range.last = last > INT_MAX ? INT_MAX : (int)last;
	range.list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (range.list < 0)
		return -1;
	err = for_each_number(range.list, close_if_inside, &range);
	close(range.list);
	errno = -err;
	return err ? -1 : 0;
}

int close_all_but(const int *keep, size_t count)
{
	unsigned int first = 0, next;

	for (;;) {
		next = UINT_MAX;
		for (size_t i = 0; i < count; i++)
			if (keep[i] >= 0 && (unsigned int)keep[i] >= first &&
			    (unsigned int)keep[i] < next)
				next = (unsigned int)keep[i];
		if (next > first && close_descriptors(first, next - 1))
			return -1;
		if (next == UINT_MAX)
			return 0;
		first = next + 1;
	}
}
