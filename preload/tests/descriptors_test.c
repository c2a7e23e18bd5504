/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors are closed with close_range(2), and under a filter without it. */
#include "process/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "answered.h"
#include "check.h"

#ifndef SYS_close_range /* glibc 2.32 */
#define SYS_close_range 436
#endif
#define FIRST 100
#define LAST  900 /* more than one getdents64(2) returns */

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void test_close(const char *how)
{
	int fd, null = open("/dev/null", O_RDONLY);

	for (fd = FIRST; fd <= LAST; fd++)
		check(dup2(null, fd) == fd, "%s: dup2: %d", how, fd);
	check(close_descriptors(FIRST + 1, LAST - 1) == 0, "%s: errno %d", how,
	      errno);
	check(is_open(FIRST) && is_open(LAST), "%s: neighbours", how);
	for (fd = FIRST + 1; fd < LAST; fd++)
		check(!is_open(fd), "%s: %d is open", how, fd);
	check(close_descriptors((unsigned int)null, ~0U) == 0,
	      "%s: all: errno %d", how, errno);
	for (fd = null; fd <= LAST; fd++)
		check(!is_open(fd), "%s: all: %d is open", how, fd);
	check(is_open(1) && is_open(2), "%s: output is closed", how);
}

int main(void)
{
	test_close("as it is");
	if (check(answer_call(SYS_close_range, SECCOMP_RET_ERRNO | ENOSYS),
		  "no filter: errno %d", errno))
		test_close("without close_range");
	return check_summary();
}
